import { describe, expect, it } from "vitest";
import { extendChain, newChain, type SequenceSpec } from "./sequence.ts";

const spec = (names: readonly string[], more: Partial<SequenceSpec> = {}): SequenceSpec => ({
  key: "s",
  names,
  without: undefined,
  within: 100,
  wait: 0,
  ...more,
});

/** Start and end of the latest completion after "name@moment …". */
function played(of: SequenceSpec, happened: string) {
  const chain = newChain(of, false);
  for (const one of happened.split(" ")) {
    const [name = "", at] = one.split("@");
    extendChain(chain, of, name, Number(at));
  }
  return chain.done;
}

it("a new chain has come nowhere", () => {
  expect(newChain(spec(["a", "b"]), true)).toEqual({
    at: [-1, -1],
    start: [-1, -1],
    before: [-1, -1],
    done: null,
    partial: true,
  });
});

describe("a chain of two", () => {
  const ab = spec(["a", "b"]);

  it("is complete when the second comes after the first, also at the very beginning of time", () => {
    expect(played(ab, "a@10 b@20")).toEqual([10, 20]);
    expect(played(ab, "a@0 b@5")).toEqual([0, 5]);
  });

  it("is not complete by its second alone", () => {
    expect(played(ab, "b@5")).toBe(null);
    expect(played(ab, "b@5 b@6")).toBe(null);
  });

  it("lasts no longer than it may", () => {
    expect(played(ab, "a@10 b@110")).toEqual([10, 110]);
    expect(played(ab, "a@10 b@111")).toBe(null);
  });

  it("passes over a first that comes at the moment of its second, and takes the one before", () => {
    expect(played(ab, "a@5 b@5")).toBe(null);
    expect(played(ab, "a@1 a@5 b@5")).toEqual([1, 5]);
    expect(played(ab, "a@1 a@3 a@5 a@5 b@5")).toEqual([3, 5]);
  });
});

describe("a chain of three", () => {
  const abc = spec(["a", "b", "c"]);

  it("takes the latest start that still leads through the middle", () => {
    expect(played(abc, "a@1 b@2 a@3 c@4")).toEqual([1, 4]);
    expect(played(abc, "a@1 b@2 a@3 b@4 c@5")).toEqual([3, 5]);
  });

  it("asks each place for a strictly earlier one before it", () => {
    expect(played(abc, "a@1 b@1 c@2")).toBe(null);
    expect(played(abc, "a@1 b@2 c@2")).toBe(null);
    expect(played(abc, "a@1 b@2 a@3 b@5 c@5")).toEqual([1, 5]);
    expect(played(abc, "a@1 b@2 a@5 b@5 c@6")).toEqual([1, 6]);
  });
});

it("an event fills one place, also where it is called for twice", () => {
  expect(played(spec(["a", "a"]), "a@1")).toBe(null);
  expect(played(spec(["a", "a"]), "a@1 a@2")).toEqual([1, 2]);
});

describe("what is not to come in between", () => {
  const ab = spec(["a", "b"], { without: "w" });

  it("discards what began before it, complete or not", () => {
    expect(played(ab, "a@1 w@2 b@3")).toBe(null);
    expect(played(ab, "a@1 b@2 w@3")).toBe(null);
    expect(played(ab, "a@1 a@3 w@3 b@4")).toEqual([3, 4]);
    expect(played(ab, "a@1 w@2 a@3 b@4")).toEqual([3, 4]);
  });

  it("does not discard what began at its moment", () => {
    expect(played(spec(["a"], { without: "w" }), "a@5 w@5")).toEqual([5, 5]);
    expect(played(spec(["a"], { without: "w" }), "a@5 w@6")).toBe(null);
  });

  it("says that nothing of importance is missing before it", () => {
    const chain = newChain(ab, true);
    extendChain(chain, ab, "a", 1);
    expect(chain.partial).toBe(true);
    extendChain(chain, ab, "w", 2);
    expect(chain.partial).toBe(false);
  });
});
