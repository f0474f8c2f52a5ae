import type { AttributeRule, Json } from "@cairn/flow-schema";
import fc from "fast-check";

/** Few words and numbers that lie close together, so that tests meet and contradict each other often. */
export const NUMBERS = [-1, 0, 1, 3, 5];
export const WORDS = ["", "pro", "trial", "PRO", "5", "-1", "a", "ab", "2040-01-01", "1.2.0", "1.10.0"];
const DURATIONS = ["1s", "3d", "14d"];
const VERSIONS = ["1.2.0", "1.10.0", "1.2.0-beta"];

const scalar = fc.constantFrom<Json>(...NUMBERS, ...WORDS, true, false, null);
const comparable = fc.constantFrom<Json>(...NUMBERS, ...WORDS);
const list = fc.uniqueArray(scalar, { maxLength: 3 });
const comparisons = fc.constantFrom("$lt", "$lte", "$gt", "$gte");

const operator = (inner: fc.Arbitrary<Json>): fc.Arbitrary<readonly [string, Json]> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(comparisons, comparable) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom("$eq", "$ne"), scalar) },
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom("$in", "$nin", "$ini", "$nini"), list) },
    { weight: 1, arbitrary: fc.tuple(fc.constant("$all"), list) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("$exists"), fc.boolean()) },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constant("$type"),
        fc.constantFrom("string", "number", "boolean", "array", "object", "null", "undefined"),
      ),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constant("$size"), fc.constantFrom<Json>(0, 1, 2, { $gt: 1 })) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constant("$elemMatch"), fc.constantFrom<Json>({ $gt: 1 }, { $eq: "a" })),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(
        fc.constantFrom("$contains", "$startsWith", "$endsWith"),
        fc.constantFrom("", "a", "b", "ab", "pr", "RO", "trial"),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom("$veq", "$vne", "$vlt", "$vlte", "$vgt", "$vgte"),
        fc.constantFrom(...VERSIONS),
      ),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(
        fc.constantFrom("$ago", "$ahead"),
        fc.dictionary(comparisons, fc.constantFrom(...DURATIONS), { minKeys: 1, maxKeys: 2 }),
      ),
    },
    { weight: 2, arbitrary: fc.tuple(fc.constant("$not"), inner) },
  );

const test: fc.Arbitrary<Json> = fc.letrec<{ test: Json; operators: Json }>((tie) => ({
  operators: fc
    .array(operator(tie("test")), { minLength: 1, maxLength: 3 })
    .map((entries) => Object.fromEntries(entries)),
  test: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 2, arbitrary: scalar },
    { weight: 5, arbitrary: tie("operators") },
    { weight: 1, arbitrary: fc.constantFrom<Json>([], ["a"], { a: 1 }) },
  ),
})).test;

/** Rules over two attributes, with groups; what the validator would accept, and often what nothing fits. */
export const attributeRule: fc.Arbitrary<AttributeRule> = fc.letrec<{ rule: AttributeRule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    {
      weight: 4,
      arbitrary: fc.tuple(fc.constantFrom("a", "b"), test).map(([path, one]) => ({ [path]: one })),
    },
    { weight: 2, arbitrary: fc.tuple(test, test).map(([a, b]) => ({ a, b })) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(
          fc.constantFrom("$and", "$and", "$or", "$nor"),
          fc.array(tie("rule"), { minLength: 1, maxLength: 3 }),
        )
        .map(([group, rules]) => ({ [group]: rules }) as AttributeRule),
    },
    { weight: 1, arbitrary: tie("rule").map((rule) => ({ $not: rule }) as AttributeRule) },
  ),
})).rule;

/** Several tests of one attribute: where contradictions live. */
export const crowdedRule: fc.Arbitrary<AttributeRule> = fc
  .array(test, { minLength: 2, maxLength: 4 })
  .map((tests) => ({ $and: tests.map((one) => ({ a: one })) }) as unknown as AttributeRule);

/** A moment that the generated dates lie around. */
export const RULE_NOW = Date.UTC(2040, 0, 1);
const DAY = 86_400_000;
const CANNOT_COMPARE = { toString: 1 };

/** Values made from a rule's own constants, one more and one less, and of every other kind. */
export function valuesFor(rule: AttributeRule): readonly unknown[] {
  const found: unknown[] = [
    undefined,
    null,
    true,
    false,
    Number.NaN,
    0,
    1,
    "",
    "x",
    "null",
    "undefined",
    "[object Object]",
  ];
  found.push(
    [],
    {},
    { a: 1 },
    CANNOT_COMPARE,
    [CANNOT_COMPARE],
    [[]],
    [null],
    ["x"],
    [0],
    "NaN",
    "true",
    " ",
    "1e3",
  );
  const collect = (value: unknown): void => {
    if (typeof value === "number")
      found.push(value, value - 1, value + 1, value + 0.5, `${value}`, ` ${value} `, [value], [value, "x"]);
    else if (typeof value === "string") {
      found.push(
        value,
        value.toUpperCase(),
        value.toLowerCase(),
        `${value}a`,
        `a${value}`,
        `${value}!`,
        value.slice(1),
        value.slice(0, -1),
      );
      found.push([value], [value, "x"], [value, "pro", "trial"], Number(value), { [value]: value });
    } else if (typeof value === "object" && value !== null) {
      found.push(value);
      if (Array.isArray(value)) found.push([...value, "x"], value.slice(1), value.join("x"));
      for (const one of Object.values(value)) collect(one);
    }
  };
  collect(rule);
  for (const days of [0, 1, 3, 14, 20])
    for (const shift of [-1, 0, 1, 1_000]) {
      const away = days * DAY + shift;
      found.push(
        RULE_NOW - away,
        RULE_NOW + away,
        new Date(RULE_NOW - away).toISOString(),
        new Date(RULE_NOW + away).toISOString(),
      );
    }
  return found;
}

/** A generator of numbers that is the same on every run: the tests ask for tens of millions. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}
