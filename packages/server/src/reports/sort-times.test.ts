import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sortTimes } from "./sort-times.ts";

describe("sortTimes", () => {
  const time = fc.oneof(
    fc.integer({ min: 0, max: 90 * 86_400_000 }),
    fc.integer({ min: 0, max: 5 }),
    fc.double({ noNaN: true }),
  );
  const times = fc.oneof(
    fc.array(time, { maxLength: 300 }),
    // Most in one small part of the range.
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 200, maxLength: 400 }).map((few) => [...few, 1e9]),
    fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 33, maxLength: 400 }),
  );

  it("puts any times in order, and leaves what lies around them", () => {
    let runs = 0;
    fc.assert(
      fc.property(times, fc.nat({ max: 3 }), (list, before) => {
        runs += 1;
        const around = Array.from({ length: before }, () => Number.POSITIVE_INFINITY);
        const found = Float64Array.from([...around, ...list, -1]);
        sortTimes(found, before, before + list.length);
        const sorted = Float64Array.from(list).sort();
        // The two zeros are one time.
        expect(Array.from(found, (one) => one + 0)).toEqual([
          ...around,
          ...Array.from(sorted, (one) => one + 0),
          -1,
        ]);
      }),
      { numRuns: 500, seed: 20_261_122 },
    );
    expect(runs).toBe(500);
  });
});
