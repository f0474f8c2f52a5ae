import { fieldsOf, isObject, jsonType, pointer, typeInWords } from "./json-type.ts";
import { type Run, report } from "./run.ts";
import type { SchemaNode } from "./schema-node.ts";
import { suggestValue } from "./suggest-value.ts";
import { asClause, either, nearest, quote, show, withArticle } from "./wording.ts";

type Fields = { readonly [key: string]: unknown };

/**
 * Checks a value against a schema and reports what is wrong; true where its shape is right. The depth of the
 * value must have been bounded before: this recurses.
 */
export function checkShape(
  node: SchemaNode,
  value: unknown,
  path: string,
  run: Run,
  union?: SchemaNode,
): boolean {
  if (node.branches.length > 0) {
    const branch = chooseBranch(node, value, path, run);
    return (
      branch !== undefined &&
      checkShape(branch, value, path, run, node) &&
      checkBeyond(node, value, path, run)
    );
  }
  if (!hasType(node, value)) return wrongType(node, value, path, run);
  if (!checkScalar(node, value, path, run)) return false;
  let right = true;
  if (Array.isArray(value)) right = checkList(node, value, path, run);
  else if (isObject(value)) right = checkFields(node, value, path, run, union);
  return right && checkBeyond(node, value, path, run);
}

function checkBeyond({ raw }: SchemaNode, value: unknown, path: string, run: Run): boolean {
  if (raw["x-reference"] !== undefined)
    run.references.push({ kind: raw["x-reference"], id: value as string, path });
  for (const name of raw["x-check"] ?? []) run.checks[name]?.(value, path, run);
  return true;
}

function hasType({ types }: SchemaNode, value: unknown): boolean {
  if (types === undefined) return true;
  const type = jsonType(value);
  return types.some((wanted) => wanted === type || (wanted === "integer" && Number.isInteger(value)));
}

function wrongType(node: SchemaNode, value: unknown, path: string, run: Run): false {
  const { raw } = node;
  const expected = typeInWords(node.types ?? []);
  const found = show(value);
  if (raw["x-code"] !== undefined) return badValue(node, value, path, run);
  const fix =
    raw["x-expected"] ?? (raw.enum === undefined ? `write ${expected}` : `write ${either(raw.enum)}`);
  report(run, path, "wrong-type", `found ${found} where ${expected} is expected`, fix);
  return false;
}

/** Everything that can be wrong with a value that has a code of its own is said in one way. */
function badValue({ raw }: SchemaNode, value: unknown, path: string, run: Run): false {
  const code = raw["x-code"] ?? "not-allowed-value";
  const expected = raw["x-expected"] ?? "write another value";
  const message = `${show(value)} is not ${withArticle(raw.title ?? "allowed value")}`;
  report(run, path, code, message, suggestValue(code, value, expected));
  return false;
}

function checkScalar(node: SchemaNode, value: unknown, path: string, run: Run): boolean {
  const { raw, pattern } = node;
  const own = raw["x-code"] !== undefined;
  if (raw.enum !== undefined && !raw.enum.some((allowed) => allowed === value)) {
    if (own) return badValue(node, value, path, run);
    const meant = typeof value === "string" ? nearest(value, raw.enum.map(String)) : undefined;
    const fix = meant === undefined ? `write ${either(raw.enum)}` : `write ${quote(meant)}`;
    report(run, path, "not-allowed-value", `${show(value)} is not one of ${either(raw.enum)}`, fix);
    return false;
  }
  if (typeof value === "string") {
    const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = raw;
    const tooShort = value.length < minLength;
    const tooLong = value.length > maxLength && codePoints(value) > maxLength;
    if (!tooShort && !tooLong)
      return pattern === undefined || pattern.test(value) || badValue(node, value, path, run);
    if (own) return badValue(node, value, path, run);
    const fix = tooShort
      ? "write some text, or leave the field out"
      : `write at most ${maxLength} characters`;
    report(
      run,
      path,
      "wrong-length",
      tooShort ? "the text is empty" : `the text has ${value.length} characters`,
      fix,
    );
    return false;
  }
  if (typeof value === "number") return checkNumber(node, value, path, run);
  return true;
}

