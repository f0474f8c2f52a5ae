import type { Json, JsonObject } from "@cairn/flow-schema";

const MAX_DEPTH = 8;
const MAX_ENTRIES = 500;
const MAX_TEXT = 8_192;
const UNSAFE = /^(__proto__|constructor|prototype)$/;

/**
 * A plain copy of what a host handed in: only JSON, no getters run twice, no cycles, bounded. Dates become ISO
 * text; functions, symbols and what lies too deep are left out.
 */
export function toJson(value: unknown): Json | undefined {
  let entries = 0;
  function copy(value: unknown, depth: number): Json | undefined {
    if (++entries > MAX_ENTRIES || depth > MAX_DEPTH) return undefined;
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
    if (typeof value === "string" || typeof value === "bigint") return `${value}`.slice(0, MAX_TEXT);
    if (typeof value !== "object") return undefined;
    if (value instanceof Date) return value.toJSON() ?? undefined;
    if (Array.isArray(value)) return value.map((entry) => copy(entry, depth + 1) ?? null);
    const result: { [key: string]: Json } = {};
    for (const key of Object.keys(value)) {
      const entry = UNSAFE.test(key) ? undefined : copy((value as JsonObject)[key], depth + 1);
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
  return typeof copy === "object" && !Array.isArray(copy)
    ? ((copy as JsonObject | null) ?? undefined)
    : undefined;
}
