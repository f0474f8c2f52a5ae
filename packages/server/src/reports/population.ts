import type { Moments } from "../storage/report-store.ts";
import type { Units } from "./people.ts";
import type { Week } from "./zoned-time.ts";

/** Of all units of one level, in which weeks they were active. */
export interface Activity {
  /** At `unit * weeks + week`: 1 where the unit was active in that week. */
  readonly inWeek: Uint8Array;
  /** By unit: 1 where it was active in `[from, to)`. */
  readonly inRange: Uint8Array;
}

export function activityOf(
  { count, at, person }: Moments,
  { of, names }: Units,
  weeks: readonly Week[],
  from: number,
  to: number,
): Activity {
  const inWeek = new Uint8Array(names.length * weeks.length);
  const inRange = new Uint8Array(names.length);
  const start = weeks[0]?.start ?? from;
  const weekOf = weekFinder(weeks);
  for (let i = 0; i < count; i++) {
    const time = at[i] as number;
    if (time < start || time >= to) continue;
    const unit = of[person[i] as number] ?? -1;
    if (unit < 0) continue;
    inWeek[unit * weeks.length + weekOf(time)] = 1;
    if (time >= from) inRange[unit] = 1;
  }
  return { inWeek, inRange };
}

const WEEK_MS = 604_800_000;

/** Which of these weeks a moment lies in; the moment must lie in one of them. */
export function weekFinder(weeks: readonly Week[]): (at: number) => number {
  const starts = Float64Array.from(weeks, ({ start }) => start);
  const first = starts[0] ?? 0;
  return (at) => {
    // Weeks are an hour off where clocks change, so the guess is at most one off.
    let week = Math.min(Math.floor((at - first) / WEEK_MS), starts.length - 1);
    if (at < (starts[week] as number)) week -= 1;
    else if (week + 1 < starts.length && at >= (starts[week + 1] as number)) week += 1;
    return week;
  };
}

/** Those whom a number is about: entitled units, with what every feature of the same entitlement shares. */
export interface Population {
  /** 1 for the units that belong to it and were first seen before `to`. */
  readonly members: Uint8Array;
  readonly size: number;
  /** By week: those first seen before its end. */
  readonly entitled: readonly number[];
  /** By week: of them, those active in it. */
  readonly active: readonly number[];
}

export function populationOf(
  entitled: Uint8Array,
  { first }: Units,
  { inWeek }: Activity,
  weeks: readonly Week[],
  to: number,
): Population {
  const members = new Uint8Array(entitled.length);
  const seen = weeks.map(() => 0);
  const active = weeks.map(() => 0);
  const weekOf = weekFinder(weeks);
  const start = weeks[0]?.start ?? to;
  let size = 0;
  for (let unit = 0; unit < entitled.length; unit++) {
    const at = first[unit] as number;
    if (entitled[unit] === 0 || at >= to) continue;
    members[unit] = 1;
    size += 1;
    const week = at < start ? 0 : weekOf(at);
    if (weeks.length > 0) seen[week] = (seen[week] as number) + 1;
    const row = unit * weeks.length;
    for (let w = 0; w < weeks.length; w++) if (inWeek[row + w] === 1) active[w] = (active[w] as number) + 1;
  }
  for (let w = 1; w < weeks.length; w++) seen[w] = (seen[w] as number) + (seen[w - 1] as number);
  return { members, size, entitled: seen, active };
}
