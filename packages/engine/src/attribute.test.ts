import { readFileSync } from "node:fs";
import { evalCondition } from "@growthbook/growthbook";
import { describe, expect, it } from "vitest";
import { matchesRule } from "./attribute.ts";
import { START } from "./testing.ts";

type Row = [name: string, attributes: unknown, rule: unknown, matches: boolean];
const rows = JSON.parse(
  readFileSync(new URL("../test/tables/attributes.json", import.meta.url), "utf8"),
) as Row[];

describe("attribute rules answer as GrowthBook does", () => {
  it.each(rows)("%s", (_name, attributes, rule, matches) => {
    expect(matchesRule(attributes, rule, START)).toBe(matches);
  });

  it("cover every operator with missing, null, wrong and boundary values", () => {
    expect(rows.length).toBeGreaterThanOrEqual(100);
  });

  it("do not fail on values that refuse to become text", () => {
    expect(matchesRule({ a: { toString: 1, valueOf: 1 } }, { a: "x" }, START)).toBe(false);
  });
});

/** What is easily taken for something else: attributes, rule, whether they match. */
const LIKE_GROWTHBOOK: readonly (readonly [attributes: object, rule: object, matches: boolean])[] = [
  // Groups ask all, any, or none of their parts.
  [{ a: 1 }, { $and: [{ a: 1 }, { b: 2 }] }, false],
  [{ a: 1, b: 2 }, { $and: [{ a: 1 }, { b: 2 }] }, true],
  [{ a: 3 }, { $or: [{ a: 1 }, { b: 2 }] }, false],
  [{ a: 1 }, { $or: [{ a: 1 }, { b: 2 }] }, true],
  [{ a: 1 }, { $nor: [{ a: 1 }, { b: 2 }] }, false],
  [{ a: 3 }, { $nor: [{ a: 1 }, { b: 2 }] }, true],
  [{}, { $and: [] }, true],
  [{}, { $or: [] }, true],
  // A path leads through objects only, and ends in null elsewhere.
  [{ a: "abc" }, { "a.length": 3 }, false],
  [{ a: null }, { "a.b": null }, true],
  [{ a: 5 }, { "a.b": { $exists: false } }, true],
  // An object is a set of operators only if all its keys are, and it has any.
  [{ a: 1 }, { a: {} }, false],
  [{ a: {} }, { a: {} }, true],
  [{ a: 5 }, { a: { $gt: 1, x: 2 } }, false],
  [{ a: { $gt: 1, x: 2 } }, { a: { $gt: 1, x: 2 } }, true],
  [{ a: [1, 2] }, { a: [1, 2] }, true],
  [{ a: 1 }, { a: [1] }, false],
  [{ a: Number.NaN }, { a: null }, false],
  // Capitals are folded as letters, not as words.
  [{ a: "straße" }, { a: { $ini: ["STRASSE"] } }, false],
  [{ a: "STRASSE" }, { a: { $ini: ["strasse"] } }, true],
  // Versions: a missing one is 0, v and build are left away, numbers are compared as numbers.
  [{}, { a: { $veq: "0" } }, true],
  [{ a: "v1.2.3" }, { a: { $veq: "1.2.3" } }, true],
  [{ a: "1.2.3+build5" }, { a: { $veq: "1.2.3" } }, true],
  [{ a: "1.0.0-preview" }, { a: { $veq: "1.0.0-preiew" } }, false],
  [{ a: "1.20.0" }, { a: { $vlt: "1.100.0" } }, true],
  [{ a: "1.0.0-rc10" }, { a: { $vlt: "1.0.0-rc9" } }, true],
  [{ a: "1.0.0-10a" }, { a: { $vlt: "1.0.0-9a" } }, true],
  [{ a: "1.0.0-a-b" }, { a: { $veq: "1.0.0-ab" } }, false],
  // What an operator cannot use is no match, and its opposite is one.
  [{ a: 1 }, { $not: { a: { $in: 5 } } }, true],
  [{ a: [1] }, { $not: { a: { $all: 5 } } }, true],
  [{ a: 5 }, { $not: { a: { $elemMatch: { $gt: 1 } } } }, true],
];

describe("attribute rules tell apart what is nearly alike", () => {
  it.each(LIKE_GROWTHBOOK)("%j with %j: %s", (attributes, rule, matches) => {
    expect(matchesRule(attributes, rule, START)).toBe(matches);
    expect(evalCondition(attributes as never, rule as never)).toBe(matches);
  });

  it("know no operators but their own", () => {
    expect(matchesRule({ a: 1 }, { a: { $like: 1 } }, START)).toBe(false);
    expect(matchesRule({ $plan: "free" }, { $plan: "pro" }, START)).toBe(false);
  });

  it("look for text in text only", () => {
    for (const operator of ["$contains", "$startsWith", "$endsWith"]) {
      expect(matchesRule({ a: "5" }, { a: { [operator]: "5" } }, START)).toBe(true);
      expect(matchesRule({ a: "5" }, { a: { [operator]: 5 } }, START)).toBe(false);
      expect(matchesRule({ a: 5 }, { a: { [operator]: "5" } }, START)).toBe(false);
    }
  });
});
