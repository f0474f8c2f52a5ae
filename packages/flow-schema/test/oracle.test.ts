import { validateMessage } from "@cairn/flow-schema/message";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import schema from "../src/flow.schema.json" with { type: "json" };
import { DEFINITION_NAMES, type DefinitionName, validateShape } from "../src/validate.ts";
import { mayBeStored } from "./message-model.ts";
import { MESSAGES } from "./messages.ts";
import { INVALID, VALID } from "./read-fixtures.ts";

const ajv = new Ajv2020({ strict: false, strictNumbers: true, validateFormats: false });
ajv.addSchema(schema, "cairn");
const judges = new Map(
  [...DEFINITION_NAMES, "message"].map((name) => [name, ajv.compile({ $ref: `cairn#/$defs/${name}` })]),
);
const judge = (name: string, value: unknown): boolean => judges.get(name)?.(value) === true;

type Path = readonly (string | number)[];
type Container = { [key: string | number]: unknown };

const RUNS = 3_000;

/** Every place in a value, so that a mutation can hit any of them. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, entry]) => places(entry, [...path, key]))];
}

/** Fields and values of the format are better at finding disagreement than random letters. */
const KEYS = [
  ...new Set(
    Object.values(schema.$defs).flatMap((definition) =>
      Object.keys((definition as Container).properties ?? {}),
    ),
  ),
];
const WORDS = [
  "",
  "-",
  "a",
  "tour",
  "checklist",
  "done",
  "user",
  "activated",
  "en",
  "14d",
  "14 days",
  "10%",
  "#fff",
  "/x",
  "09:00",
  "2027-01-01",
];
const anyEntry = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.constantFrom(-1, 0, 0.5, 1, 2, 100, 101, 1_000, 1_001, 10_001),
  fc.constantFrom(true, false, null),
  fc.constantFrom([], {}, [{}], ["done"], { event: "a" }, { user: { a: 1 } }, { snooze: "1d" }, { en: "x" }),
  fc.jsonValue({ maxDepth: 2 }),
);
interface Mutation {
  readonly place: number;
  readonly how: string;
  readonly key: string;
  readonly entry: unknown;
}
/** Mostly one: where two things are wrong, one disagreement hides behind the other. */
function mutationsOf(keys: readonly string[], entry: fc.Arbitrary<unknown>): fc.Arbitrary<Mutation[]> {
  const mutation: fc.Arbitrary<Mutation> = fc.record({
    // Unbiased: small numbers would hit the same few places again and again.
    place: fc.noBias(fc.nat({ max: 9_999 })),
    how: fc.constantFrom("replace", "replace", "remove", "add", "rename", "double"),
    key: fc.constantFrom(...keys),
    entry,
  });
  return fc.oneof(
    { weight: 3, arbitrary: fc.tuple(mutation) },
    { weight: 1, arbitrary: fc.array(mutation, { minLength: 2, maxLength: 3 }) },
  );
}

const mutations = mutationsOf(KEYS, anyEntry);

function mutate(value: unknown, { place, how, key, entry }: Mutation): unknown {
  const copy = structuredClone(value);
  const all = places(copy);
  const path = all[place % all.length] ?? [];
  const last = path.at(-1);
  if (last === undefined) return how === "replace" ? entry : copy;
  const parent = path.slice(0, -1).reduce<unknown>((at, step) => (at as Container)[step], copy) as Container;
  if (how === "replace") parent[last] = entry;
  else if (how === "add" && !Array.isArray(parent)) parent[key] = entry;
  else if (how === "rename" && !Array.isArray(parent)) {
    parent[key] = parent[last];
    delete parent[last];
  } else if (how === "double" && Array.isArray(parent)) parent.push(parent[last as number]);
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

describe("the shape validator and ajv", () => {
  it("agree on every fixture", () => {
    for (const { name, kind, value } of [...VALID, ...INVALID])
      expect([name, validateShape(kind, value).ok]).toEqual([name, judge(kind, value)]);
  });

  it(`agree on ${RUNS} mutations of valid definitions, both ways`, () => {
    let accepted = 0;
    let refused = 0;
    const oneOf = fc.constantFrom(...VALID);
    fc.assert(
      fc.property(oneOf, mutations, ({ kind, value }, chosen) => {
        const mutated = chosen.reduce(mutate, value);
        const ok = judge(kind, mutated);
        if (ok) accepted += 1;
        else refused += 1;
        expect(validateShape(kind, mutated).ok).toBe(ok);
      }),
      { numRuns: RUNS },
    );
    expect(accepted).toBeGreaterThan(RUNS / 50);
    expect(refused).toBeGreaterThan(RUNS / 2);
  });

  it("agree on arbitrary JSON", () => {
    const names = fc.constantFrom<DefinitionName>(...DEFINITION_NAMES);
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, value) => {
        expect(validateShape(name, value).ok).toBe(judge(name, value));
      }),
      { numRuns: 500 },
    );
  });
});

const two = (value: number): string => String(value).padStart(2, "0");

