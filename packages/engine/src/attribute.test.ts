import { readFileSync } from "node:fs";
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
