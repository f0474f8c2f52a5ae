import { pointer } from "@cairn/flow-schema";

/** What the server writes and ignores: no part of a definition. */
const SERVER_FIELDS = ["version", "publishedAt"];

/** A definition as a file: two spaces, the author's own order, a line's end at the end. The same definition is the same bytes. */
export function canonicalText(body: unknown): string {
  return `${JSON.stringify(ownFields(body), null, 2)}\n`;
}

/** Without what the server adds. */
export function ownFields(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([field]) => !SERVER_FIELDS.includes(field)));
}

/** One place where two definitions differ; `undefined` where there is nothing. */
export interface Difference {
  /** JSON Pointer. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Where two definitions differ, in the order of the first, then of what is new. */
export function differencesOf(from: unknown, to: unknown, path = ""): readonly Difference[] {
  if (isObject(from) && isObject(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    const found = keys.flatMap((key) => differencesOf(from[key], to[key], pointer(path, key)));
    const order =
      Object.keys(from)
        .filter((key) => key in to)
        .join() !==
      Object.keys(to)
        .filter((key) => key in from)
        .join();
    return found.length === 0 && order ? [{ path, from: "(another order)", to: "(this order)" }] : found;
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const length = Math.max(from.length, to.length);
    return Array.from({ length }, (_, i) => differencesOf(from[i], to[i], `${path}/${i}`)).flat();
  }
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path, from, to }];
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
