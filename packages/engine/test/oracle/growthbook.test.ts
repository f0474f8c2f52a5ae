import { evalCondition, GrowthBook } from "@growthbook/growthbook";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesRule } from "../../src/attribute.ts";
import { bucket } from "../../src/bucket.ts";
import { START } from "../../src/testing.ts";
import { attributes, GROUPS, mistake, OPERATORS, operatorsIn, rule } from "./attribute-rules.ts";

const SEED = 20_260_302;
const CASES = 12_000;
const BUCKETS = 10_000;

// A third each: one operator alone, small rules, rules within rules.
const cases = [0, 1, 2].flatMap((depth) =>
  fc.sample(fc.tuple(attributes, rule(depth)), { seed: SEED + depth, numRuns: CASES / 3 }),
);

/** What GrowthBook's own evaluator says; a rule that makes it throw matches nobody. */
function growthbook(person: object, wanted: object): boolean {
  try {
    return evalCondition(person as never, wanted as never);
  } catch {
    return false;
  }
}
const expected = cases.map(([person, wanted]) => growthbook(person, wanted));

/** For each operator, one that is easily taken for it. */
const MISTAKES: { readonly [operator: string]: string } = {
  $eq: "$ne",
  $ne: "$nin",
  $lt: "$lte",
  $lte: "$lt",
  $gt: "$gte",
  $gte: "$gt",
  $in: "$ini",
  $nin: "$nini",
  $ini: "$in",
  $nini: "$nin",
  $exists: "$eq",
  $type: "$ne",
  $size: "$eq",
  $elemMatch: "$not",
  $all: "$in",
  $not: "$eq",
  $veq: "$eq",
  $vne: "$ne",
  $vlt: "$vlte",
  $vlte: "$lte",
  $vgt: "$gt",
  $vgte: "$vgt",
  $and: "$or",
  $or: "$and",
  $nor: "$or",
};

describe("attribute rules agree with @growthbook/growthbook", () => {
  it(`on ${CASES} rules and people`, () => {
    const wrong = cases.filter(([person, wanted], i) => matchesRule(person, wanted, START) !== expected[i]);
    expect(wrong.map(([person, wanted]) => JSON.stringify({ person, wanted }))).toEqual([]);
    const held = expected.filter(Boolean).length;
    console.log(`attribute oracle: ${cases.length} cases, ${held} match, ${cases.length - held} do not`);
    expect(cases.length).toBeGreaterThanOrEqual(10_000);
    // An oracle that nearly always gives the same answer tells little.
    expect(Math.min(held, cases.length - held)).toBeGreaterThan(CASES / 5);
  });

  it.each([...new Set([...OPERATORS, ...GROUPS])])("with %s among them, matched and not", (operator) => {
    const answers = expected.filter((_, i) => operatorsIn(cases[i]?.[1]).has(operator));
    expect(answers.filter(Boolean).length).toBeGreaterThan(50);
    expect(answers.filter((answer) => !answer).length).toBeGreaterThan(50);
  });

  it.each(Object.entries(MISTAKES))("and would not if %s were taken for %s", (operator, other) => {
    const disagree = cases.filter(
      ([person, wanted], i) => matchesRule(person, mistake(wanted, operator, other), START) !== expected[i],
    );
    expect(disagree.length).toBeGreaterThan(0);
  });

  it("takes each operator of the list for another once", () => {
    expect(Object.keys(MISTAKES).sort()).toEqual([...new Set([...OPERATORS, ...GROUPS])].sort());
  });
});

describe("bucketing agrees with @growthbook/growthbook", () => {
  it(`on ${BUCKETS} seeds and units`, () => {
    const unit = fc.oneof(
      fc.uuid(),
      fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
      fc.nat().map(String),
    );
    const seed = fc.oneof(
      fc.constantFrom(
        "cairn:holdout",
        "first-export:holdout",
        "first-export:variant",
        "first-export:rollout",
      ),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
    );
    const drawn = fc.sample(fc.tuple(seed, unit), { seed: SEED, numRuns: BUCKETS });
    const client = new GrowthBook();
    const wrong = drawn.filter(([name, id]) => {
      client.setAttributes({ id });
      const { bucket: wanted } = client.run({ key: "any", variations: [0, 1], hashVersion: 2, seed: name });
      return wanted !== bucket(name, id);
    });
    expect(wrong).toEqual([]);
    console.log(`bucketing oracle: ${drawn.length} cases`);
    expect(drawn.length).toBeGreaterThanOrEqual(10_000);
  });
});
