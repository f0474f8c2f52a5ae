const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
/** A local midnight is never further than this from the same midnight in UTC. */
const FURTHEST_MS = 15 * 3_600_000;

/** The calendar of one time zone. A day is `Date.UTC(year, month, day)`: a name for a date, not a moment. */
export interface Zone {
  readonly name: string;
  /** The date that the moment lies in. */
  dayOf(at: number): number;
  /** The first moment of a date: midnight, or where the clocks skip it what comes instead. */
  startOf(day: number): number;
}

/** Whether this is a zone of the IANA database that this machine knows. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function createZone(name: string): Zone {
  if (name === "UTC") return { name, dayOf: wholeDay, startOf: (day) => day };
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  /** What the clocks on the wall show, as if it were UTC; to the second. */
  const wall = (at: number): number => {
    const part: { [type: string]: number } = {};
    for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  const dayOf = (at: number) => wholeDay(wall(at));
  return {
    name,
    dayOf,
    startOf(day) {
      let at = day;
      // The offset of a moment near by mostly is the offset of midnight; where clocks change it is asked again.
      for (let round = 0; round < 2; round++) at = day - (wall(at) - at);
      if (wall(at) === day && dayOf(at - 1) < day) return at;
      for (at = day - FURTHEST_MS; at < day + FURTHEST_MS; at += QUARTER_MS) if (dayOf(at) >= day) return at;
      return at;
    },
  };
}

/** Monday of the week that a date lies in. */
export function mondayOf(day: number): number {
  return day - ((new Date(day).getUTCDay() + 6) % 7) * DAY_MS;
}

export interface Week {
  /** `YYYY-MM-DD` of its Monday. */
  readonly name: string;
  readonly start: number;
  /** The week's end, or `to` where that comes first. */
  readonly end: number;
  readonly complete: boolean;
}

/** The weeks that `[from, to)` touches: Monday 00:00 to Monday 00:00 by the clocks of the zone. */
export function weeksOf(from: number, to: number, zone: Zone): readonly Week[] {
  const weeks: Week[] = [];
  let day = mondayOf(zone.dayOf(from));
  let start = zone.startOf(day);
  while (start < to) {
    const nextDay = day + 7 * DAY_MS;
    const next = zone.startOf(nextDay);
    weeks.push({
      name: new Date(day).toISOString().slice(0, 10),
      start,
      end: Math.min(next, to),
      complete: next <= to,
    });
    day = nextDay;
    start = next;
  }
  return weeks;
}

/**
 * The weeks of the same names by the clocks of another zone, cut by the same `to`. Further west the last of them may
 * begin at `to` or later; further east it may end before.
 */
export function sameWeeksIn(weeks: readonly Week[], to: number, zone: Zone): readonly Week[] {
  const [first] = weeks;
  if (first === undefined) return [];
  let next = zone.startOf(Date.parse(first.name));
  return weeks.map(({ name }) => {
    const start = next;
    next = zone.startOf(Date.parse(name) + 7 * DAY_MS);
    return { name, start, end: Math.min(next, to), complete: next <= to };
  });
}

function wholeDay(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}
