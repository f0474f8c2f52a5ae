import type { Moments } from "../storage/report-store.ts";
import type { Breakdown, GroupName } from "./breakdown.ts";
import type { Units } from "./people.ts";
import { type Starters, startersOf } from "./time-to-activate.ts";
import type { Week } from "./zoned-time.ts";

/** Of units (or of numbers of ids), in which weeks they were active. */
export interface Activity {
  /** At `unit * weeks + week`: 1 where the unit was active in that week. */
  readonly inWeek: Uint8Array;
  /** By unit: 1 where it was active in `[from, to)`. */
  readonly inRange: Uint8Array;
}

/** By number of ids. */
export function activityOf(
  { count, at, person }: Moments,
  numbers: number,
  weeks: readonly Week[],
  from: number,
  to: number,
): Activity {
  const width = weeks.length;
  const inWeek = new Uint8Array(numbers * width);
  const inRange = new Uint8Array(numbers);
  const starts = Float64Array.from(weeks, ({ start }) => start);
  const first = starts[0] ?? from;
  const last = width - 1;
  let week = 0;
  for (let i = 0; i < count; i++) {
    const time = at[i] as number;
    const number = person[i] as number;
    if (time < first || time >= to || number >= numbers) continue;
    // Events mostly come in order: the week is mostly that of the one before.
    while (week < last && time >= (starts[week + 1] as number)) week++;
    while (time < (starts[week] as number)) week--;
    inWeek[number * width + week] = 1;
    if (time >= from) inRange[number] = 1;
  }
  return { inWeek, inRange };
}

/** By unit: it was active when one of its ids was. */
export function pooled(ofNumbers: Activity, { of, names }: Units, weeks: number): Activity {
  const inWeek = new Uint8Array(names.length * weeks);
  const inRange = new Uint8Array(names.length);
  for (let number = 0; number < of.length; number++) {
    const unit = of[number] as number;
    if (unit < 0) continue;
    if (ofNumbers.inRange[number] === 1) inRange[unit] = 1;
    for (let from = number * weeks, to = unit * weeks, week = 0; week < weeks; week++)
      if (ofNumbers.inWeek[from + week] === 1) inWeek[to + week] = 1;
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

/** Units that a summary is about, with what is the same for every feature. */
export interface Cell {
  readonly size: number;
  /** Those of them active in `[from, to)`. */
  readonly active: number;
  /** Those first seen in `[from, to)`. */
  readonly starters: Starters;
}

/** Those whom a feature's numbers are about: entitled units. Features of one entitlement share it. */
export interface Population {
  /** 1 for the units that belong to it and were first seen before `to`. */
  readonly members: Uint8Array;
  readonly all: Cell;
  /** In which groups a unit stands. */
  readonly groupsOf: (unit: number) => readonly number[];
  readonly groups: readonly (GroupName & { readonly cell: Cell })[];
  /** By week: those first seen before its end. */
  readonly entitled: Int32Array;
  /** By week: of them, those active in it. */
  readonly active: Int32Array;
  /** By week: those first seen in it, and those of them observed for as long as a cohort has. */
  readonly started: Int32Array;
  readonly mature: Int32Array;
}

/** A cohort has this long to activate. */
export const COHORT_MS = 14 * 86_400_000;

export interface Span {
  readonly weeks: readonly Week[];
  readonly from: number;
  readonly to: number;
}

export function populationOf(
  entitled: Uint8Array,
  { first, order }: Units,
  { inWeek, inRange }: Activity,
  breakdown: ((members: Uint8Array) => Breakdown) | undefined,
  { weeks, from, to }: Span,
): Population {
  const members = new Uint8Array(entitled.length);
  const list = () => new Int32Array(weeks.length);
  const [active, started, mature] = [list(), list(), list()];
  const weekOf = weekFinder(weeks);
  const start = weeks[0]?.start ?? to;
  let before = 0;
  for (let unit = 0; unit < entitled.length; unit++) {
    const at = first[unit] as number;
    if (entitled[unit] === 0 || at >= to) continue;
    members[unit] = 1;
    if (at < start) before += 1;
    else {
      const week = weekOf(at);
      (started[week] as number)++;
      if (to - at >= COHORT_MS) (mature[week] as number)++;
    }
    const row = unit * weeks.length;
    for (let w = 0; w < weeks.length; w++) if (inWeek[row + w] === 1) active[w] = (active[w] as number) + 1;
  }
  const seen = started.map((count) => {
    before += count;
    return before;
  });
  const { names, groupsOf } = breakdown?.(members) ?? { names: [], groupsOf: () => [] };
  const cells = Array.from({ length: names.length + 1 }, () => createCell(order.length));
  const [total] = cells as [CellInWork, ...CellInWork[]];
  for (const unit of order) {
    if (members[unit] === 0) continue;
    const isActive = inRange[unit] as number;
    const at = first[unit] as number;
    const observed = at >= from ? to - at : undefined;
    addToCell(total, isActive, observed);
    if (names.length > 0)
      for (const group of groupsOf(unit)) addToCell(cells[group + 1] as CellInWork, isActive, observed);
  }
  const [all, ...grouped] = cells.map(({ size, active, started, observed }) => ({
    size,
    active,
    starters: startersOf(observed.subarray(0, started)),
  })) as [Cell, ...Cell[]];
  return {
    members,
    all,
    groupsOf,
    groups: names.map((name, index) => ({ ...name, cell: grouped[index] as Cell })),
    entitled: seen,
    active,
    started,
    mature,
  };
}

interface CellInWork {
  size: number;
  active: number;
  started: number;
  /** Of those who started, how long they were observed; the first `started`. */
  readonly observed: Float64Array;
}

const createCell = (room: number): CellInWork => ({
  size: 0,
  active: 0,
  started: 0,
  observed: new Float64Array(room),
});

function addToCell(cell: CellInWork, isActive: number, observed: number | undefined): void {
  cell.size += 1;
  cell.active += isActive;
  if (observed === undefined) return;
  cell.observed[cell.started] = observed;
  cell.started += 1;
}
