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
  const each = (rules: unknown) => (rules as Dict[]).map((one) => matches(attributes, one, now));
  return Object.entries(rule).every(([key, value]) => {
    if (key === "$and") return each(value).every(Boolean);
    if (key === "$or" || key === "$nor") {
      const results = each(value);
      return (results.length === 0 || results.some(Boolean)) === (key === "$or");
    }
    if (key === "$not") return !matches(attributes, value as Dict, now);
    return matchesValue(value, readPath(attributes, key), now);
  });
}

/** The value at a dotted path, `null` where there is none. */
export function readPath(root: unknown, path: string): unknown {
  let value = root;
  for (const part of path.split(".")) {
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
  return Object.entries(wanted).every(([operator, expected]) => applies(operator, value, expected, now));
}

const fold = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);

function isIn(value: unknown, list: unknown, map: (value: unknown) => unknown): boolean {
  if (!Array.isArray(list)) return false;
  const folded = list.map(map);
  return Array.isArray(value) ? value.some((one) => folded.includes(map(one))) : folded.includes(map(value));
}

/** Versions as strings that sort: `"1.9.0"` before `"1.10.0"`, a release after its pre-releases. */
function sortableVersion(value: unknown): string {
  const text = typeof value === "number" ? `${value}` : typeof value === "string" && value ? value : "0";
  const parts = text.replace(/(^v|\+.*$)/g, "").split(/[-.]/);
  if (parts.length === 3) parts.push("~");
  return parts.map((part) => (/^[0-9]+$/.test(part) ? part.padStart(5, " ") : part)).join("-");
}

/** `<`, `<=`, `>`, `>=` by the operator's last letters, as JavaScript compares. */
function compares(operator: string, left: unknown, right: unknown): boolean {
  const a = left as number;
  const b = right as number;
  if (operator === "lt") return a < b;
  if (operator === "lte") return a <= b;
  if (operator === "gt") return a > b;
  return operator === "gte" && a >= b;
}

const identity = (value: unknown) => value;

function applies(operator: string, value: unknown, expected: unknown, now: number): boolean {
  switch (operator) {
    case "$eq":
      return value === expected;
    case "$ne":
      return value !== expected;
    case "$lt":
    case "$lte":
    case "$gt":
    case "$gte":
      return compares(operator.slice(1), value, expected);
    case "$veq":
      return sortableVersion(value) === sortableVersion(expected);
    case "$vne":
      return sortableVersion(value) !== sortableVersion(expected);
    case "$vlt":
    case "$vlte":
    case "$vgt":
    case "$vgte":
      return compares(operator.slice(2), sortableVersion(value), sortableVersion(expected));
    case "$in":
    case "$ini":
      return isIn(value, expected, operator === "$in" ? identity : fold);
    case "$nin":
    case "$nini":
      return Array.isArray(expected) && !isIn(value, expected, operator === "$nin" ? identity : fold);
    case "$exists":
      return expected ? value != null : value == null;
    case "$type":
      return (value === null ? "null" : Array.isArray(value) ? "array" : typeof value) === expected;
    case "$not":
      return !matchesValue(expected, value, now);
    case "$size":
      return Array.isArray(value) && matchesValue(expected, value.length, now);
    case "$all":
      return (
        Array.isArray(expected) &&
        Array.isArray(value) &&
        expected.every((one) => value.some((element) => matchesValue(one, element, now)))
      );
    case "$elemMatch":
      return (
        Array.isArray(value) &&
        isDict(expected) &&
        value.some(
          (element) =>
            element != null &&
            (isOperators(expected) ? matchesValue(expected, element, now) : matches(element, expected, now)),
        )
      );
    case "$contains":
    case "$startsWith":
    case "$endsWith": {
      if (typeof value !== "string" || typeof expected !== "string") return false;
      const text = value.toLowerCase();
      const part = expected.toLowerCase();
      if (operator === "$contains") return text.includes(part);
      return operator === "$endsWith" ? text.endsWith(part) : text.startsWith(part);
    }
    case "$ago":
    case "$ahead": {
      const moment = parseMoment(value);
      if (moment === undefined || !isDict(expected)) return false;
      const distance = operator === "$ago" ? now - moment : moment - now;
      // `$ahead` is about the future only; a moment that is just now lies behind.
      if (operator === "$ago" ? distance < 0 : distance <= 0) return false;
      return Object.entries(expected).every(([comparison, duration]) => {
        const ms = parseDuration(duration);
        return ms !== undefined && compares(comparison.slice(1), distance, ms);
      });
    }
    default:
      return false;
  }
}
