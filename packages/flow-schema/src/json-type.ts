export type JsonType = "null" | "boolean" | "number" | "string" | "array" | "object";

const NAMES: { readonly [type in JsonType | "integer"]: string } = {
  null: "null",
  boolean: "true or false",
  number: "a number",
  integer: "a whole number",
  string: "text in quotes",
  array: "a list",
  object: "an object",
};

/** The JSON type of a value; `undefined` for what JSON cannot say. */
export function jsonType(value: unknown): JsonType | undefined {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "boolean" || type === "number" || type === "string" || type === "object" ? type : undefined;
}

/** "a list", "text in quotes": JSON types in words. */
export function typeInWords(types: Iterable<JsonType | "integer">): string {
  return [...types].map((type) => NAMES[type]).join(" or ");
}

/** True for objects with fields, false for null and lists. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields that are really there; one that is `undefined` is not. */
export function fieldsOf(value: { readonly [key: string]: unknown }): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined);
}

/** One more part of a JSON Pointer. */
export function pointer(path: string, key: string | number): string {
  return typeof key === "number"
    ? `${path}/${key}`
    : `${path}/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`;
}
