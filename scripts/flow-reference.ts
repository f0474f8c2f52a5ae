/**
 * (One file, although long: it reads from top to bottom like the page it writes.)
 * Writes docs/flow-reference.md from the descriptions in flow.schema.json, what happens with the examples
 * (flow-reference-cases.md) and the engine's table of attribute operators. What it claims, packages/engine/test/docs.test.ts runs.
 * `--check` writes nothing and fails when the file is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { END_REASONS, REASONS } from "../packages/engine/src/decision.ts";
import { LIMITS } from "../packages/flow-schema/src/bounds.ts";
import { PROBLEM_CODES } from "../packages/flow-schema/src/problem.ts";
import { validateSegment } from "../packages/flow-schema/src/validate.ts";

interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
  readonly "x-unit"?: string;
  readonly "x-case"?: string;
  readonly "x-expected"?: string;
  readonly "x-missing"?: string;
  readonly "x-wrong"?: string;
}

/** What one rule says of values that are there, missing, null and of a wrong type. */
interface OperatorRow {
  readonly rule: unknown;
  readonly present: readonly (readonly [value: unknown, fits: boolean])[];
  readonly boundary: readonly (readonly [value: unknown, fits: boolean])[];
  readonly wrong: readonly (readonly [value: unknown, fits: boolean])[];
  readonly missing: boolean;
  readonly null: boolean;
}

const SCHEMA_FILE = new URL("../packages/flow-schema/src/flow.schema.json", import.meta.url);
const REFERENCE_FILE = new URL("../docs/flow-reference.md", import.meta.url);
/** What happens with each condition's example, by its key. */
const CASES = new Map(
  readFileSync(new URL("./flow-reference-cases.md", import.meta.url), "utf8")
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end).trim()] as const;
    }),
);
const OPERATORS = JSON.parse(
  readFileSync(new URL("../packages/engine/test/tables/operators.json", import.meta.url), "utf8"),
) as readonly OperatorRow[];
const { $defs: DEFS } = JSON.parse(readFileSync(SCHEMA_FILE, "utf8")) as {
  $defs: { readonly [name: string]: Schema };
};

/** Definitions that have a section of their own, and its heading; links lead there. */
const SECTIONS: { readonly [name: string]: string } = {
  step: "Step",
  route: "Route",
  target: "Target",
  media: "Media",
  action: "Action",
  deeds: "Deeds",
  item: "Item",
  goal: "Goal",
  frequency: "Frequency",
  schedule: "Schedule",
  holdout: "Holdout",
  variant: "Variant",
  theme: "Theme",
  font: "Font",
  colours: "Colours",
  text: "Text",
  condition: "Conditions",
  attributeRule: "Attribute rules",
  durationTest: "Comparisons of durations",
  timeWindow: "Time window",
  feature: "Features",
  featureUse: "Feature uses",
  activated: "Activation rule",
  lapsed: "Lapse rule",
  segment: "Segments",
  settings: "Settings",
  identity: "Identity settings",
  budget: "Budget",
  afterDismiss: "Pause after dismissals",
  weights: "Weights",
  guard: "Guard",
  quietRule: "Quiet rule",
  navigateSettings: "Navigate settings",
  flow: "Flow",
  message: "Event messages",
  messageContext: "Context",
  cairnContext: "What the SDK adds",
};
/** Names that only tidy the schema up; for a reader they are what they stand for. */
const ALIASES: { readonly [name: string]: string } = {
  steps: "step",
  conditions: "condition",
  attributeRules: "attributeRule",
  nestedRule: "attributeRule",
  budgetOrNull: "budget",
  flowReference: "id",
  featureReference: "id",
  segmentReference: "id",
};
const SCALARS = [
  "id",
  "duration",
  "share",
  "date",
  "clock",
  "localeTag",
  "colour",
  "selector",
  "anchor",
  "pagePattern",
  "linkUrl",
  "pageUrl",
  "mediaUrl",
  "origin",
  "eventName",
  "versionOrNull",
];

function nameIn($ref: string): string {
  return $ref.slice($ref.lastIndexOf("/") + 1);
}

function definition(name: string): Schema {
  const found = DEFS[name];
  if (found === undefined) throw new Error(`the schema has no definition ${name}`);
  return found;
}

