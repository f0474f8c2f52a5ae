import { parseDuration } from "@cairn/flow-schema";
import { parseMoment } from "./moment.ts";

/** What an attribute rule is asked with. `now` is for `$ago` and `$ahead`. */
type Dict = { readonly [key: string]: unknown };

const isDict = (value: unknown): value is Dict =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Whether `attributes` match the rule, as GrowthBook's SDK answers: a missing attribute is `null` for every operator
 * (so it passes `{"$lt": 5}` and matches `0`). Never throws.
 */
export function matchesRule(attributes: unknown, rule: unknown, now: number): boolean {
  try {
    return matches(attributes, rule as Dict, now);
  } catch {
    // An attribute with a `toString` of its own cannot be compared.
    return false;
  }
}

function matches(attributes: unknown, rule: Dict, now: number): boolean {
  for (const key of Object.keys(rule)) if (!fits(attributes, key, rule[key], now)) return false;
  return true;
}

function fits(attributes: unknown, key: string, value: unknown, now: number): boolean {
  if (key[0] === "$") {
    const rules = value as Dict[];
    const isTrue = (one: Dict) => matches(attributes, one, now);
    if (key === "$and") return rules.every(isTrue);
    if (key === "$or") return !rules.length || rules.some(isTrue);
    if (key === "$nor") return !!rules.length && !rules.some(isTrue);
    if (key === "$not") return !isTrue(value as Dict);
  }
  return matchesValue(value, readPath(attributes, key), now);
}

/** The value at a dotted path, `null` where there is none. */
export function readPath(root: unknown, path: string): unknown {
  let value = root;
  for (const part of path.includes(".") ? path.split(".") : [path]) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return null;
    value = (value as Dict)[part];
  }
  return value;
}

const isOperators = (value: Dict) => {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => key[0] === "$");
};

function matchesValue(wanted: unknown, value: unknown, now: number): boolean {
  if (typeof wanted === "string") return `${value}` === wanted;
  if (typeof wanted === "number") return (value as number) * 1 === wanted;
  if (typeof wanted === "boolean") return value !== null && !!value === wanted;
  if (wanted === null) return value === null;
  if (!isDict(wanted) || !isOperators(wanted)) return JSON.stringify(value) === JSON.stringify(wanted);
  return Object.entries(wanted).every(([operator, expected]) =>
    applies(operator.slice(1), value, expected, now),
  );
}

const fold = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);

/** Versions as strings that sort: `"1.9.0"` before `"1.10.0"`, a release after its pre-releases. */
function sortableVersion(value: unknown): string {
  const text = typeof value === "number" ? `${value}` : typeof value === "string" && value ? value : "0";
  const parts = text.replace(/(^v|\+.*$)/g, "").split(/[-.]/);
  if (parts.length === 3) parts.push("~");
  return parts.map((part) => (/^[0-9]+$/.test(part) ? part.padStart(5, " ") : part)).join("-");
}

/** Compares as JavaScript does, `null` with numbers too. */
function compares(operator: string, left: unknown, right: unknown): boolean {
  const a = left as number;
  const b = right as number;
  if (operator === "lt") return a < b;
  if (operator === "lte") return a <= b;
  if (operator === "gt") return a > b;
  if (operator === "gte") return a >= b;
  return operator === "ne" ? a !== b : operator === "eq" && a === b;
}

/** One operator, without its `$`. Those that end alike are alike: `vlt` is `lt` of versions, `nin` is not `in`. */
function applies(operator: string, value: unknown, expected: unknown, now: number): boolean {
  const list = Array.isArray(value) ? value : null;
  const wanted = Array.isArray(expected) ? expected : null;
  switch (operator) {
    case "in":
    case "ini": {
      const map = operator === "in" ? (one: unknown) => one : fold;
      const folded = wanted?.map(map);
      return !!folded && (list ?? [value]).some((one) => folded.includes(map(one)));
    }
    case "nin":
    case "nini":
      return !!wanted && !applies(operator.slice(1), value, expected, now);
    case "exists":
      return expected ? value != null : value == null;
    case "type":
      return (value === null ? "null" : list ? "array" : typeof value) === expected;
    case "not":
      return !matchesValue(expected, value, now);
    case "size":
      return !!list && matchesValue(expected, list.length, now);
    case "all":
      return !!list && !!wanted?.every((one) => list.some((element) => matchesValue(one, element, now)));
    case "elemMatch": {
      const match = isOperators(expected as Dict)
        ? matchesValue
        : (rule: unknown, one: unknown) => matches(one, rule as Dict, now);
      return !!list?.some((one) => one != null && match(expected, one, now));
    }
    case "contains":
    case "startsWith":
    case "endsWith": {
      const [text, part] = [fold(value), fold(expected)];
      if (typeof text !== "string" || typeof part !== "string") return false;
      return text[operator === "contains" ? "includes" : operator](part);
    }
    case "ago":
    case "ahead": {
      const distance = (now - (parseMoment(value) ?? Number.NaN)) * (operator === "ago" ? 1 : -1);
      // `$ahead` is about the future only; a moment that is just now lies behind.
      return (
        (distance > 0 || (distance === 0 && operator === "ago")) &&
        Object.entries(expected as Dict).every(([comparison, duration]) =>
          compares(comparison.slice(1), distance, parseDuration(duration)),
        )
      );
    }
    default:
      return operator[0] === "v"
        ? compares(operator.slice(1), sortableVersion(value), sortableVersion(expected))
        : compares(operator, value, expected);
  }
}
