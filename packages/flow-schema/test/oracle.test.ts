import { validateMessage } from "@cairn/flow-schema";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import schema from "../src/flow.schema.json" with { type: "json" };
import { DEFINITION_NAMES, type DefinitionName, validateShape } from "../src/validate.ts";
import { MESSAGES } from "./messages.ts";
import { INVALID, VALID } from "./read-fixtures.ts";

const ajv = new Ajv2020({ strict: false, validateFormats: false });
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
const mutation: fc.Arbitrary<Mutation> = fc.record({
  // Unbiased: small numbers would hit the same few places again and again.
  place: fc.noBias(fc.nat({ max: 9_999 })),
  how: fc.constantFrom("replace", "replace", "remove", "add", "rename", "double"),
  key: fc.constantFrom(...KEYS),
  entry: anyEntry,
});

/** Mostly one: where two things are wrong, one disagreement hides behind the other. */
const mutations = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(mutation) },
  { weight: 1, arbitrary: fc.array(mutation, { minLength: 2, maxLength: 3 }) },
);

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

describe("the message validator and ajv", () => {
  /** What the schema leaves to the hand-written code. */
  const BEYOND = ["forbidden-key", "too-deep", "reserved-name"];

  it(`agree on ${RUNS} mutations of messages`, () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...MESSAGES), mutations, (message, chosen) => {
        const mutated = chosen.reduce(mutate, message as unknown);
        const result = validateMessage(mutated);
        if (result.ok) accepted += 1;
        if (!result.ok && BEYOND.includes(result.problem.code)) return;
        const schemaSays = judge("message", mutated);
        // The calendar is beyond the schema: it only knows the shape of a date.
        if (!result.ok && schemaSays) expect(result.problem.code).toBe("bad-date");
        else expect(result.ok).toBe(schemaSays);
      }),
      { numRuns: RUNS },
    );
    expect(accepted).toBeGreaterThan(RUNS / 20);
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
    const open = ["flowHead", "batch", "person", "messageHead", "messageContext", "cairnContext", "bag"];
    for (const [name, definition] of Object.entries(schema.$defs) as [string, Container][]) {
      if (definition.type !== "object" || open.includes(name) || name.endsWith("Message")) continue;
      expect([name, definition.additionalProperties !== undefined]).toEqual([name, true]);
    }
  });
});
