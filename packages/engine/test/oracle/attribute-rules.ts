import fc from "fast-check";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Few values that meet often: equal, of other case, of other type, missing. */
const scalar: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  ...[
    null,
    true,
    false,
    0,
    1,
    2,
    5,
    -1,
    1.5,
    10,
    "",
    " ",
    "a",
    "A",
    "b",
    "pro",
    "PRO",
    "5",
    "0",
    "true",
    "null",
  ],
  ...["2026-03-02", "2026-03-02T09:00:00Z", "ё", "Ё"],
);
export const VERSIONS = [
  ...["1.2.3", "v1.2.3", "1.2.3+build.7", "1.10.0", "1.9.0", "2.0.0", "2.0.0-rc.1", "2.0.0-rc.2", "1.2", "3"],
  ...["", "x", "10.0.0.1", 1, 1.2, null, true],
];
const version = fc.constantFrom<Json>(...VERSIONS);
const list = fc.array(scalar, { maxLength: 4 });
const person = fc.record({ x: scalar, y: fc.oneof(scalar, version) }, { requiredKeys: [] });
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: version },
  { weight: 2, arbitrary: list },
  { weight: 1, arbitrary: person as fc.Arbitrary<Json> },
);

/** What is known of a person; each part may be missing. */
export const attributes = fc.record(
  {
    a: value,
    b: value,
    v: version,
    n: fc.oneof(fc.record({ c: value, d: fc.record({ e: value }) }, { requiredKeys: [] }), scalar),
    l: fc.oneof({ weight: 4, arbitrary: list }, { weight: 1, arbitrary: scalar }),
    o: fc.oneof(
      { weight: 4, arbitrary: fc.array(fc.oneof(person as fc.Arbitrary<Json>, scalar), { maxLength: 4 }) },
      { weight: 1, arbitrary: scalar },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<{ [key: string]: Json }>;

const path = fc.constantFrom(
  "a",
  "b",
  "v",
  "n",
  "n.c",
  "n.d.e",
  "l",
  "l.0",
  "l.length",
  "o",
  "o.0.x",
  "gone",
  "a.b.c",
);

const TYPES = ["null", "array", "object", "string", "number", "boolean", "undefined", "unknown", 5];
const ofList = fc.oneof({ weight: 8, arbitrary: list }, { weight: 1, arbitrary: scalar });

const compared: { readonly [operator: string]: fc.Arbitrary<Json> } = {
  $eq: value,
  $ne: value,
  $lt: value,
  $lte: value,
  $gt: value,
  $gte: value,
  $in: ofList,
  $nin: ofList,
  $ini: ofList,
  $nini: ofList,
  $exists: fc.constantFrom<Json>(true, false, 1, 0, null, "yes"),
  $type: fc.constantFrom<Json>(...TYPES),
  $veq: version,
  $vne: version,
  $vlt: version,
  $vlte: version,
  $vgt: version,
  $vgte: version,
};

/** Where an operator has something to bite on: lists for lists, versions for versions. */
const HOME: { readonly [operator: string]: fc.Arbitrary<string> } = {
  ...Object.fromEntries(["$size", "$all"].map((name) => [name, fc.constantFrom("l", "l", "l", "o", "a")])),
  $elemMatch: fc.constantFrom("o", "o", "o", "l", "l", "a"),
  ...Object.fromEntries(
    ["$veq", "$vne", "$vlt", "$vlte", "$vgt", "$vgte"].map((name) => [
      name,
      fc.constantFrom("v", "v", "v", "a"),
    ]),
  ),
};

export const OPERATORS = [...Object.keys(compared), "$size", "$elemMatch", "$all", "$not"] as const;
export const GROUPS = ["$and", "$or", "$nor", "$not"] as const;

/** `{operator: argument, …}`; nested as deep as `depth`. */
function operators(only: readonly string[], depth: number): fc.Arbitrary<{ [key: string]: Json }> {
  const one = fc
    .constantFrom(...only)
    .chain((name) => argument(name, depth).map((wanted) => [name, wanted] as const));
  return fc
    .array(one, { minLength: 1, maxLength: 2 })
    .map((entries) => Object.fromEntries(entries) as { [key: string]: Json });
}

function argument(name: string, depth: number): fc.Arbitrary<Json> {
  const simple = compared[name];
  if (simple) return simple;
  const inner =
    depth > 0
      ? operators(depth > 1 ? OPERATORS : Object.keys(compared), depth - 1)
      : operators(["$eq", "$gt"], 0);
  if (name === "$size") return fc.oneof(fc.integer({ min: 0, max: 4 }), operators(["$gt", "$lte", "$in"], 0));
  if (name === "$all")
    return fc.oneof(fc.array(fc.oneof({ weight: 3, arbitrary: scalar }, inner), { maxLength: 2 }), scalar);
  if (name === "$elemMatch") return fc.oneof(inner, rule(0, fc.constantFrom("x", "y", "x.z")));
  return fc.oneof({ weight: 3, arbitrary: inner as fc.Arbitrary<Json> }, { weight: 1, arbitrary: value });
}

/** A whole rule, over these paths. */
export function rule(
  depth: number,
  paths: fc.Arbitrary<string> = path,
): fc.Arbitrary<{ [key: string]: Json }> {
  const leaf = fc.oneof(
    { weight: 1, arbitrary: fc.tuple(paths, value).map(([key, wanted]) => ({ [key]: wanted })) },
    {
      weight: 5,
      arbitrary: fc
        .constantFrom(...OPERATORS)
        .chain((name) =>
          fc
            .tuple(
              paths === path ? fc.oneof(path, HOME[name] ?? path) : paths,
              argument(name, depth),
              fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, operators(Object.keys(compared), 0)),
            )
            .map(([key, wanted, more]) => ({ [key]: { ...more, [name]: wanted } })),
        ),
    },
  );
  const plain = fc
    .array(leaf, { minLength: 1, maxLength: depth === 0 ? 1 : 2 })
    .map((leaves) => Object.assign({}, ...leaves));
  if (depth === 0) return plain;
  const below = rule(depth - 1, paths);
  const group = fc
    .constantFrom(...GROUPS)
    .chain((name) =>
      (name === "$not" ? below : fc.array(below, { maxLength: 3 })).map((of) => ({ [name]: of })),
    );
  return fc.oneof(
    { weight: 3, arbitrary: plain },
    { weight: 1, arbitrary: group },
    { weight: 1, arbitrary: fc.tuple(plain, group).map(([a, b]) => ({ ...a, ...b })) },
  );
}

/** Every operator in a rule, however deep: field operators as written, groups with their parentheses: `$not()`. */
export function operatorsIn(node: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(node)) for (const one of node) operatorsIn(one, found);
  else if (typeof node === "object" && node !== null)
    for (const [key, one] of Object.entries(node)) {
      if (key.startsWith("$")) found.add(key);
      operatorsIn(one, found);
    }
  return found;
}

/** The rule with one operator taken for another: a fault that a test must notice. */
export function mistake(node: Json, operator: string, other: string): Json {
  if (Array.isArray(node)) return node.map((one) => mistake(one, operator, other));
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, one]) => [key === operator ? other : key, mistake(one, operator, other)]),
  );
}
