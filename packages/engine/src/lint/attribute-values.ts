import type { Json } from "@cairn/flow-schema";
import { matchesRule } from "../attribute.ts";
import { parseMoment } from "../moment.ts";
import type { AttributeClaim, ThrowsClaim } from "./claim.ts";
import { foldsCanHold } from "./folded-text.ts";
import type { Literal } from "./formula.ts";
import { orderCanHold } from "./order.ts";

type Test = Literal<AttributeClaim>;

/** A moment that no constant of a definition is likely to hit. */
const NOW = Date.UTC(2041, 6, 17, 3, 7, 11, 13);
const COMPARISONS = ["$lt", "$lte", "$gt", "$gte"];
const VERSIONS = ["$veq", "$vlt", "$vlte", "$vgt", "$vgte"];
const FOLDED = ["$ini", "$contains", "$startsWith", "$endsWith"];

/** Operators that turn the value into text or a number; on some objects that throws. */
export const coerces = ({ operator, expected }: Pick<AttributeClaim, "operator" | "expected">): boolean =>
  operator === ""
    ? typeof expected === "string" || typeof expected === "number"
    : [...COMPARISONS, "$all", "$elemMatch"].includes(operator);

/**
 * Whether one attribute can have a value for which all tests come out as assumed; `false` only where proven.
 *
 * Values are looked at by kind. On values that matter by themselves (null, true, each text and number that the tests
 * name, and one between each two of them) the engine's own `matchesRule` answers. What is left is texts, lists and
 * objects that no test names: of these each test sees one side only (the text's place in the alphabet, the number it
 * reads as, how long ago it is …), and the sides are taken to be independent, which can only find too many values.
 */
export function attributeCanHold(
  literals: readonly Literal<AttributeClaim | ThrowsClaim>[],
  singleValues: boolean,
): boolean {
  const tests = literals.filter((one): one is Test => one.claim.type === "attribute");
  const throws = literals.some(({ claim, holds }) => claim.type === "throws" && holds);
  if (throws) {
    const seen = tests.filter(({ claim }) => !coerces(claim));
    return !singleValues && (listCanBe(seen) || objectCanBe(seen));
  }
  return (
    [null, undefined, true, false].some((value) => agree(value, tests)) ||
    numberCanBe(tests) ||
    textCanBe(tests) ||
    (!singleValues && (listCanBe(tests) || objectCanBe(tests)))
  );
}

function fits(value: unknown, { operator, expected }: AttributeClaim): boolean {
  return matchesRule({ v: value }, { v: operator === "" ? expected : { [operator]: expected } }, NOW);
}
const agree = (value: unknown, tests: readonly Test[]) =>
  tests.every(({ claim, holds }) => fits(value, claim) === holds);

const uses = (operators: readonly string[]) => (test: Test) => operators.includes(test.claim.operator);
const isDate = uses(["$ago", "$ahead"]);
const isVersion = uses(VERSIONS);
const isFolded = uses(FOLDED);
const comparesOrIs = ({ claim }: Test, type: "string" | "number") =>
  ["", ...COMPARISONS].includes(claim.operator) && typeof claim.expected === type;
const without = (tests: readonly Test[], ...sides: ((test: Test) => boolean)[]) =>
  tests.filter((test) => !sides.some((side) => side(test)));

/** All plain values that the tests name. */
function constants(tests: readonly Test[]): readonly Json[] {
  return tests.flatMap(({ claim: { expected } }) =>
    Array.isArray(expected) ? (expected as Json[]) : [expected],
  );
}

