/** A span of time as authors write it: a whole number and a unit, `"30s" "10m" "2h" "14d" "1w"`. */
export type Duration = `${number}${"s" | "m" | "h" | "d" | "w"}`;

export const DURATION_PATTERN = /^[1-9]\d{0,5}(s|m|h|d|w)$/;

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds in a duration; `undefined` where the value is not one. A day is 24 hours. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value !== "string" || !DURATION_PATTERN.test(value)) return undefined;
  return Number(value.slice(0, -1)) * UNIT_MS[value.slice(-1) as keyof typeof UNIT_MS];
}

/** A share of people as authors write it: a percentage in a string, `"10%"`, at most two decimals. */
export type Share = `${number}%`;

export const SHARE_PATTERN = /^(?:100(?:\.0{1,2})?|\d{1,2}(?:\.\d{1,2})?)%$/;

/** A share as a fraction from 0 to 1; `undefined` where the value is not one. */
export function parseShare(value: unknown): number | undefined {
  return typeof value === "string" && SHARE_PATTERN.test(value)
    ? Number(value.slice(0, -1)) / 100
    : undefined;
}
