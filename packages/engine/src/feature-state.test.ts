import { describe, expect, it } from "vitest";
import { activatedAt, type FeatureRule } from "./feature-rule.ts";
import { featureState } from "./feature-state.ts";
import { addTime, newTimes, type Times } from "./history.ts";

const rule = (more: Partial<FeatureRule> = {}): FeatureRule => ({
  count: 2,
  within: 10,
  lapsedAfter: -1,
  ...more,
});
const uses = (moments: readonly number[], more: Partial<Times> = {}, keep = 50): Times => {
  const times = newTimes(-1);
  for (const at of moments) addTime(times, at, keep);
  return { ...times, ...more };
};

describe("a feature is activated", () => {
  it("at the last of so many uses in one window, whose length is exclusive", () => {
    expect(activatedAt([1, 10], rule())).toBe(10);
    expect(activatedAt([1, 11], rule())).toBeUndefined();
    expect(activatedAt([1, 20, 40, 45, 46], rule())).toBe(45);
    expect(activatedAt([1, 2], rule({ count: 3 }))).toBeUndefined();
    expect(activatedAt([7], rule({ count: 1 }))).toBe(7);
  });

  it("by the uses of all devices together", () => {
    expect(featureState([uses([1]), uses([5])], rule(), 50)).toEqual({
      state: "activated",
      exact: true,
      uses: 2,
      last: 5,
    });
  });

  it("for good, where one device remembers that it was, though the moments are gone", () => {
    const state = (of: readonly Times[]) => featureState(of, rule(), 500).state;
    expect(state([uses([1, 100, 200])])).toBe("tried");
    expect(state([uses([1, 100, 200], { done: 1 })])).toBe("activated");
    expect(state([uses([1]), uses([100], { done: 1 })])).toBe("activated");
  });
});

it("a feature lapses at exactly its time after the last use, and then only if it was activated", () => {
  const state = (now: number, moments = [1, 2]) =>
    featureState([uses(moments)], rule({ lapsedAfter: 30 }), now).state;
  expect(state(31)).toBe("activated");
  expect(state(32)).toBe("lapsed");
  expect(state(32, [2])).toBe("tried");
});

it("a feature that was never used is untried", () => {
  expect(featureState([], rule(), 9)).toEqual({ state: "untried", exact: true, uses: 0, last: -1 });
});

it("all uses are known, though not all of their moments are kept", () => {
  const many = Array.from({ length: 60 }, (_, i) => i * 100);
  expect(featureState([uses(many)], rule(), 9_999)).toEqual({
    state: "tried",
    exact: true,
    uses: 60,
    last: 5_900,
  });
});

it("what was used before counting began may have led further, unless it is known to be activated", () => {
  expect(featureState([uses([5], { from: 3 })], rule(), 9)).toMatchObject({ state: "tried", exact: false });
  expect(featureState([uses([5, 6], { from: 3 })], rule(), 9)).toMatchObject({
    state: "activated",
    exact: true,
  });
});