function checkNumber({ raw }: SchemaNode, value: number, path: string, run: Run): boolean {
  const { minimum, exclusiveMinimum, maximum } = raw;
  const tooSmall =
    value < (minimum ?? Number.NEGATIVE_INFINITY) || value <= (exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
  if (!tooSmall && value <= (maximum ?? Number.POSITIVE_INFINITY)) return true;
  const least = exclusiveMinimum === undefined ? `from ${minimum}` : `above ${exclusiveMinimum}`;
  const range = maximum === undefined ? least : `${least} to ${maximum}`;
  report(
    run,
    path,
    "out-of-range",
    `${value} is too ${tooSmall ? "small" : "great"}`,
    `write a number ${range}`,
  );
  return false;
}

function checkList({ raw, items }: SchemaNode, value: readonly unknown[], path: string, run: Run): boolean {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = raw;
  let right = true;
  if (value.length < minItems || value.length > maxItems) {
    const wanted =
      minItems === maxItems
        ? `exactly ${minItems}`
        : value.length < minItems
          ? `at least ${minItems}`
          : `at most ${maxItems}`;
    const entries = value.length === 1 ? "1 entry" : `${value.length} entries`;
    const fix = `write ${wanted}`;
    report(run, path, "wrong-length", `the list has ${entries}`, fix);
    // A list that is far too long would only repeat itself below.
    if (value.length > maxItems) return false;
    right = false;
  }
  if (items === undefined) return right;
  for (const [index, entry] of value.entries()) {
    if (!checkShape(items, entry, pointer(path, index), run)) right = false;
  }
  return right;
}

function checkFields(
  node: SchemaNode,
  value: Fields,
  path: string,
  run: Run,
  union: SchemaNode | undefined,
): boolean {
  const { raw } = node;
  const fields = fieldsOf(value);
  let right = true;
  if (fields.length < (raw.minProperties ?? 0)) {
    const fix = raw["x-expected"] ?? fieldList(node) ?? "write at least one field, or leave the object out";
    report(run, path, "wrong-length", `${withArticle(raw.title ?? "object")} is empty`, fix);
    right = false;
  }
  for (const name of raw.required ?? []) {
    if (Object.hasOwn(value, name) && value[name] !== undefined) continue;
    const expected = node.properties.get(name)?.raw["x-expected"]?.replace(/^write /, "");
    const wanted = expected ?? asClause(node.descriptions.get(name) ?? "");
    report(
      run,
      path,
      "missing-field",
      `${withArticle(raw.title ?? "object")} has no "${name}"`,
      `add "${name}": ${wanted}`,
    );
    right = false;
  }
  for (const name of fields) {
    const at = pointer(path, name);
    if (node.names !== undefined && !checkShape(node.names, name, at, run)) right = false;
    else {
      const property = node.properties.get(name) ?? node.additional;
      if (property === false) right = unknownField(node, name, at, value, run, union);
      else if (property !== true && !checkShape(property, value[name], at, run)) right = false;
    }
  }
  return right;
}

function unknownField(
  node: SchemaNode,
  name: string,
  at: string,
  value: Fields,
  run: Run,
  union: SchemaNode | undefined,
): false {
  const { raw } = node;
  const owner = withArticle(raw.title ?? "object");
  const own = discriminatingKey(node) ?? "";
  if (union?.branches.some((branch) => discriminatingKey(branch) === name)) {
    const what = union.raw.title ?? "value";
    const fix =
      what === "condition"
        ? `write each as an object of its own: {"all": [{"${own}": …}, {"${name}": …}]}`
        : `write each as an object of its own, in a list: [{"${own}": …}, {"${name}": …}]`;
    report(run, at, "conflicting-fields", `"${own}" and "${name}" stand in one object: two ${what}s`, fix);
    return false;
  }
  const hint = hintFor(node, name);
  const meant = nearest(
    name,
    [...node.properties.keys()].filter((key) => !Object.hasOwn(value, key)),
  );
  const fix = hint ?? (meant === undefined ? (fieldList(node) ?? "remove it") : `did you mean "${meant}"?`);
  report(run, at, "unknown-field", `unknown field ${quote(name)} in ${owner}`, fix);
  return false;
}

function hintFor({ raw }: SchemaNode, field: string): string | undefined {
  const hints = raw["x-hints"] ?? {};
  return Object.hasOwn(hints, field) ? hints[field] : undefined;
}

function fieldList({ properties, raw }: SchemaNode): string | undefined {
  const names = [...properties.keys()].filter((name) => name !== "$schema");
  return names.length === 0 ? undefined : `${withArticle(raw.title ?? "object")} may have ${either(names)}`;
}

/** The first field a branch must have names it: `event`, `snooze`, `all`. */
function discriminatingKey({ raw }: SchemaNode): string | undefined {
  return raw.required?.[0];
}

/** Finds the member of a union that the author meant, so that problems are those of that member alone. */
function chooseBranch(union: SchemaNode, value: unknown, path: string, run: Run): SchemaNode | undefined {
  const { raw } = union;
  const typed = union.branches.filter((branch) => hasType(branch, value));
  if (!isObject(value) || typed.length < 2) {
    if (typed[0] !== undefined) return typed[0];
    const expected = withArticle(raw.title ?? "value");
    const fix = raw["x-expected"] ?? `write ${expected}`;
    report(run, path, "wrong-type", `found ${show(value)} where ${expected} is expected`, fix);
    return undefined;
  }
  if (raw.discriminator !== undefined)
    return chooseByValue(union, raw.discriminator.propertyName, value, path, run);
  const fields = fieldsOf(value);
  for (const field of fields) {
    const branch = typed.find((candidate) => discriminatingKey(candidate) === field);
    if (branch !== undefined) return branch;
  }
  const names = typed.map((branch) => discriminatingKey(branch) ?? "");
  const what = raw.title ?? "value";
  const code = raw["x-code-branch"] ?? "unknown-field";
  const written = fields.find((field) => nearest(field, names) !== undefined) ?? fields[0];
  const hint = fields.map((field) => hintFor(union, field)).find((text) => text !== undefined);
  if (written === undefined) {
    report(
      run,
      path,
      code,
      `an empty object is not ${withArticle(what)}`,
      raw["x-expected"] ?? `write ${either(names)}`,
    );
  } else {
    const meant = nearest(written, names);
    const fix =
      hint ??
      (meant === undefined
        ? `${withArticle(what)} begins with ${either(names)}`
        : `did you mean "${meant}"?`);
    report(run, pointer(path, written), code, `no ${what} is called ${quote(written)}`, fix);
  }
  return undefined;
}

function chooseByValue(
  union: SchemaNode,
  key: string,
  value: Fields,
  path: string,
  run: Run,
): SchemaNode | undefined {
  const written = Object.hasOwn(value, key) ? value[key] : undefined;
  const allowed = union.branches.map((branch) => branch.properties.get(key)?.raw.enum ?? []);
  const index = allowed.findIndex((values) => values.some((one) => one === written));
  if (index >= 0) return union.branches[index];
  const owner = withArticle(union.raw.title ?? "object");
  const names = allowed.flat();
  if (written === undefined) {
    report(run, path, "missing-field", `${owner} has no "${key}"`, `add "${key}": ${either(names)}`);
  } else {
    const meant = typeof written === "string" ? nearest(written, names.map(String)) : undefined;
    const fix = `write ${meant === undefined ? either(names) : quote(meant)}`;
    report(run, pointer(path, key), "not-allowed-value", `${show(written)} is not a ${key} of ${owner}`, fix);
  }
  return undefined;
}

/** JSON Schema counts characters by code point, JavaScript by UTF-16 unit. */
function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
