import { readFileSync } from "node:fs";
import { ATTRIBUTE_OPERATORS } from "@cairn/flow-schema";
import { evalCondition } from "@growthbook/growthbook";
import { describe, expect, it } from "vitest";
import { matchesRule } from "../src/attribute.ts";
import { START } from "../src/testing.ts";
import { operatorsIn } from "./oracle/attribute-rules.ts";

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`./tables/${name}.json`, import.meta.url), "utf8"));

type Answer = readonly [value: unknown, matches: boolean];
/** What one rule says of an attribute that is there, at its boundaries, missing, null, and of a wrong type. */
interface Row {
  readonly rule: unknown;
  readonly present: readonly Answer[];
  readonly boundary: readonly Answer[];
  readonly missing: boolean;
  readonly null: boolean;
  readonly wrong: readonly Answer[];
}
const rows = read<readonly Row[]>("operators");
const general =
  read<readonly (readonly [name: string, attributes: object, rule: object, matches: boolean])[]>(
    "attributes",
  );
const dates =
  read<readonly (readonly [name: string, now: string, attributes: object, rule: object, matches: boolean])[]>(
    "dates",
  );

const answersOf = (row: Row): readonly (readonly [attributes: object, matches: boolean])[] => [
  ...[...row.present, ...row.boundary, ...row.wrong].map(([a, matches]) => [{ a }, matches] as const),
  [{}, row.missing],
  [{ a: null }, row.null],
];

describe("each attribute operator, with present, boundary, missing, null and wrong values", () => {
  it.each(rows.map((row) => [JSON.stringify(row.rule), row] as const))("%s", (_name, row) => {
    const wrong = answersOf(row).filter(
      ([attributes, matches]) => matchesRule(attributes, { a: row.rule }, START) !== matches,
    );
    expect(wrong).toEqual([]);
  });

  it("leaves out none", () => {
    const used = operatorsIn(rows.map(({ rule }) => rule));
    expect(ATTRIBUTE_OPERATORS.filter((operator) => !used.has(operator))).toEqual([]);
    for (const { present, boundary, wrong } of rows)
      for (const kind of [present, boundary, wrong]) expect(kind.length).toBeGreaterThan(0);
  });

  it("answers in the table as GrowthBook does, but for Cairn's own operators", () => {
    const own = ["$contains", "$startsWith", "$endsWith", "$ago", "$ahead"];
    for (const row of rows) {
      if (own.some((operator) => operatorsIn(row.rule).has(operator))) continue;
      for (const [attributes, matches] of answersOf(row))
        expect([row.rule, attributes, evalCondition(attributes as never, { a: row.rule } as never)]).toEqual([
          row.rule,
          attributes,
          matches,
        ]);
    }
  });
});

describe("dates at the ends of days, months and years", () => {
  it.each(dates)("%s", (_name, now, attributes, rule, matches) => {
    expect(matchesRule(attributes, rule, Date.parse(now))).toBe(matches);
  });
});

it("runs every row of the attribute tables", () => {
  const count = rows.flatMap(answersOf).length + general.length + dates.length;
  console.log(
    `${count} attribute cases: ${count - general.length - dates.length} by operator, ${dates.length} of dates`,
  );
  expect(count).toBeGreaterThanOrEqual(559);
});
