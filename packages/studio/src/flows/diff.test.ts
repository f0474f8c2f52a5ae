import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesBetween, inOneLine } from "./diff.ts";

const FLOW = {
  id: "a",
  version: 3,
  priority: 50,
  steps: [
    { id: "one", title: { en: "One", ru: "Раз" } },
    { id: "two", title: "Two" },
  ],
};

describe("changesBetween", () => {
  it("finds the smallest place that differs, by the ids of steps", () => {
    const after = { ...FLOW, steps: [{ id: "one", title: { en: "First", ru: "Раз" } }, FLOW.steps[1]] };
    expect(changesBetween(FLOW, after)).toEqual([
      { path: ["steps", "one", "title", "en"], kind: "changed", before: "One", after: "First" },
    ]);
  });
  it("tells a step put in between from a change of those that follow", () => {
    const middle = { id: "middle" };
    const after = { ...FLOW, steps: [FLOW.steps[0], middle, FLOW.steps[1]] };
    expect(changesBetween(FLOW, after)).toEqual([
      { path: ["steps", "middle"], kind: "added", after: middle },
    ]);
  });
  it("says when steps change their order", () => {
    const after = { ...FLOW, steps: FLOW.steps.toReversed() };
    expect(changesBetween(FLOW, after)).toEqual([
      { path: ["steps"], kind: "changed", before: ["one", "two"], after: ["two", "one"] },
    ]);
  });
  it("names what is added and removed", () => {
    const { priority: _, ...after } = { ...FLOW, why: "because" };
    expect(changesBetween(FLOW, after)).toEqual([
      { path: ["priority"], kind: "removed", before: 50 },
      { path: ["why"], kind: "added", after: "because" },
    ]);
  });
  it("leaves out what the server writes", () => {
    expect(changesBetween(FLOW, { ...FLOW, version: 4, publishedAt: "now", $schema: "x" })).toEqual([]);
  });
  it("finds no change exactly where the JSON is the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(changesBetween({ x: a }, { x: a })).toEqual([]);
        const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(changesBetween({ x: a }, { x: b }).length === 0).toBe(same);
      }),
    );
  });
});

describe("inOneLine", () => {
  it("cuts what is long", () => {
    expect(inOneLine("x".repeat(20), 10)).toBe(`${"x".repeat(9)}…`);
    expect(inOneLine({ a: 1 })).toBe('{"a":1}');
  });
});

/** The order of an object's fields says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
