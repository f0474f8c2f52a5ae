import { writeFileSync } from "node:fs";
import { ATTRIBUTE_OPERATORS, type Feature, LEAF_KEYS, type Segment } from "@cairn/flow-schema";
import flowSchema from "@cairn/flow-schema/flow.schema.json" with { type: "json" };
import { describe, expect, it } from "vitest";
import { matchesRule } from "../src/attribute.ts";
import { END_REASONS, REASONS } from "../src/decision.ts";
import { START } from "../src/testing.ts";
import { playClaims, type Shelf } from "./docs/play-claims.ts";
import { type Block, type Page, readPage } from "./docs/read-page.ts";
import { runConsoles } from "./docs/run-consoles.ts";
import { isCondition, problemsOf } from "./docs/validate-block.ts";

const authoring = readPage("docs/authoring.md");
const reference = readPage("docs/flow-reference.md");
const pages = [authoring, reference];

const parse = (block: Block) => JSON.parse(block.text) as { readonly [key: string]: unknown };
const blocksOf = (page: Page) => page.blocks.filter(({ language }) => /^jsonc?$/.test(language));
const jsonOf = (page: Page) => page.blocks.filter(({ language }) => language === "json").map(parse);

/** The features and segments that a page shows: its claims use them by id. */
const shelfOf = (page: Page): Shelf => ({
  features: jsonOf(page).filter((one) => "uses" in one) as unknown as Feature[],
  segments: jsonOf(page).filter((one) => "where" in one && "id" in one) as unknown as Segment[],
});

describe.each(pages)("$path", (page) => {
  it.each(blocksOf(page).map((block) => [block.place, block] as const))("%s is valid", (_place, block) => {
    expect(problemsOf(block)).toEqual([]);
  });

  const shelf = shelfOf(page);
  it.each(page.claims.map((claims) => [claims.place, claims] as const))(
    "%s is what happens",
    (_place, claims) => {
      const outcomes = playClaims(claims, shelf);
      expect(outcomes.map(({ row, got }) => `${row} → ${got}`)).toEqual(
        outcomes.map(({ row, said }) => `${row} → ${said}`),
      );
    },
  );
});

describe("the commands of the guide", () => {
  // One process each: WRITE_DOCS=1 writes down what they say now.
  const consoles = runConsoles(authoring);
  if (process.env.WRITE_DOCS === "1") {
    let { text } = authoring;
    for (const { block, said, got } of consoles)
      text = text.replace(block.text, () => block.text.slice(0, block.text.length - said.length) + got);
    writeFileSync(new URL("../../../docs/authoring.md", import.meta.url), text);
  }
  it.each(consoles.map((one) => [one.command, one] as const))(
    "cairn %s says so",
    (_command, { said, got }) => {
      expect(got).toBe(said);
    },
  );

  it("are lint, describe, simulate and explain", () => {
    const names = new Set(consoles.map(({ command }) => command.split(" ")[0]));
    expect([...names].sort()).toEqual(["describe", "explain", "lint", "simulate"]);
  });
});

/** `["pro"]` and the like in a cell. */
const valuesIn = (cell = "") =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => JSON.parse(text) as unknown);

describe("the table of attribute operators", () => {
  const rows =
    reference.tables.find(({ rows: [head] }) => head?.[0] === "rule" && head[1] === "fits")?.rows.slice(2) ??
    [];

  it.each(rows.map((row) => [row[0] ?? "", row] as const))("%s", (_rule, [rule, fits, fitsNot, missing]) => {
    const [a] = valuesIn(rule);
    const answer = (attributes: object) => matchesRule(attributes, { a }, START);
    expect(valuesIn(fits).filter((value) => !answer({ a: value }))).toEqual([]);
    expect(valuesIn(fitsNot).filter((value) => answer({ a: value }))).toEqual([]);
    expect([answer({}), answer({ a: null })]).toEqual(missing === "fits" ? [true, true] : [false, false]);
  });

  /** What the words about missing values amount to, asked of each row of an operator. */
  const WORDS: readonly (readonly [RegExp, (rule: object, missing: boolean) => boolean])[] = [
    [/^does not fit$/, (_rule, missing) => !missing],
    [/^fits(: |$)/, (_rule, missing) => missing],
    [/^counts as 0\b/, (rule, missing) => matchesRule({ a: 0 }, { a: rule }, START) === missing],
    [/^counts as version `"0"`/, (rule, missing) => matchesRule({ a: "0" }, { a: rule }, START) === missing],
    [
      /^does not fit; fits only if the value asked for is `null`$/,
      (rule, missing) => (Object.values(rule)[0] === null) === missing,
    ],
    [/^`false` fits, `true` does not$/, (rule, missing) => Object.values(rule)[0] !== missing],
    [/^fits only `"null"`$/, (rule, missing) => (Object.values(rule)[0] === "null") === missing],
    [
      /^fits if what stands inside does not$/,
      (rule, missing) => matchesRule({}, { a: Object.values(rule)[0] }, START) !== missing,
    ],
  ];
  const words =
    reference.tables.find(({ rows: [head] }) => head?.[0] === "at an attribute")?.rows.slice(2) ?? [];

  it.each(words.map((row) => [row[0] ?? "", row] as const))(
    "says in words what a missing value is to %s",
    (name, row) => {
      const operator = name.replaceAll("`", "");
      const asked = rows
        .flatMap(([rule, , , missing]) =>
          valuesIn(rule).map((one) => [one as object, missing === "fits"] as const),
        )
        .filter(([rule]) => typeof rule === "object" && rule !== null && operator in rule);
      expect(asked.length).toBeGreaterThan(0);
      const meant = WORDS.filter(([pattern]) => pattern.test(row[3] ?? ""));
      expect(meant.length).toBe(1);
      expect(asked.filter(([rule, missing]) => !meant[0]?.[1](rule, missing))).toEqual([]);
    },
  );

  it("has every operator", () => {
    const said = rows.map(([rule]) => rule).join(" ");
    expect(ATTRIBUTE_OPERATORS.filter((operator) => !said.includes(`"${operator}"`))).toEqual([]);
  });
});

