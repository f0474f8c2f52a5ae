/** A calendar day, `2026-11-22`. Days are compared as strings. */
export type Day = string;

const DAY_MS = 86_400_000;

export function dayOf(time: number): Day {
  return new Date(time).toISOString().slice(0, 10);
}

export function addDays(day: Day, days: number): Day {
  return dayOf(Date.parse(day) + days * DAY_MS);
}

/** `2026-11`: months are compared as strings too. */
export function monthOf(day: Day): string {
  return day.slice(0, 7);
}

/** The last `count` months up to and with the day's own, oldest first. */
export function monthsUpTo(day: Day, count: number): string[] {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7)) - 1;
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year, month - count + 1 + index, 1)).toISOString().slice(0, 7),
  );
}
