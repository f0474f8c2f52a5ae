import { pointer } from "./json-type.ts";
import { type Run, report } from "./run.ts";

/** How large a definition may be. */
export interface Bounds {
  /** Lists and objects in each other, the outermost counted. */
  readonly depth: number;
  /** Values in all, lists and objects counted too. */
  readonly nodes: number;
  /** Bytes of the shortest JSON text, UTF-8. */
  readonly bytes: number;
}

/** Limits of the format; the server refuses more, and the SDK leaves more aside. */
export const LIMITS = {
  flowBytes: 256 * 1024,
  configBytes: 1024 * 1024,
  depth: 32,
  nodes: 5_000,
  selectorLength: 512,
} as const;

export const DEFINITION_BOUNDS: Bounds = {
  depth: LIMITS.depth,
  nodes: LIMITS.nodes,
  bytes: LIMITS.flowBytes,
};
/** A configuration holds its definitions two levels down, and as many of them as its bytes allow. */
export const CONFIG_BOUNDS: Bounds = {
  depth: LIMITS.depth + 2,
  nodes: Number.POSITIVE_INFINITY,
  bytes: LIMITS.configBytes,
};

export const FORBIDDEN_KEYS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "__proto__",
  "constructor",
  "prototype",
]);

interface Place {
  readonly value: unknown;
  readonly depth: number;
  readonly parent: Place | undefined;
  readonly key: string | number;
}

/**
 * Checks that a value is plain JSON within bounds, without recursion: `JSON.parse` accepts 200,000 lists in
 * each other. Stops at the first thing wrong; true where all is well.
 */
export function checkBounds(root: unknown, bounds: Bounds, path: string, run: Run): boolean {
  const stack: Place[] = [{ value: root, depth: 0, parent: undefined, key: "" }];
  let nodes = 0;
  let bytes = 0;
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { value } = place;
    nodes += 1;
    if (typeof value === "string") {
      bytes += textBytes(value, bounds.bytes);
    } else if (typeof value === "object" && value !== null) {
      const depth = place.depth + 1;
      if (depth > bounds.depth) {
        const fix = `write at most ${LIMITS.depth} levels of lists and objects`;
        report(run, pathOf(place, path), "too-deep", "lists and objects stand in each other too deep", fix);
        return false;
      }
      if (Array.isArray(value)) {
        bytes += 2 + Math.max(0, value.length - 1);
        if (bytes > bounds.bytes || nodes + value.length > bounds.nodes)
          return tooBig(bounds, bytes, path, run);
        for (let key = value.length - 1; key >= 0; key--)
          stack.push({ value: value[key], depth, parent: place, key });
      } else {
        if (!isPlain(value)) return notJson(place, path, run);
        const keys = Object.keys(value);
        let fields = 0;
        for (let i = keys.length - 1; i >= 0; i--) {
          const key = keys[i] as string;
          const parent = place;
          if (FORBIDDEN_KEYS.has(key)) {
            const at = pathOf({ value, depth, parent, key }, path);
            report(run, at, "forbidden-key", `a field is called "${key}"`, "give the field another name");
            return false;
          }
          const entry = (value as { readonly [key: string]: unknown })[key];
          if (entry === undefined) continue;
          fields += 1;
          bytes += 1 + textBytes(key, bounds.bytes);
          stack.push({ value: entry, depth, parent, key });
        }
        bytes += 2 + Math.max(0, fields - 1);
      }
    } else if (value === null || typeof value === "boolean" || Number.isFinite(value)) {
      bytes += String(value).length;
    } else {
      return notJson(place, path, run);
    }
    if (bytes > bounds.bytes || nodes > bounds.nodes) return tooBig(bounds, bytes, path, run);
  }
  return true;
}

function tooBig(bounds: Bounds, bytes: number, path: string, run: Run): false {
  if (bytes > bounds.bytes) {
    const limit = `${Math.floor(bounds.bytes / 1024)} kB`;
    report(
      run,
      path,
      "too-large",
      `the definition is larger than ${limit}`,
      `write at most ${limit} of JSON`,
    );
  } else {
    const fix = `write at most ${bounds.nodes} values, or split the definition`;
    report(run, path, "too-many-nodes", `the definition has more than ${bounds.nodes} values`, fix);
  }
  return false;
}

function notJson(place: Place, path: string, run: Run): false {
  const { value } = place;
  const what =
    typeof value === "object"
      ? "an object that is not plain"
      : typeof value === "number"
        ? String(value)
        : typeof value;
  report(run, pathOf(place, path), "not-json", `found ${what}, which JSON cannot say`, "write plain JSON");
  return false;
}

/** True for `{}` of this or another realm, false for dates, maps and instances of classes. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function pathOf(place: Place, path: string): string {
  const keys: (string | number)[] = [];
  for (let at: Place | undefined = place; at?.parent !== undefined; at = at.parent) keys.push(at.key);
  return keys.reduceRight<string>(pointer, path);
}

/** Bytes of a JSON string in UTF-8, quotes and escapes counted; not counted to the end where far too long. */
function textBytes(text: string, limit: number): number {
  if (text.length > limit) return text.length;
  let bytes = 2;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += unit === 0x22 || unit === 0x5c ? 2 : unit < 0x20 ? controlBytes(unit) : 1;
    else if (unit < 0x800) bytes += 2;
    // Each half of a surrogate pair is two of its four bytes.
    else bytes += unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
  }
  return bytes;
}

/** `\b \t \n \f \r` have short escapes, the other control characters long ones. */
function controlBytes(unit: number): number {
  return (unit >= 8 && unit <= 10) || unit === 12 || unit === 13 ? 2 : 6;
}