/** Moments and what nearly is one. */
const moment = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("2024-02-29", "2026-02-29", "1900-02-29", "2000-02-29", "2026-04-31", "2026-12-31"),
      fc.constantFrom(
        "T09:00",
        "T23:59:59",
        "T24:00",
        "T09:60",
        "T09:00:60",
        "T09:00:00.123456789",
        "T9:00",
        " ",
      ),
      fc.constantFrom("Z", "+23:59", "-03:00", "+24:00", "+00:60", "", "z"),
    )
    .map((parts) => parts.join("")),
  fc
    .tuple(fc.constantFrom("20", "00", "2026"), fc.nat({ max: 13 }), fc.nat({ max: 32 }))
    .map(([year, month, day]) => `${year.padStart(4, "0")}-${two(month)}-${two(day)}T00:00Z`),
);

/** What only messages have: moments, names and lengths at their limits, maps that hold what they must not. */
const messageEntry = fc.oneof(
  anyEntry,
  fc.constantFrom("track", "identify", "group", "page", "alias"),
  fc.constantFrom("cairn.", "cairn.x", "cairn.flow.opened", "cairn.flow.shown"),
  fc.constantFrom(...[128, 129, 200, 201, 256, 257].flatMap((n) => ["x".repeat(n), "😀".repeat(n / 2)])),
  moment,
  fc.constantFrom(...[29, 30, 31, 32, 33].map(nested)),
  fc.constantFrom(...["__proto__", "constructor", "prototype"].map((key) => JSON.parse(`[{"${key}":1}]`))),
  fc.constantFrom(undefined, Number.NaN, Number.POSITIVE_INFINITY, 1e300, "1"),
);

function nested(levels: number): unknown {
  return levels === 0 ? 1 : levels % 2 === 0 ? [nested(levels - 1)] : { a: nested(levels - 1) };
}

describe("the message validator", () => {
  const keys = [...KEYS.filter((key) => JSON.stringify(MESSAGES).includes(`"${key}"`)), "constructor"];
  const changed = fc
    .tuple(fc.constantFrom(...MESSAGES), mutationsOf(keys, messageEntry))
    .map(([message, chosen]) => chosen.reduce(mutate, message as unknown));
  /** What a validator that does not know `x-check` leaves to it. */
  const BEYOND = ["forbidden-key", "too-deep", "reserved-name", "bad-date"];
  const runs = 2 * RUNS;

  it(`agrees with the rule by hand on ${RUNS} moments`, () => {
    let accepted = 0;
    fc.assert(
      fc.property(moment, (timestamp) => {
        const message = { ...MESSAGES[0], timestamp };
        const { ok } = validateMessage(message);
        if (ok) accepted += 1;
        expect(ok).toBe(mayBeStored(message));
      }),
      { numRuns: RUNS },
    );
    expect(accepted).toBeGreaterThan(RUNS / 10);
    expect(accepted).toBeLessThan(RUNS - RUNS / 10);
  });

  it(`agrees with the rule by hand on ${runs} mutations of messages, and with the schema alone`, () => {
    const found = new Map<string, number>();
    fc.assert(
      fc.property(changed, (message) => {
        const result = validateMessage(message);
        const code = result.ok ? "accepted" : result.problem.code;
        found.set(code, (found.get(code) ?? 0) + 1);
        expect(result.ok).toBe(mayBeStored(message));
        // By code point, as others count, the longest texts are shorter.
        if (BEYOND.includes(code) || code === "wrong-length") return;
        expect(judge("message", message)).toBe(result.ok);
      }),
      { numRuns: runs },
    );
    expect(found.get("accepted")).toBeGreaterThan(runs / 10);
    const codes = ["missing-field", "wrong-type", "wrong-length", "not-allowed-value", "out-of-range"];
    expect([...found.keys()].sort()).toEqual(["accepted", ...BEYOND, ...codes].sort());
  });
});

describe("the schema", () => {
  it("has a sentence for every definition and every property", () => {
    const silent: string[] = [];
    let properties = 0;
    for (const [name, definition] of Object.entries(schema.$defs) as [string, Container][]) {
      if (typeof definition.description !== "string") silent.push(name);
      for (const [property, value] of Object.entries(
        (definition.properties ?? {}) as Record<string, Container>,
      )) {
        properties += 1;
        const inherited = String(value.$ref ?? "").startsWith("#/$defs/flowHead/");
        if (name !== "person" && !inherited && !/^.{12,}\.$/s.test(String(value.description ?? "")))
          silent.push(`${name}.${property}`);
      }
    }
    expect(silent).toEqual([]);
    expect(properties).toBeGreaterThan(250);
  });

  it("has examples that fit their own definition", () => {
    let examples = 0;
    for (const [name, definition] of Object.entries(schema.$defs) as [string, Container][]) {
      const check = ajv.compile({ $ref: `cairn#/$defs/${name}` });
      for (const example of (definition.examples ?? []) as unknown[]) {
        examples += 1;
        expect([name, check(example), check.errors]).toEqual([name, true, null]);
      }
    }
    expect(examples).toBeGreaterThan(60);
  });

  it("is closed everywhere but in rules, maps of values and messages", () => {
    const open = [
      "flowHead",
      "batch",
      "message",
      "person",
      "messageHead",
      "messageContext",
      "cairnContext",
      "bag",
    ];
    for (const [name, definition] of Object.entries(schema.$defs) as [string, Container][]) {
      if (definition.type !== "object" || open.includes(name) || name.endsWith("Message")) continue;
      expect([name, definition.additionalProperties !== undefined]).toEqual([name, true]);
    }
  });
});
