import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Decision } from "@cairn/engine";
import { compareDecisions } from "@cairn/engine/simulate";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createSortedDecisions } from "./sorted-decisions.ts";

const decisions = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 5 }),
    user: fc.constantFrom("a", "b", "я\n", "\u{1f600}"),
    flow: fc.constantFrom("x", "y"),
    outcome: fc.constant("held" as const),
    reason: fc.constant("guard" as const),
    detail: fc.nat().map(String),
    start: fc.constant("trigger" as const),
  }),
  { maxLength: 60 },
) as unknown as fc.Arbitrary<Decision[]>;

// A place of its own, because others may write to the common one.
const place = mkdtempSync(join(tmpdir(), "cairn-test-"));
const before = process.env.TMPDIR;
process.env.TMPDIR = place;
afterAll(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(place, { recursive: true });
});

describe("sorted decisions", () => {
  it("come as a stable sort in memory would give them, however little is kept there", () => {
    fc.assert(
      fc.property(decisions, fc.integer({ min: 1, max: 70 }), (all, limit) => {
        const sorted = createSortedDecisions(limit);
        try {
          for (const one of all) sorted.add(one);
          expect([...sorted.read()]).toEqual([...all].sort(compareDecisions));
        } finally {
          sorted.dispose();
        }
      }),
      { numRuns: 200 },
    );
  });

  it("leave nothing on disk", () => {
    const sorted = createSortedDecisions(1);
    sorted.add({ at: 1, user: "u", flow: "f", outcome: "shown", start: "trigger" } as unknown as Decision);
    expect(readdirSync(place)).toHaveLength(1);
    sorted.dispose();
    expect(readdirSync(place)).toEqual([]);
  });
});