/** Everything that conditions in a value say: leaves, their states, operators, signals. */
function wordsIn(node: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(node)) for (const one of node) wordsIn(one, found);
  else if (typeof node === "object" && node !== null) {
    const [first = ""] = Object.keys(node);
    for (const [key, one] of Object.entries(node)) {
      if (key.startsWith("$")) found.add(key);
      if (key === first && isCondition(node as never)) found.add(key);
      if (key === "is" || key === "signal") found.add(`${first} ${one}`);
      wordsIn(one, found);
    }
  }
  return found;
}

const statesOf = (leaf: "featureLeaf" | "flowLeaf" | "elementLeaf") =>
  flowSchema.$defs[leaf].properties.is.enum;
const LEAVES = ["all", "any", "not", ...LEAF_KEYS];
const STATES = [
  ...statesOf("featureLeaf").map((is) => `feature ${is}`),
  ...statesOf("flowLeaf").map((is) => `flow ${is}`),
  ...statesOf("elementLeaf").map((is) => `element ${is}`),
  ...flowSchema.$defs.signalLeaf.properties.signal.enum.map((name) => `signal ${name}`),
];

describe("the examples", () => {
  /** Words of all definitions that some claim of the page runs. */
  const run = (page: Page) =>
    wordsIn([
      ...page.claims.flatMap(({ about }) => about.map(parse)),
      ...jsonOf(page).filter((one) => "where" in one),
    ]);

  it("of the reference run every condition, state and signal", () => {
    const words = run(reference);
    expect([...LEAVES, ...STATES].filter((word) => !words.has(word))).toEqual([]);
  });

  it("of the guide run every condition and every attribute operator", () => {
    const words = run(authoring);
    expect([...LEAVES, ...ATTRIBUTE_OPERATORS].filter((word) => !words.has(word))).toEqual([]);
  });

  it("of the guide name and run every reason why a hint is not shown", () => {
    const said = authoring.tables.flatMap(({ rows }) => rows.map(([cell]) => cell));
    expect([...REASONS, ...END_REASONS].filter((reason) => !said.includes(`\`${reason}\``))).toEqual([]);
    const answers = authoring.claims.flatMap(({ rows }) => rows.map(([, , answer]) => answer)).join(" ");
    const ran = REASONS.filter((reason) =>
      answers.includes(reason === "holdout" ? "withheld" : `\`${reason}\``),
    );
    expect(REASONS.filter((reason) => !ran.includes(reason))).toEqual([]);
  });
});

it("runs all that the pages claim", () => {
  const count = (of: (page: Page) => number) => pages.map(of);
  const blocks = count((page) => blocksOf(page).length);
  const tables = count((page) => page.claims.length);
  const claims = count(
    (page) => page.claims.flatMap(({ rows }) => rows).filter(([, , answer]) => answer !== "").length,
  );
  console.log(`authoring and reference: ${blocks} blocks, ${claims} claimed outcomes in ${tables} tables`);
  expect(blocks[0]).toBeGreaterThanOrEqual(74);
  expect(blocks[1]).toBeGreaterThanOrEqual(72);
  expect(claims[0]).toBeGreaterThanOrEqual(218);
  expect(claims[1]).toBeGreaterThanOrEqual(129);
});