/** Every number at which a test may change its answer, and numbers between and beyond them. */
function numbersFor(tests: readonly Test[]): readonly number[] {
  const marks = [0];
  for (const one of constants(tests)) {
    const mark = typeof one === "string" || typeof one === "number" ? Number(one) : Number.NaN;
    if (Number.isFinite(mark)) marks.push(mark);
  }
  const sorted = [...new Set(marks)].sort((a, b) => a - b);
  const between = sorted.slice(1).map((mark, i) => (mark + (sorted[i] ?? 0)) / 2);
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  const beyond = [least - 1 - Math.abs(least), most + 1 + Math.abs(most)];
  return [...sorted, ...between, ...beyond, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
}

function numberCanBe(tests: readonly Test[]): boolean {
  const plain = without(tests, isDate, isVersion);
  return (
    datesCanBe(tests.filter(isDate), true) &&
    orderCanHold(tests.filter(isVersion), "version", true) &&
    numbersFor(plain).some((number) => agree(number, plain))
  );
}

/** The number that a text or list reads as, or none. */
const readsAs = (tests: readonly Test[]) => {
  const numeric = tests.filter((test) => comparesOrIs(test, "number"));
  return numeric.length === 0 || numbersFor(numeric).some((number) => agree(number, numeric));
};

function textCanBe(tests: readonly Test[]): boolean {
  const dates = tests.filter(isDate);
  const named = new Set(["", ...constants(tests).filter((one): one is string => typeof one === "string")]);
  for (const text of named)
    if (agree(text, without(tests, isDate)) && datesCanBe(dates, parseMoment(text) === undefined, text))
      return true;
  const isNumeric = (test: Test) => comparesOrIs(test, "number");
  const isOrdered = (test: Test) => comparesOrIs(test, "string") && test.claim.operator !== "";
  const plain = without(tests, isDate, isVersion, isFolded, isNumeric, isOrdered);
  return (
    agree(another(named), plain) &&
    datesCanBe(dates, true) &&
    readsAs(tests) &&
    orderCanHold(tests.filter(isOrdered), "text", false) &&
    orderCanHold(tests.filter(isVersion), "version", true) &&
    foldsCanHold(tests.filter(isFolded))
  );
}

/** A text that no test names. */
function another(named: ReadonlySet<string>): string {
  let text = "another text";
  while (named.has(text)) text += "…";
  return text;
}

function listCanBe(tests: readonly Test[]): boolean {
  const isOrdered = (test: Test) => comparesOrIs(test, "string");
  const isNumeric = (test: Test) => comparesOrIs(test, "number");
  const asksInside = uses(["$in", "$ini", "$all", "$elemMatch", "$size"]);
  const isTree = ({ claim }: Test) =>
    claim.operator === "" && typeof claim.expected === "object" && claim.expected !== null;
  return (
    agree([], without(tests, isOrdered, isNumeric, asksInside, isTree)) &&
    readsAs(tests) &&
    orderCanHold(tests.filter(isOrdered), "text", true) &&
    entriesCanBe(tests.filter(asksInside))
  );
}

/** What a list may hold: some of each list that must meet it, none of those that must not. */
function entriesCanBe(tests: readonly Test[]): boolean {
  const sizes = tests.filter(({ claim }) => claim.operator === "$size" && typeof claim.expected === "number");
  const [size, ...others] = sizes.filter(({ holds }) => holds).map(({ claim }) => Number(claim.expected));
  if (size !== undefined) {
    if (size < 0 || !Number.isInteger(size) || others.some((other) => other !== size)) return false;
    if (sizes.some(({ claim, holds }) => !holds && claim.expected === size)) return false;
  }
  for (const { claim, holds } of tests) {
    const wanted = Array.isArray(claim.expected) ? (claim.expected as readonly Json[]) : [];
    if (claim.operator === "$all" && !holds && wanted.length === 0) return false;
    if ((claim.operator !== "$in" && claim.operator !== "$ini") || !holds) continue;
    if (size === 0) return false;
    const barred = tests
      .filter((other) => !other.holds && other.claim.operator === claim.operator)
      .flatMap((other) => [other.claim.expected].flat() as Json[]);
    const fold = (one: Json) =>
      claim.operator === "$ini" && typeof one === "string" ? one.toLowerCase() : one;
    const out = new Set(barred.map(fold));
    if (wanted.every((one) => out.has(fold(one)))) return false;
  }
  return true;
}

/** Objects are alike to all tests but those that compare them as trees. */
function objectCanBe(tests: readonly Test[]): boolean {
  const isTree = ({ claim }: Test) =>
    claim.operator === "" && typeof claim.expected === "object" && claim.expected !== null;
  return agree({}, without(tests, isTree));
}

/** How long ago: each duration and what lies between; `orNone`: the value may also be no date at all. */
function datesCanBe(tests: readonly Test[], orNone: boolean, text?: string): boolean {
  if (tests.length === 0) return true;
  if (orNone && agree(Number.NaN, tests)) return true;
  // A text that is no date was asked by itself; one that is one may lie anywhere, because now may.
  if (text !== undefined && parseMoment(text) === undefined) return false;
  const marks = tests
    .flatMap(({ claim }) => Object.values(claim.expected as { readonly [key: string]: Json }))
    .map((duration) => durationMs(duration));
  return [0, ...marks]
    .flatMap((mark) => [mark - 1, mark, mark + 1])
    .flatMap((distance) => [distance, -distance])
    .some((distance) => agree(NOW - distance, tests));
}

const UNITS: { readonly [unit: string]: number } = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };
const durationMs = (duration: Json) =>
  Number.parseInt(`${duration}`, 10) * (UNITS[`${duration}`.slice(-1)] ?? 0);