/** Follows a reference, its own words kept before those of what it refers to. */
function resolve(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const path = schema.$ref.slice(2).split("/");
  const found = path.reduce<unknown>((at, key) => (at as { [key: string]: unknown })[key], { $defs: DEFS });
  const { $ref: _, ...own } = schema;
  return { ...resolve(found as Schema), ...own };
}

function code(value: unknown): string {
  return `\`${onOneLine(value)}\``;
}

function link(heading: string): string {
  return `#${heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-")}`;
}

/** What kind of value a property takes, in words and links. */
function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const inner = schema.$ref.split("/").length > 3 ? undefined : nameIn(schema.$ref);
    if (inner === undefined) return typeOf(follow(schema));
    if (inner === "steps" || inner === "conditions" || inner === "attributeRules") {
      const name = ALIASES[inner] ?? inner;
      return `list of [${definition(name).title}s](${link(SECTIONS[name] ?? "")})`;
    }
    const name = ALIASES[inner] ?? inner;
    const heading = SECTIONS[name];
    if (heading !== undefined)
      return `[${definition(name).title}](${link(heading)})${inner.endsWith("OrNull") ? " or `null`" : ""}`;
    if (name === "activity") return '`{"event": …}` or `{"feature": …}`';
    if (SCALARS.includes(name)) return `[${definition(name).title}](#values)`;
    return typeOf(definition(name));
  }
  if (schema.enum !== undefined) return schema.enum.map(code).join(" ");
  if (schema.const !== undefined) return code(schema.const);
  if (schema.oneOf !== undefined) return schema.oneOf.map(typeOf).join(" or ");
  if (schema.type === "array")
    return `list${schema.items === undefined ? "" : ` of ${typeOf(schema.items)}`}${length(schema)}`;
  if (schema.type === "object") return schema.title ?? "object";
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? ["any value"]);
  return (
    types
      .map(
        (type) =>
          ({ integer: "whole number", string: "text", boolean: "true or false", null: "`null`" })[type] ??
          type,
      )
      .join(" or ") + range(schema)
  );
}

function follow(schema: Schema): Schema {
  const path = (schema.$ref ?? "").slice(2).split("/");
  return path.reduce<unknown>((at, key) => (at as { [key: string]: unknown })[key], {
    $defs: DEFS,
  }) as Schema;
}

function range({ minimum, exclusiveMinimum, maximum, "x-unit": unit }: Schema): string {
  const words: string[] = [];
  if (exclusiveMinimum !== undefined) words.push(`above ${exclusiveMinimum}`);
  if (minimum !== undefined && maximum !== undefined) words.push(`${minimum}–${maximum}`);
  else if (minimum !== undefined) words.push(`from ${minimum}`);
  else if (maximum !== undefined) words.push(`to ${maximum}`);
  if (unit !== undefined) words.push(unit);
  return words.length === 0 ? "" : `, ${words.join(", ")}`;
}

