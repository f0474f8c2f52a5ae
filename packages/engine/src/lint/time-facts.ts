import type { TimeClaim } from "./claim.ts";
import type { Literal } from "./formula.ts";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY_MINUTES = 24 * 60;

const minuteOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/**
 * Whether one moment can lie in all these windows and outside the others; `false` only where proven. Dates are the same
 * everywhere; days and hours are compared only where they are meant in the same zone.
 */
export function timesCanHold(literals: readonly Literal<TimeClaim>[]): boolean {
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;
  const weeks = new Map<string, TimeClaim[]>();
  for (const { claim, holds } of literals) {
    if (!holds) continue;
    from = Math.max(from, claim.from ?? from);
    to = Math.min(to, claim.to ?? to);
    if (claim.days || claim.hours) weeks.set(claim.zone, [...(weeks.get(claim.zone) ?? []), claim]);
  }
  if (from >= to) return false;
  const outside = literals.filter(({ holds }) => !holds).map(({ claim }) => claim);
  // Outside a window of dates alone is before or after it; with days or hours too it may be any moment.
  const gaps = outside.filter(({ days, hours }) => !days && !hours);
  if (!momentsOf(gaps, from, to).some((at) => gaps.every((gap) => !liesIn(gap, at)))) return false;
  const zones = new Set([...weeks.keys(), ...outside.map(({ zone }) => zone)]);
  return [...zones].every((zone) => {
    const closed = outside.filter((one) => one.zone === zone && one.from === null && one.to === null);
    return weekCanBe(weeks.get(zone) ?? [], closed);
  });
}

const liesIn = ({ from, to }: TimeClaim, at: number) =>
  (from === null || at >= from) && (to === null || at < to);

/** In [from, to) everything changes only where a window begins or ends. */
function momentsOf(gaps: readonly TimeClaim[], from: number, to: number): readonly number[] {
  const marks = gaps.flatMap((gap) => [gap.from, gap.to]).filter((mark): mark is number => mark !== null);
  const first = Number.isFinite(from) ? from : Math.min(0, ...marks, to) - 1;
  return [first, ...marks.filter((mark) => mark >= from && mark < to)];
}

/** Whether a week has a minute that lies in all these windows and in none of the closed ones. */
function weekCanBe(open: readonly TimeClaim[], closed: readonly TimeClaim[]): boolean {
  if (open.length + closed.length === 0) return true;
  const marks = [...open, ...closed].flatMap(({ hours }) => (hours ? hours.map(minuteOf) : []));
  // Between two marks nothing changes.
  const minutes = [0, ...marks].filter((minute) => minute < DAY_MINUTES);
  return DAYS.some((day) =>
    minutes.some(
      (minute) =>
        open.every((window) => isOpen(window, day, minute)) &&
        !closed.some((window) => isOpen(window, day, minute)),
    ),
  );
}

function isOpen({ days, hours }: TimeClaim, day: string, minute: number): boolean {
  if (days && !days.includes(day)) return false;
  if (!hours) return true;
  const [begin, end] = [minuteOf(hours[0]), minuteOf(hours[1])];
  return begin <= end ? minute >= begin && minute < end : minute >= begin || minute < end;
}
