const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/;

/**
 * Epoch milliseconds of a date as authors and hosts write it: ISO 8601 with a zone, a date alone (00:00 UTC), or
 * epoch milliseconds. `undefined` for anything else: a time without a zone means another moment on every device.
 */
export function parseMoment(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || !DATE.test(value)) return undefined;
  // Some browsers read 30 February as a day in March.
  if (new Date(value.slice(0, 10)).getUTCDate() !== Number(value.slice(8, 10))) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}