function length({ minItems, maxItems }: Schema): string {
  if (minItems !== undefined && minItems === maxItems) return `, ${minItems} of them`;
  return maxItems === undefined ? "" : `, ${minItems ?? 0}–${maxItems}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function fields({ properties = {}, required = [] }: Schema, extra: readonly string[] = []): string {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const { default: standard, description = "" } = resolve(schema);
    const must =
      required.includes(name) || extra.includes(name)
        ? "**required**"
        : standard === undefined
          ? ""
          : code(standard);
    return `| \`${name}\` | ${cell(typeOf(schema))} | ${cell(must)} | ${cell(description)} |`;
  });
  return ["| field | type | default | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** Whole definitions and conditions are `json` and tested as such; fragments are `jsonc`. */
function examples({ examples: list = [] }: Schema, language: "json" | "jsonc"): string {
  return list.map((example) => `\`\`\`${language}\n${pretty(example)}\n\`\`\``).join("\n\n");
}

/** Short values on one line, long ones broken like the schema's own files. */
function pretty(value: unknown, indent = ""): string {
  const line = onOneLine(value);
  if (line.length + indent.length <= 96 || typeof value !== "object" || value === null) return line;
  const inner = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((entry) => inner + pretty(entry, inner))
    : Object.entries(value).map(([key, entry]) => `${inner}${JSON.stringify(key)}: ${pretty(entry, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${entries.join(",\n")}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${onOneLine(entry)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function section(name: string, language: "json" | "jsonc" = "jsonc", level = "##"): string {
  const schema = definition(name);
  return [`${level} ${SECTIONS[name]}`, schema.description, fields(schema), examples(schema, language)]
    .filter(Boolean)
    .join("\n\n");
}

function flowSection(): string {
  const { properties: own = {} } = definition("stepFlow");
  const { properties: checklist = {} } = definition("checklistFlow");
  const kinds = [...(resolve(own.kind ?? {}).enum ?? []), ...(resolve(checklist.kind ?? {}).enum ?? [])];
  const kind = {
    enum: kinds,
    description: `${own.kind?.description} A checklist has \`items\`, the other kinds have \`steps\`.`,
  };
  const properties: { [name: string]: Schema } = {};
  for (const [name, schema] of Object.entries(own)) {
    properties[name] = name === "kind" ? kind : schema;
    if (name === "steps") properties.items = checklist.items ?? {};
  }
  return [
    "## Flow",
    definition("flow").description,
    fields({ properties, required: ["schemaVersion", "id", "kind"] }),
  ].join("\n\n");
}

function deedsSection(): string {
  const rows = (definition("do").oneOf ?? []).map(({ $ref = "" }) => {
    const schema = definition(nameIn($ref));
    const shape = schema.enum === undefined ? code(schema.examples?.[0]) : schema.enum.map(code).join(" ");
    const parts = Object.entries(schema.properties ?? {}).map(
      ([name, property]) => `\`${name}\`: ${resolve(property).description}`,
    );
    return `| ${cell(shape)} | ${cell([schema.description, ...parts].join(" "))} |`;
  });
  return [
    "## Deeds",
    "What a button, or a click on a checklist's line, does: one deed, or a list that is run in order.",
    ["| write | what it does |", "|---|---|", ...rows].join("\n"),
  ].join("\n\n");
}

function whatHappens(key: string): string {
  const found = CASES.get(key);
  if (found === undefined) throw new Error(`flow-reference-cases.md says nothing of ${key}`);
  return found;
}

function conditionsSection(): string {
  const leaves = (definition("condition").oneOf ?? []).map(({ $ref = "" }) => {
    const name = nameIn($ref);
    const schema = definition(name);
    const key = schema.required?.[0] ?? name;
    return [
      `### Condition: ${key}`,
      schema.description,
      fields(schema),
      `*Case.* ${schema["x-case"]}`,
      examples({ examples: schema.examples?.slice(0, 1) ?? [] }, "json"),
      whatHappens(key),
    ].join("\n\n");
  });
  const logic =
    "Each condition is true, false or **unknown**. Unknown is what cannot be known yet: a person who has not been identified, an account that has not been set. `all` is false as soon as one part is false, `any` is true as soon as one part is true, `not` leaves unknown as it is. An unknown condition never shows a flow. A missing *attribute* is not unknown: see [attribute rules](#attribute-rules).";
  const toc = (definition("condition").oneOf ?? []).map(({ $ref = "" }) => {
    const key = definition(nameIn($ref)).required?.[0] ?? "";
    return `[\`${key}\`](#condition-${key})`;
  });
  const reading =
    "Below each example stands what happens with it, line by line. *True?* is the condition asked after that line, as an audience is; *sets it off?* says whether the line would bring a hint that has the condition as its trigger. Day 1 is Monday, 2 March 2026, times are UTC, `anna` is signed in unless a line says otherwise. Every line is run by the engine's own tests.";
  return [
    "## Conditions",
    definition("condition").description,
    toc.join(" · "),
    logic,
    reading,
    ...leaves,
    section("timeWindow", "jsonc", "###"),
  ].join("\n\n");
}

function attributesSection(): string {
  const groups = Object.entries(definition("attributeRule").properties ?? {});
  const operators = Object.entries(definition("attributeTest").properties ?? {});
  const around = groups.map(
    ([name, schema]) => `| \`${name}\` | ${cell(typeOf(schema))} | ${resolve(schema).description} |`,
  );
  const at = operators.map(([name, schema]) => {
    const words = [schema["x-missing"], schema["x-wrong"]].map((text) => cell(text ?? ""));
    return `| \`${name}\` | ${cell(typeOf(schema))} | ${cell(resolve(schema).description ?? "")} | ${words.join(" | ")} |`;
  });
  const paths =
    'Paths have dots: `"seats.used"`. A plain value must be equal; an object whose keys all begin with `$` is a list of operators that must all hold. Dates are ISO 8601 with a zone, a date only (00:00 UTC), or milliseconds since 1970.';
  return [
    "## Attribute rules",
    definition("attributeRule").description,
    paths,
    examples(definition("attributeRule"), "jsonc"),
    ["| around rules | value | meaning |", "|---|---|---|", ...around].join("\n"),
    [
      "| at an attribute | value | meaning | missing, or null | of another type |",
      "|---|---|---|---|---|",
      ...at,
    ].join("\n"),
    missingSection(),
    section("durationTest", "jsonc", "###"),
  ].join("\n\n");
}

/** The engine's own table of answers, so that the words above can be looked up. */
function missingSection(): string {
  const list = (row: OperatorRow, wanted: boolean) =>
    [...row.present, ...row.boundary, ...row.wrong]
      .filter(([, fits]) => fits === wanted)
      .map(([value]) => code(value))
      .join(" ");
  // The engine answers rules, too, that no author can write.
  const canBeWritten = ({ rule }: OperatorRow) =>
    validateSegment({ id: "rule", where: { user: { a: rule } } }).ok;
  const rows = OPERATORS.filter(canBeWritten).map((row) => {
    if (row.missing !== row.null) throw new Error("the reference says that missing and null are one");
    return `| ${cell(code(row.rule))} | ${cell(list(row, true))} | ${cell(list(row, false))} | ${row.missing ? "fits" : "no"} |`;
  });
  const words = [
    "A missing attribute is not unknown: each operator gives it a meaning, the one that GrowthBook's clients give it. `null` means the same as missing, everywhere. Three things surprise people:",
    [
      '- `{"n": {"$lt": 5}}` fits everybody who has no `n`, for a missing value counts as 0. Where that is not meant, write `{"n": {"$exists": true, "$lt": 5}}`.',
      '- A plain `{"n": 5}` fits the text `"5"`, too, and `{"n": 0}` fits `null`. `{"n": {"$eq": 5}}` is strict.',
      '- A plain `true` fits every value that is not 0, empty or missing, so also the text `"false"`.',
    ].join("\n"),
    "[`cairn lint`](lint.md) warns of each. All answers, asked of the engine and (but for `$contains`, `$startsWith`, `$endsWith`, `$ago`, `$ahead`, which are Cairn's own) of GrowthBook itself; it is Monday, 2 March 2026, 09:00 UTC:",
  ];
  return [
    "### Missing, null and wrong types",
    ...words,
    ["| rule | fits | does not fit | missing, or null |", "|---|---|---|---|", ...rows].join("\n"),
  ].join("\n\n");
}

function valuesSection(): string {
  const rows = SCALARS.map((name) => {
    const { title, description = "", examples: list, "x-expected": expected = "" } = definition(name);
    const quoted = /"[^"]*"/.exec(expected)?.[0];
    const example =
      list === undefined ? (quoted === undefined ? "" : `\`${quoted}\``) : list.map(code).join(" ");
    return `| ${title} | ${example} | ${cell(description)} |`;
  });
  return [
    "## Values",
    ["| value | example | shape |", "|---|---|---|", ...rows].join("\n"),
    "### Text",
    definition("text").description,
    examples(definition("text"), "jsonc"),
  ].join("\n\n");
}

