import type { Moments } from "../storage/report-store.ts";
import type { Units } from "./people.ts";

/** The uses of one feature by one unit after the other. */
export interface Uses {
  /** Moves to a unit: its uses before `to` stand at `times[start]` up to `times[end]`, in order of time. */
  move(unit: number): void;
  readonly times: Float64Array;
  readonly start: number;
  readonly end: number;
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

/** The uses in some columns, by unit; those at `to` and later are left out. */
export function usesOf(columns: readonly Moments[], units: Units, to: number): Uses {
  const parts = columns.flatMap((column) => sortedParts(column));
  const { starts: firstNumber, numbers } = units.members;
  let room = new Float64Array(256);
  const only = parts.length === 1 ? parts[0] : undefined;
  const uses = {
    times: room as Float64Array,
    start: 0,
    end: 0,
    move(unit: number): void {
      const until = firstNumber[unit + 1] as number;
      // Most units are one number in one column.
      if (only !== undefined && until - (firstNumber[unit] as number) === 1) {
        const { starts, times } = only;
        const number = numbers[until - 1] as number;
        const start = number + 1 < starts.length ? (starts[number] as number) : 0;
        let end = number + 1 < starts.length ? (starts[number + 1] as number) : 0;
        while (end > start && (times[end - 1] as number) >= to) end--;
        uses.times = times;
        uses.start = start;
        uses.end = end;
        return;
      }
      let found = 0;
      let copied = 0;
      for (let n = firstNumber[unit] as number; n < until; n++) {
        const number = numbers[n] as number;
        for (const { starts, times } of parts) {
          if (number + 1 >= starts.length) continue;
          const start = starts[number] as number;
          let end = starts[number + 1] as number;
          while (end > start && (times[end - 1] as number) >= to) end--;
          if (end === start) continue;
          found += 1;
          if (found === 1) {
            uses.times = times;
            uses.start = start;
            uses.end = end;
            continue;
          }
          // A second piece: both are put together, which few units need.
          const more = end - start;
          const before = found === 2 ? uses.end - uses.start : copied;
          if (room.length < before + more) {
            const grown = new Float64Array((before + more) * 2);
            grown.set(room.subarray(0, copied));
            room = grown;
          }
          if (found === 2) room.set(uses.times.subarray(uses.start, uses.end));
          room.set(times.subarray(start, end), before);
          copied = before + more;
        }
      }
      if (found === 0) uses.end = uses.start;
      if (found < 2) return;
      room.subarray(0, copied).sort();
      uses.times = room;
      uses.start = 0;
      uses.end = copied;
    },
  };
  return uses;
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
