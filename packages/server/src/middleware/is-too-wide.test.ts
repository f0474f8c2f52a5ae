import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTooWide } from "./is-too-wide.ts";

/** The most entries that any list or object in the value has. */
function width(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inner = Object.values(value);
  return Math.max(inner.length, ...inner.map(width));
}

describe("a body that is too wide", () => {
  it("is one with more entries in one list or object than allowed, whatever its texts hold", () => {
    let wide = 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 1, max: 6 }), (value, limit) => {
        const text = JSON.stringify(value);
        const expected = width(value) > limit;
        wide += expected ? 1 : 0;
        expect(isTooWide(text, limit)).toBe(expected);
      }),
      { numRuns: 500 },
    );
    expect(wide).toBeGreaterThan(50);
  });

  it("is told from a long one, with brackets and commas in its texts", () => {
    const list = (count: number) => JSON.stringify(Array.from({ length: count }, () => '[,"{'));
    expect([isTooWide(list(10_000)), isTooWide(list(10_001))]).toEqual([false, true]);
  });

  it("may be no JSON at all", () => {
    for (const text of ["]]],,,,", '{"a', '"\\', ",,,,[", ""])
      expect(isTooWide(text.repeat(3), 100)).toBe(false);
  });
});