function messagesSection(): string {
  const types = (definition("message").oneOf ?? []).map(({ $ref = "" }) => {
    const schema = definition(nameIn($ref));
    const { type: _, ...properties } = schema.properties ?? {};
    const own = { ...schema, properties } as Schema;
    return [
      `### \`${schema.title?.split(" ")[0]}\``,
      schema.description,
      fields(own),
      examples(schema, "json"),
    ].join("\n\n");
  });
  return [
    "## Event messages",
    definition("message").description,
    fields(definition("messageHead")),
    ...types,
    section("messageContext", "jsonc", "###"),
    section("cairnContext", "jsonc", "###"),
    "### Batch",
    definition("batch").description,
    fields(definition("batch")),
  ].join("\n\n");
}

function decisionsSection(): string {
  const list = (names: readonly string[]) => names.map(code).join(" ").replaceAll('"', "");
  return [
    "## Decisions",
    "Each time a flow is set off, the engine decides: `shown`, `held` with a reason, or `withheld` (a holdout). The gates are asked in this order, and the first that says no is the reason. What each one means, and what to do, is in [why did it not come](authoring.md#why-did-it-not-come).",
    list(REASONS),
    "A flow that is held by `budget`, `guard`, `outranked` or `target-missing` waits for as long as its `patience` says and is asked again; then it is `expired`. A flow that was shown ends in exactly one way ([how a hint ends](authoring.md#how-a-hint-ends)):",
    list(END_REASONS),
  ].join("\n\n");
}

