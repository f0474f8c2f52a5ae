import type { Moments } from "../storage/report-store.ts";
import type { Breakdown, GroupName } from "./breakdown.ts";
import type { Units } from "./people.ts";
import { holdsBefore, type Spells } from "./spells.ts";
import { type Starters, startersOf } from "./time-to-activate.ts";
import type { Clock, UnitWeeks } from "./unit-weeks.ts";
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
  weeks: readonly Pick<Week, "start">[],
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

/** Units that a summary is about, with what is the same for every feature. */
export interface Cell {
  readonly size: number;
  /** Those of them active in `[from, to)`. */
  readonly active: number;
  /** Those that became entitled in `[from, to)`. */
  readonly starters: Starters;
}

/** Those whom a feature's numbers are about: entitled units. Features of one entitlement share it. */
export interface Population {
  /** 1 for the units that were entitled at some time before `to`. */
  readonly ever: Uint8Array;
  /** 1 for those of them that are entitled at `to`. */
  readonly members: Uint8Array;
  readonly spells: Spells;
  /** About the members; who started are all that became entitled in the range. */
  readonly all: Cell;
  /** In which groups a unit stands. */
  readonly groupsOf: (unit: number) => readonly number[];
  readonly groups: readonly (GroupName & { readonly cell: Cell })[];
  /** By week: those entitled at its end. */
  readonly entitled: Int32Array;
  /** By week: of them, those active in it. */
  readonly active: Int32Array;
  /** By week: those that became entitled in it, and those of them observed for as long as a cohort has. */
  readonly started: Int32Array;
  readonly mature: Int32Array;
}

/** By unit, where units have weeks of their own: what was in one unit's week may lie outside another's. */
export function activityByClock(
  { count, at, person }: Moments,
  { of, names }: Units,
  { weeks, clocks, clockOf }: UnitWeeks,
  from: number,
  to: number,
): Activity {
  const width = weeks.length;
  const inWeek = new Uint8Array(names.length * width);
  const inRange = new Uint8Array(names.length);
  for (let i = 0; i < count; i++) {
    const time = at[i] as number;
    const unit = of[person[i] as number] ?? -1;
    if (unit < 0 || time >= to) continue;
    if (time >= from) inRange[unit] = 1;
    const { starts, weekOf } = clocks[clockOf?.[unit] ?? 0] as Clock;
    if (time < (starts[0] as number)) continue;
    const week = weekOf(time);
    if (week < width) inWeek[unit * width + week] = 1;
  }
  return { inWeek, inRange };
}

/** A cohort has this long to activate. */
export const COHORT_MS = 14 * 86_400_000;

export interface Span {
  readonly calendar: UnitWeeks;
  readonly from: number;
  readonly to: number;
}

/** @param inside by unit: 1 for those that are asked about; all, where none is given */
export function populationOf(
  spells: Spells,
  inside: Uint8Array | undefined,
  { inWeek, inRange }: Activity,
  breakdown: ((ever: Uint8Array, members: Uint8Array) => Breakdown) | undefined,
  { calendar: { weeks, clocks, clockOf }, from, to }: Span,
): Population {
  const { since, turns, order } = spells;
  const ever = new Uint8Array(since.length);
  const members = new Uint8Array(since.length);
  const list = () => new Int32Array(weeks.length);
  const [entitled, active, started, mature] = [list(), list(), list(), list()];
  const count = (counts: Int32Array, week: number) => (counts[week] as number)++;
  for (const unit of order) {
    const at = since[unit] as number;
    if (at >= to) break;
    if (inside !== undefined && inside[unit] === 0) continue;
    ever[unit] = 1;
    const comesAndGoes = turns.has(unit);
    if (!comesAndGoes || holdsBefore(spells, unit, to)) members[unit] = 1;
    const { starts, ends, weekOf } = clocks[clockOf === null ? 0 : (clockOf[unit] as number)] as Clock;
    const start = starts[0] ?? to;
    const first = at < start ? 0 : weekOf(at);
    if (at >= start && first < weeks.length) {
      count(started, first);
      if (to - at >= COHORT_MS) count(mature, first);
    }
    const row = unit * weeks.length;
    for (let week = first; week < weeks.length; week++) {
      if (comesAndGoes && !holdsBefore(spells, unit, ends[week] as number)) continue;
      count(entitled, week);
      if (inWeek[row + week] === 1) count(active, week);
    }
  }
  const { names, groupsOf } = breakdown?.(ever, members) ?? { names: [], groupsOf: () => [] };
  const cells = Array.from({ length: names.length + 1 }, () => createCell(order.length));
  const [total] = cells as [CellInWork, ...CellInWork[]];
  for (const unit of order) {
    if (ever[unit] === 0) continue;
    const isMember = members[unit] as number;
    const isActive = isMember & (inRange[unit] as number);
    const at = since[unit] as number;
    const observed = at >= from ? to - at : undefined;
    addToCell(total, isMember, isActive, observed);
    if (names.length > 0)
      for (const group of groupsOf(unit))
        addToCell(cells[group + 1] as CellInWork, isMember, isActive, observed);
  }
  const [all, ...grouped] = cells.map(({ size, active, started, observed }) => ({
    size,
    active,
    starters: startersOf(observed.subarray(0, started)),
  })) as [Cell, ...Cell[]];
  return {
    ever,
    members,
    spells,
    all,
    groupsOf,
    groups: names.map((name, index) => ({ ...name, cell: grouped[index] as Cell })),
    entitled,
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

function addToCell(cell: CellInWork, isMember: number, isActive: number, observed: number | undefined): void {
  cell.size += isMember;
  cell.active += isActive;
  if (observed === undefined) return;
  cell.observed[cell.started] = observed;
  cell.started += 1;
}
