import { validateMessage } from "@cairn/flow-schema/message";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentOf } from "./moment-of.ts";

const isTaken = (timestamp: string) =>
  validateMessage({ type: "page", messageId: "m1", userId: "u1", timestamp }).ok;

describe("momentOf", () => {
  it("is what Date.parse says of every timestamp that is taken", () => {
    const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, "0"));
    const three = fc.integer({ min: 0, max: 999 }).map((n) => String(n).padStart(3, "0"));
    const near = fc
      .tuple(two, two, two, two, two, two, two, three, fc.constantFrom("Z", "+", "z", " "))
      .map(([c, y, mo, d, h, mi, s, ms, end]) => `${c}${y}-${mo}-${d}T${h}:${mi}:${s}.${ms}${end}`);
    const right = fc
      .date({ min: new Date(-6.2e13), max: new Date(2.5e14), noInvalidDate: true })
      .map((date) => date.toISOString());
    const others = fc.constantFrom(
      "2026-11-20T10:00:00Z",
      "2026-11-20T10:00:00.123+02:00",
      "2026-11-20T10:00:00.1234567Z",
      "2026-11-20T10:00:00+01:00",
      "2026-11-20T10:00+01:0000",
      "0099-02-28T23:59:59.999Z",
      "2024-02-29T00:00:00.000Z",
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(near, right, others), (text) => {
        if (!isTaken(text)) return;
        taken += 1;
        expect(momentOf(text)).toBe(Date.parse(text));
      }),
      { numRuns: 3_000, seed: 20_261_122 },
    );
    expect(taken).toBeGreaterThan(1_000);
  });
});
