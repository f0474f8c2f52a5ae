import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activatedAt } from "../../src/feature-rule.ts";
import { addTime, countTimes, newTimes } from "../../src/history.ts";
import { RUNS } from "./person.ts";

const moments = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 }).map((gaps) => {
  let at = 100;
  return gaps.map((gap) => {
    at += gap;
    return at;
  });
});

describe("bounded history agrees with the full one", () => {
  it("counts in a window, or says that it cannot", () => {
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 400 }),
        (all, keep, window) => {
          const times = newTimes(-1);
          for (const at of all) addTime(times, at, keep);
          const now = all.at(-1) ?? 100;
          const naive = all.filter((at) => at > now - window && at <= now).length;
          const { n, exact } = countTimes([times], now - window);
          if (exact) expect(n).toBe(naive);
          else expect(n).toBeLessThanOrEqual(naive);
          // A list one longer than the largest number compared decides every comparison with it.
          const limit = keep - 1;
          expect(exact || n > limit || n === times.at.length).toBe(true);
          expect(n > limit).toBe(naive > limit);
          expect(countTimes([times], -1)).toEqual({ n: all.length, exact: true });
        },
      ),
      RUNS,
    );
  });

  it("finds the first activation", () => {
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 60 }),
        (all, count, within) => {
          const naive = all.find((at) => all.filter((one) => one <= at && one > at - within).length >= count);
          const found = activatedAt(all, { count, within, lapsedAfter: -1 });
          expect(found).toBe(naive);
        },
      ),
      RUNS,
    );
  });
});
