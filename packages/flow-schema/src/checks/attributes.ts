import { ATTRIBUTE_OPERATORS } from "../condition.ts";
import { parseDuration } from "../duration.ts";
import { isObject, pointer } from "../json-type.ts";
import { type Run, report } from "../run.ts";
import { nearest, quote, show } from "../wording.ts";

type Fields = { readonly [key: string]: unknown };

const GROUPS: ReadonlySet<string> = /* @__PURE__ */ new Set(["$and", "$or", "$nor"]);
const OPERATORS: ReadonlySet<string> = /* @__PURE__ */ new Set(ATTRIBUTE_OPERATORS);
const COMPARISONS: ReadonlySet<string> = /* @__PURE__ */ new Set(["$lt", "$lte", "$gt", "$gte"]);
const TYPES = ["string", "number", "boolean", "array", "object", "null", "undefined", "unknown"];

interface Wanted {
  readonly fits: (value: unknown) => boolean;
  readonly expected: string;
  readonly example: string;
}

const LIST: Wanted = { fits: Array.isArray, expected: "a list", example: '["trial", "pro"]' };
const COMPARABLE: Wanted = {
  fits: (value) => typeof value === "number" || typeof value === "string",
  expected: "a number, text or date",
  example: "5",
};
const WORDS: Wanted = { fits: (value) => typeof value === "string", expected: "text", example: '"admin"' };
const VERSION: Wanted = { ...WORDS, expected: "a version", example: '"1.2.3"' };
const DURATIONS: Wanted = {
  fits: isFilled,
  expected: "comparisons with durations",
  example: '{"$lte": "3d"}',
};

/** What each operator asks of its value; `$eq`, `$ne` and `$not` take anything. */
const WANTED: { readonly [operator: string]: Wanted } = {
  $lt: COMPARABLE,
  $lte: COMPARABLE,
  $gt: COMPARABLE,
  $gte: COMPARABLE,
  $in: LIST,
  $nin: LIST,
  $ini: LIST,
  $nini: LIST,
  $all: LIST,
  $exists: { fits: (value) => typeof value === "boolean", expected: "true or false", example: "true" },
  $type: {
    fits: (value) => typeof value === "string" && TYPES.includes(value),
    expected: "the name of a type",
    example: '"string"',
  },
  $size: {
    fits: (value) => isFilled(value) || (Number.isInteger(value) && (value as number) >= 0),
    expected: "a whole number or operators",
    example: "2",
  },
  $elemMatch: { fits: isFilled, expected: "a rule or operators", example: '{"role": "admin"}' },
  $veq: VERSION,
  $vne: VERSION,
  $vlt: VERSION,
  $vlte: VERSION,
  $vgt: VERSION,
  $vgte: VERSION,
  $contains: WORDS,
  $startsWith: WORDS,
  $endsWith: WORDS,
  $ago: DURATIONS,
  $ahead: DURATIONS,
};

function isFilled(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}

/** Checks an attribute rule to its leaves: operators known, nothing empty, each operator's value of its type. */
export function checkAttributes(value: unknown, path: string, run: Run): void {
  checkRule(value, path, run);
}

function checkRule(rule: unknown, path: string, run: Run): void {
  if (!isObject(rule)) {
    bad(
      run,
      path,
      `found ${show(rule)} where an attribute rule is expected`,
      'write a rule such as {"plan": "trial"}',
    );
    return;
  }
  const keys = Object.keys(rule);
  if (keys.length === 0)
    bad(run, path, "an attribute rule is empty", "write at least one attribute, or leave the rule out");
  for (const key of keys) {
    const at = pointer(path, key);
    const value = rule[key];
    if (GROUPS.has(key)) checkRules(value, at, run);
    else if (key === "$not") checkRule(value, at, run);
    else if (key.startsWith("$")) unknownOperator(key, at, run, [...GROUPS, "$not"], "before an attribute");
    else {
      if (key.split(".").some((part) => part.trim() === ""))
        bad(
          run,
          at,
          `the attribute path ${quote(key)} has an empty part`,
          'write a path such as "plan" or "address.city"',
        );
      checkTest(value, at, run);
    }
  }
}

