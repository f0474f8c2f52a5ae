import type { AttributeRule } from "@cairn/flow-schema";
import fc from "fast-check";
import { expect, it } from "vitest";
import { matchesRule } from "../../src/attribute.ts";
import { attributeFormula } from "../../src/lint/attribute-formula.ts";
import { canBeTrue } from "../../src/lint/can-be-true.ts";
import { not } from "../../src/lint/formula.ts";
import { FULL } from "../full.ts";
import {
  attributeRule,
  crowdedRule,
  NUMBERS,
  RULE_NOW,
  randomOf,
  valuesFor,
  WORDS,
} from "./attribute-rules.ts";

const RUNS = 1_500;
const TRIES = FULL ? 10_000 : 1_000;

const SMALL_WORLD: readonly unknown[] = [
  ...[undefined, null, true, false, ...NUMBERS, 4, Number.NaN, ...WORDS, "x", "4", "1.2.0-beta"],
  ...[[], ["a"], ["pro", "trial"], [0], {}, { a: 1 }, { toString: 1 }],
];

/** What the engine says to people made from the rule's own constants, at random and in every combination of a few. */
function answers(
  rule: AttributeRule,
  seed: number,
  wanted: boolean,
): { person: unknown; now: number } | undefined {
  const values = valuesFor(rule);
  const random = randomOf(seed);
  const pick = () => values[random(values.length)];
  const ask = (person: object, now: number) => matchesRule(person, rule, now) === wanted;
  // A small world, completely: every value of `a` with every value of `b`.
  for (const a of SMALL_WORLD)
    for (const b of SMALL_WORLD) if (ask({ a, b }, RULE_NOW)) return { person: { a, b }, now: RULE_NOW };
  for (const a of values) if (ask({ a }, RULE_NOW)) return { person: { a }, now: RULE_NOW };
  for (let i = 0; i < TRIES; i++) {
    const person: Record<string, unknown> = {};
    if (random(8) > 0) person.a = random(6) === 0 ? [pick(), pick()] : pick();
    if (random(8) > 0) person.b = pick();
    const now = RULE_NOW + (random(9) - 4) * 43_200_000 + random(3) - 1;
    if (ask(person, now)) return { person, now };
  }
  return undefined;
}

it("calls no attribute rule impossible, or certain, that a person contradicts in 10,000 tries", {
  timeout: 600_000,
}, () => {
  const found = { never: 0, always: 0, perhaps: 0 };
  fc.assert(
    fc.property(fc.oneof(attributeRule, crowdedRule), fc.integer(), (rule, seed) => {
      const formula = attributeFormula("user", rule, "rule");
      const never = !canBeTrue(formula);
      const always = !canBeTrue(not(formula));
      if (never) expect(answers(rule, seed, true)).toBeUndefined();
      if (always) expect(answers(rule, seed, false)).toBeUndefined();
      if (never) found.never++;
      else if (always) found.always++;
      else found.perhaps++;
    }),
    { numRuns: RUNS },
  );
  console.log(`attribute rules: ${JSON.stringify(found)}`);
  // The generator must meet both kinds often, or the property says little.
  expect(found.never).toBeGreaterThan(RUNS / 10);
  expect(found.always).toBeGreaterThan(0);
});

it("misses few impossible rules: where nobody fits in 10,000 tries, it says so of three in four", {
  timeout: 600_000,
}, () => {
  let nobody = 0;
  let said = 0;
  fc.assert(
    fc.property(crowdedRule, fc.integer(), (rule, seed) => {
      if (answers(rule, seed, true)) return;
      nobody++;
      if (!canBeTrue(attributeFormula("user", rule, "rule"))) said++;
    }),
    { numRuns: 300 },
  );
  console.log(`of ${nobody} rules that nobody fits it finds ${said}`);
  expect(said / nobody).toBeGreaterThan(0.75);
});
