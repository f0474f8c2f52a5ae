import { DURATION_PATTERN, SHARE_PATTERN } from "./duration.ts";
import { ID_MAX_LENGTH, ID_PATTERN } from "./ids.ts";
import type { ProblemCode } from "./problem.ts";

const UNITS: { readonly [word: string]: string } = {
  s: "s",
  sec: "s",
  secs: "s",
  second: "s",
  seconds: "s",
  сек: "s",
  секунд: "s",
  m: "m",
  min: "m",
  mins: "m",
  minute: "m",
  minutes: "m",
  мин: "m",
  минут: "m",
  h: "h",
  hr: "h",
  hrs: "h",
  hour: "h",
  hours: "h",
  ч: "h",
  час: "h",
  часа: "h",
  часов: "h",
  d: "d",
  day: "d",
  days: "d",
  день: "d",
  дня: "d",
  дней: "d",
  w: "w",
  wk: "w",
  week: "w",
  weeks: "w",
  неделя: "w",
  недели: "w",
  недель: "w",
};

/**
 * Puts the value that was probably meant into the expectation: for `"14 days"`,
 * `write a duration such as "14d": …` becomes `write "14d": …`.
 */
export function suggestValue(code: ProblemCode, value: unknown, expected: string): string {
  const meant = meantValue(code, value);
  if (meant === undefined) return expected;
  const rule = /^write [^"]*"[^"]*"(.*)$/.exec(expected)?.[1];
  return rule === undefined || !rule.startsWith(":") ? `write "${meant}"` : `write "${meant}"${rule}`;
}

function meantValue(code: ProblemCode, value: unknown): string | undefined {
  if (code === "bad-duration" && typeof value === "string" && value.length <= 32) return meantDuration(value);
  if (code === "bad-share") return meantShare(value);
  if (code === "bad-id" && typeof value === "string") return meantId(value);
  return undefined;
}

function meantDuration(value: string): string | undefined {
  const [, count, word = ""] = /^\s*0*([1-9]\d{0,5})\s*(\p{L}+)\.?\s*$/u.exec(value) ?? [];
  const unit = Object.hasOwn(UNITS, word.toLowerCase()) ? UNITS[word.toLowerCase()] : undefined;
  const meant = `${count}${unit}`;
  return unit !== undefined && DURATION_PATTERN.test(meant) ? meant : undefined;
}

function meantShare(value: unknown): string | undefined {
  // 0.1 may be a tenth or a tenth of a percent; only whole percentages are plain.
  const percent =
    typeof value === "number" ? String(value) : typeof value === "string" ? value.replace(/[\s%]/g, "") : "";
  const meant = `${percent}%`;
  return /^[1-9]/.test(percent) && SHARE_PATTERN.test(meant) ? meant : undefined;
}

function meantId(value: string): string | undefined {
  const meant = value
    .slice(0, 4 * ID_MAX_LENGTH)
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")
    .join("-");
  return meant !== "" && meant.length <= ID_MAX_LENGTH && ID_PATTERN.test(meant) ? meant : undefined;
}
