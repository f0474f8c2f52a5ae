import type { Moments } from "../storage/report-store.ts";
import type { Units } from "./people.ts";
import { sortTimes } from "./sort-times.ts";

/** The uses of one feature before a moment, unit by unit: those who used it, in the order that was asked for. */
export interface Uses {
  /** How many units used it. */
  readonly count: number;
  /** Which; the first `count`. */
  readonly units: Int32Array;
  /** The uses of the `i`th stand, in order of time, at `times[i][starts[i]]` up to `times[i][ends[i]]`. */
  readonly times: readonly Float64Array[];
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** A column sorted by number of ids, then time. */
interface Sorted {
  /** How many records of the column are in it. */
  readonly count: number;
  readonly starts: Int32Array;
  readonly times: Float64Array;
}

/** Columns only grow, and what stands in their lists stays: what was sorted once is good as long as the list is. */
const sortedColumns = new WeakMap<Float64Array, Sorted>();
/** A column is sorted anew when more than this part of it has been added; what is added until then is sorted by itself. */
const UNSORTED = 1 / 8;

/** The uses in some columns by those units that are members; those at `to` and later are left out. */
export function usesOf(
  columns: readonly Moments[],
  units: Units,
  order: Int32Array,
  members: Uint8Array,
  to: number,
): Uses {
  const parts = columns.flatMap((column) => sortedParts(column));
  const [only] = parts.length === 1 ? parts : [];
  const { starts: firstNumber, numbers } = units.members;
  const found: Float64Array[] = [];
  const unitOf = new Int32Array(order.length);
  const starts = new Int32Array(order.length);
  const ends = new Int32Array(order.length);
  let count = 0;
  let joined: Joined | undefined;
  for (const unit of order) {
    if (members[unit] === 0) continue;
    let from: Pick<Sorted, "starts" | "times">;
    let at = unit;
    // Most units are one number in one column.
    if (only !== undefined && isOneNumber(firstNumber, unit)) {
      from = only;
      at = numbers[firstNumber[unit] as number] as number;
    } else {
      joined ??= joinedOf(parts, units);
      from = joined;
    }
    const { times } = from;
    if (at + 1 >= from.starts.length) continue;
    const start = from.starts[at] as number;
    const end = endBefore(times, start, from.starts[at + 1] as number, to);
    if (end === start) continue;
    found[count] = times;
    unitOf[count] = unit;
    starts[count] = start;
    ends[count] = end;
    count += 1;
  }
  return { count, units: unitOf, times: found, starts, ends };
}

function isOneNumber(firstNumber: Int32Array, unit: number): boolean {
  return (firstNumber[unit + 1] as number) - (firstNumber[unit] as number) === 1;
}

/** Uses sorted by unit, then time; where they are in one part, only of units of several numbers. */
interface Joined {
  readonly starts: Int32Array;
  readonly times: Float64Array;
}
/** What was joined of a part, and for which units: good for as long as nobody has come, gone or changed. */
const joinedParts = new WeakMap<Sorted, { readonly units: Units; readonly joined: Joined }>();

function joinedOf(parts: readonly Sorted[], units: Units): Joined {
  const [only] = parts.length === 1 ? parts : [];
  const known = only && joinedParts.get(only);
  if (known?.units === units) return known.joined;
  const { starts: firstNumber, numbers } = units.members;
  const room = parts.reduce((sum, { times }) => sum + times.length, 0);
  const times = new Float64Array(room);
  const starts = new Int32Array(units.names.length + 1);
  let end = 0;
  for (let unit = 0; unit < units.names.length; unit++) {
    if (only === undefined || !isOneNumber(firstNumber, unit)) {
      const of = { from: firstNumber[unit] as number, until: firstNumber[unit + 1] as number };
      end = putTogether(parts, numbers, of, times, end);
    }
    starts[unit + 1] = end;
  }
  const joined = { starts, times: times.slice(0, end) };
  if (only !== undefined) joinedParts.set(only, { units, joined });
  return joined;
}

/** Where the times that stand in order from `start` to `end` come to `to`. */
function endBefore(times: Float64Array, start: number, end: number, to: number): number {
  let last = end;
  while (last > start && (times[last - 1] as number) >= to) last--;
  return last;
}

/** The times of some numbers in some columns, in order from `begin` on; gives back where they end. */
function putTogether(
  parts: readonly Sorted[],
  numbers: Int32Array,
  { from, until }: { readonly from: number; readonly until: number },
  into: Float64Array,
  begin: number,
): number {
  let end = begin;
  let inOrder = true;
  let latest = Number.NEGATIVE_INFINITY;
  for (let n = from; n < until; n++) {
    const number = numbers[n] as number;
    for (const { starts, times } of parts) {
      if (number + 1 >= starts.length) continue;
      const last = starts[number + 1] as number;
      for (let i = starts[number] as number; i < last; i++) {
        const time = times[i] as number;
        if (time < latest) inOrder = false;
        latest = time;
        into[end++] = time;
      }
    }
  }
  if (!inOrder) sortTimes(into, begin, end);
  return end;
}

/** What is sorted already, and the rest. */
function sortedParts(column: Moments): readonly Sorted[] {
  const { at, count } = column;
  let sorted = sortedColumns.get(at);
  if (sorted === undefined || sorted.count > count || count - sorted.count > sorted.count * UNSORTED) {
    sorted = sortPart(column, 0);
    sortedColumns.set(at, sorted);
  }
  return sorted.count === count ? [sorted] : [sorted, sortPart(column, sorted.count)];
}

function sortPart({ at, person, count }: Moments, from: number): Sorted {
  let most = -1;
  for (let i = from; i < count; i++) if ((person[i] as number) > most) most = person[i] as number;
  const starts = new Int32Array(most + 2);
  for (let i = from; i < count; i++) (starts[(person[i] as number) + 1] as number)++;
  for (let number = 0; number <= most; number++) (starts[number + 1] as number) += starts[number] as number;
  const times = new Float64Array(count - from);
  const next = starts.slice();
  let inOrder = true;
  for (let i = from; i < count; i++) {
    const number = person[i] as number;
    const place = next[number] as number;
    next[number] = place + 1;
    times[place] = at[i] as number;
    if (place > (starts[number] as number) && (times[place] as number) < (times[place - 1] as number))
      inOrder = false;
  }
  // Events mostly come in order; what came late is put in its place.
  if (!inOrder)
    for (let number = 0; number <= most; number++) times.subarray(starts[number], starts[number + 1]).sort();
  return { count, starts, times };
}