function problemsSection(): string {
  const rows = Object.entries(PROBLEM_CODES).map(([name, meaning]) => `| \`${name}\` | ${cell(meaning)} |`);
  const text =
    'Whatever is wrong with a definition is said as a list of problems, each with `file`, `path` (a JSON Pointer), `code`, `message` (what was found) and `fix` (what to write instead). On one line: `first-export.json#/frequency/gap: "14 days" is not a duration. write "14d": a whole number and s, m, h, d or w`. The codes are a closed list:';
  return ["## Problem codes", text, ["| code | meaning |", "|---|---|", ...rows].join("\n")].join("\n\n");
}

function limitsSection(): string {
  const kB = (bytes: number) => `${bytes / 1024} kB`;
  const rows = [
    ["a flow, feature, segment or settings", kB(LIMITS.flowBytes)],
    ["a whole configuration", kB(LIMITS.configBytes)],
    ["lists and objects in each other", `${LIMITS.depth} levels`],
    ["values in one definition", LIMITS.nodes.toLocaleString("en")],
    ["a CSS selector", `${LIMITS.selectorLength} characters`],
  ];
  return [
    "## Limits",
    ["| what | at most |", "|---|---|", ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n"),
    "Fields called `__proto__`, `constructor` or `prototype` are refused everywhere.",
  ].join("\n\n");
}

const reference = `${[
  "<!-- Made from packages/flow-schema/src/flow.schema.json by `pnpm --filter @cairn/flow-schema run docs`. Change the schema, not this file. -->",
  "# Flow reference",
  "Every field of the format, schema version 1. How to write a flow by example is in [authoring](authoring.md); this page is for looking things up. Unknown fields are errors: nothing is ignored silently.",
  "Contents: [flow](#flow) · [step](#step) · [item](#item) · [action](#action) · [deeds](#deeds) · [target](#target) · [conditions](#conditions) · [attribute rules](#attribute-rules) · [values](#values) · [features](#features) · [segments](#segments) · [settings](#settings) · [event messages](#event-messages) · [decisions](#decisions) · [limits](#limits) · [problem codes](#problem-codes)",
  flowSection(),
  ...["step", "route", "item", "action"].map((name) => section(name)),
  deedsSection(),
  ...[
    "target",
    "media",
    "goal",
    "frequency",
    "schedule",
    "holdout",
    "variant",
    "theme",
    "font",
    "colours",
  ].map((name) => section(name)),
  conditionsSection(),
  attributesSection(),
  valuesSection(),
  section("feature", "json"),
  [
    "### Feature uses",
    definition("featureUse").description,
    "An event use may narrow its event with `where`; the interactions are written as in [conditions](#conditions).",
    examples(definition("eventUse"), "jsonc"),
  ].join("\n\n"),
  ...["activated", "lapsed"].map((name) => section(name, "jsonc", "###")),
  section("segment", "json"),
  section("settings", "json"),
  ...["identity", "budget", "afterDismiss", "weights", "guard", "quietRule", "navigateSettings"].map((name) =>
    section(name, "jsonc", "###"),
  ),
  ["## Configuration", definition("config").description, fields(definition("config"))].join("\n\n"),
  messagesSection(),
  decisionsSection(),
  limitsSection(),
  problemsSection(),
].join("\n\n")}\n`;

if (process.argv.includes("--check")) {
  if (readFileSync(REFERENCE_FILE, "utf8") !== reference) {
    console.error("docs/flow-reference.md is stale: run pnpm --filter @cairn/flow-schema run docs");
    process.exitCode = 1;
  }
} else writeFileSync(REFERENCE_FILE, reference);
