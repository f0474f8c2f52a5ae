import type { Json, JsonObject } from "@cairn/flow-schema";

const MAX_DEPTH = 8;
const MAX_ENTRIES = 500;
const MAX_TEXT = 8_192;
/** What would harm an object, and what must never be known of anybody. */
const UNSAFE =
  /^(__proto__|constructor|prototype|password|passwd|passphrase|(client_?)?secret|((access|auth|id|refresh)_?)?token|(api|private)_?key|authorization|cookie|card_?number|cvv|cvc|iban|ssn)$/i;

/**
 * A plain copy of what a host handed in: only JSON, no getters run twice, no cycles, bounded. Dates become ISO
 * text; functions, symbols and what lies too deep are left out.
 */
export function toJson(value: unknown): Json | undefined {
  let entries = 0;
  function copy(one: unknown, depth: number): Json | undefined {
    if (++entries > MAX_ENTRIES || depth > MAX_DEPTH) return undefined;
    if (one === null || typeof one === "boolean") return one;
    if (typeof one === "number") return Number.isFinite(one) ? one : undefined;
    if (typeof one === "string" || typeof one === "bigint") return `${one}`.slice(0, MAX_TEXT);
    if (typeof one !== "object") return undefined;
    if (one instanceof Date) return one.toJSON() ?? undefined;
    const inside = (each: unknown) => copy(each, depth + 1);
    if (Array.isArray(one)) return one.map((each) => inside(each) ?? null);
    const result: { [key: string]: Json } = {};
    for (const key of Object.keys(one)) {
      const entry = UNSAFE.test(key) ? undefined : inside((one as JsonObject)[key]);
      if (entry !== undefined) result[key] = entry;
    }
    return result;
  }
  try {
    return copy(value, 0);
  } catch {
    // A getter or a proxy of the host's that throws: what cannot be read is not there.
    return undefined;
  }
}

/** The same for properties and traits: `undefined` for everything that is not a plain object. */
export function toJsonObject(value: unknown): JsonObject | undefined {
  const copy = toJson(value);
  return copy && typeof copy === "object" && !Array.isArray(copy) ? (copy as JsonObject) : undefined;
}