function checkRules(value: unknown, path: string, run: Run): void {
  if (!Array.isArray(value) || value.length === 0) {
    bad(
      run,
      path,
      `found ${show(value)} where a list of rules is expected`,
      'write a list such as [{"plan": "trial"}, {"plan": "pro"}]',
    );
    return;
  }
  for (const [index, rule] of value.entries()) checkRule(rule, pointer(path, index), run);
}

/** What stands at an attribute: a value to equal, or operators. */
function checkTest(value: unknown, path: string, run: Run): void {
  if (!isObject(value)) return;
  const keys = Object.keys(value);
  const operators = keys.filter((key) => key.startsWith("$"));
  if (keys.length === 0)
    bad(
      run,
      path,
      "the object of operators is empty",
      'write an operator such as {"$in": ["trial", "pro"]}, or a value',
    );
  else if (operators.length > 0 && operators.length < keys.length) {
    const other = keys.find((key) => !key.startsWith("$")) ?? "";
    bad(
      run,
      path,
      `operators and the field ${quote(other)} stand in one object`,
      'write only operators, or a path with dots such as "address.city"',
    );
  } else for (const key of operators) checkOperator(key, value, pointer(path, key), run);
}

function checkOperator(operator: string, fields: Fields, path: string, run: Run): void {
  const value = fields[operator];
  const wanted = Object.hasOwn(WANTED, operator) ? WANTED[operator] : undefined;
  if (!OPERATORS.has(operator)) unknownOperator(operator, path, run, OPERATORS, "");
  else if (wanted !== undefined && !wanted.fits(value)) wrong(operator, value, wanted, path, run);
  else if (operator === "$all") {
    for (const [index, entry] of (value as readonly unknown[]).entries())
      checkTest(entry, pointer(path, index), run);
  } else if (operator === "$size" || operator === "$not") checkTest(value, path, run);
  else if (operator === "$elemMatch") {
    // One entry of the list is asked: by operators where it is a value, by a rule where it has fields.
    const byOperators = Object.keys(value as Fields).some(
      (key) => key.startsWith("$") && !GROUPS.has(key) && key !== "$not",
    );
    if (byOperators) checkTest(value, path, run);
    else checkRule(value, path, run);
  } else if (operator === "$ago" || operator === "$ahead")
    checkDurations(operator, value as Fields, path, run);
}

function checkDurations(operator: string, comparisons: Fields, path: string, run: Run): void {
  for (const [key, duration] of Object.entries(comparisons)) {
    const at = pointer(path, key);
    if (!COMPARISONS.has(key)) unknownOperator(key, at, run, COMPARISONS, `in "${operator}"`);
    else if (parseDuration(duration) === undefined) {
      const fix = 'write a duration such as "3d": a whole number and s, m, h, d or w';
      report(run, at, "bad-duration", `${show(duration)} is not a duration`, fix);
    }
  }
}

function unknownOperator(key: string, path: string, run: Run, known: Iterable<string>, where: string): void {
  const names = [...known];
  const meant = nearest(key, names);
  const fix = /regex/i.test(key)
    ? "use $contains, $startsWith or $endsWith; regular expressions are not possible"
    : meant === undefined
      ? `write one of ${names.join(" ")}`
      : `did you mean "${meant}"?`;
  report(
    run,
    path,
    "unknown-operator",
    `no operator ${where === "" ? "" : `${where} `}is called ${quote(key)}`,
    fix,
  );
}

function wrong(operator: string, value: unknown, wanted: Wanted, path: string, run: Run): void {
  const message = `"${operator}" has ${show(value)} where ${wanted.expected} is expected`;
  bad(run, path, message, `write a value such as {"${operator}": ${wanted.example}}`);
}

function bad(run: Run, path: string, message: string, fix: string): void {
  report(run, path, "bad-attribute-rule", message, fix);
}
