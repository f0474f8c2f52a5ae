import { describe, expect, it } from "vitest";
import { addTime, countTimes, newTimes, type Times, timesOf } from "./history.ts";
import { lastOf, mergeTimes } from "./merge-times.ts";

/** Times as they stand after these moments, of which so many are kept. */
function remembered(moments: readonly number[], keep = 50, from = -1): Times {
  const times = newTimes(from);
  for (const at of moments) addTime(times, at, keep);
  return times;
}

describe("what is remembered of one thing that happens", () => {
  it("begins empty, and knows since when it counts, and by which rule a feature's uses are judged", () => {
    const empty = { n: 0, first: 0, last: 0, from: 7, since: 7, at: [] };
    expect(newTimes(7)).toStrictEqual(empty);
    expect(newTimes(7, "3/14d")).toStrictEqual({ ...empty, rule: "3/14d" });
  });

  it("is all of it while it fits", () => {
    expect(remembered([10, 20, 30], 3)).toEqual({
      n: 3,
      first: 10,
      last: 30,
      from: -1,
      since: -1,
      at: [10, 20, 30],
    });
  });

  it("is the number, first, last and the latest moments once there are more, with the moment up to which they are gone", () => {
    expect(remembered([10, 20, 30, 40, 50], 3)).toEqual({
      n: 5,
      first: 10,
      last: 50,
      from: -1,
      since: 20,
      at: [30, 40, 50],
    });
  });
});

describe("counting", () => {
  const all = remembered([10, 20, 30, 40, 50], 3);

  it("knows how often it ever happened, also what it no longer remembers one by one", () => {
    expect(countTimes([all], -1)).toEqual({ n: 5, exact: true });
    expect(countTimes([all, remembered([15])], -1)).toEqual({ n: 6, exact: true });
    expect(countTimes([], -1)).toEqual({ n: 0, exact: true });
  });

  it("does not know how often it ever happened where counting began late, on any device", () => {
    expect(countTimes([remembered([10], 50, 5)], -1)).toEqual({ n: 1, exact: false });
    expect(countTimes([remembered([10], 50, 0)], -1)).toEqual({ n: 1, exact: false });
    expect(countTimes([remembered([10], 50, 5), all], -1)).toEqual({ n: 6, exact: false });
  });

  it("counts what came later than a moment", () => {
    expect(countTimes([all], 29)).toEqual({ n: 3, exact: true });
    expect(countTimes([all], 30)).toEqual({ n: 2, exact: true });
    expect(countTimes([all], 50)).toEqual({ n: 0, exact: true });
    expect(countTimes([all, remembered([35, 45])], 30)).toEqual({ n: 4, exact: true });
  });

  it("is exact back to the latest moment that is gone, and not a moment further", () => {
    expect(countTimes([all], 20)).toEqual({ n: 3, exact: true });
    expect(countTimes([all], 19)).toEqual({ n: 3, exact: false });
    expect(countTimes([all], 0)).toEqual({ n: 3, exact: false });
    expect(countTimes([all, remembered([35])], 19)).toEqual({ n: 4, exact: false });
  });
});

describe("several devices together", () => {
  it("have one latest moment, or none", () => {
    expect(lastOf([remembered([10, 50]), remembered([40])])).toBe(50);
    expect(lastOf([newTimes(5), newTimes(-1)])).toBe(-1);
  });

  it("make one list in order", () => {
    expect(mergeTimes([remembered([10, 20])])).toEqual([10, 20]);
    expect(mergeTimes([remembered([20, 100]), remembered([3, 40])])).toEqual([3, 20, 40, 100]);
    expect(mergeTimes([])).toEqual([]);
  });

  it("are asked only where they know of it, whatever it is called", () => {
    const times = remembered([1]);
    expect(timesOf([{ "e:x": times }, {}], "e:x")).toEqual([times]);
    expect(timesOf([{}], "constructor")).toEqual([]);
  });
});
