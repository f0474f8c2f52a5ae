const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2}):(\d{2})))?$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Milliseconds since 1970 of an ISO 8601 date (00:00 UTC) or moment with zone; `undefined` where it is none
 * or names a day that does not exist, such as 30 February.
 */
export function parseDate(value: unknown): number | undefined {
  const parts = typeof value === "string" && value.length <= 40 ? ISO.exec(value) : null;
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  const [, , , , , , , fraction = "", sign, zoneHour = "0", zoneMinute = "0"] = parts;
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined;
  const milliseconds = Math.floor(Number(`0.${fraction || "0"}`) * 1000);
  const zone = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000 * (sign === "-" ? -1 : 1);
  // Date.UTC reads years below 100 as 1900 and later.
  const leap = new Date(Date.UTC(2000, month - 1, day, hour, minute, second, milliseconds));
  return leap.setUTCFullYear(year, month - 1, day) - zone;
}

/** Days in a month, 1 to 12; 0 for a month that does not exist. */
export function daysIn(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (MONTH_DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}
