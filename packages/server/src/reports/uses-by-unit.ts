import type { Moments } from "../storage/report-store.ts";

/** The uses of one feature: those of unit `u` stand at `times[starts[u]]` up to `starts[u + 1]`, in order of time. */
export interface UsesByUnit {
  readonly starts: Int32Array;
  readonly times: Float64Array;
}

/** Sorts moments before `to` by the unit they belong to; `unitOf` is -1 for whose do not count. */
export function groupByUnit(
  columns: readonly Moments[],
  unitOf: Int32Array,
  units: number,
  to: number,
): UsesByUnit {
  const starts = new Int32Array(units + 1);
  for (const { count, at, person } of columns)
    for (let i = 0; i < count; i++) {
      const unit = unitOf[person[i] as number] ?? -1;
      if (unit >= 0 && (at[i] as number) < to) (starts[unit + 1] as number)++;
    }
  for (let unit = 0; unit < units; unit++) (starts[unit + 1] as number) += starts[unit] as number;
  const times = new Float64Array(starts[units] as number);
  const next = starts.slice(0, units);
  let sorted = true;
  for (const { count, at, person } of columns)
    for (let i = 0; i < count; i++) {
      const unit = unitOf[person[i] as number] ?? -1;
      const time = at[i] as number;
      if (unit < 0 || time >= to) continue;
      const place = next[unit] as number;
      next[unit] = place + 1;
      times[place] = time;
      if (place > (starts[unit] as number) && time < (times[place - 1] as number)) sorted = false;
    }
  // Events mostly come in order; what came late is put in its place.
  if (!sorted) for (let unit = 0; unit < units; unit++) sortPart(times, starts[unit], starts[unit + 1]);
  return { starts, times };
}

function sortPart(times: Float64Array, start = 0, end = 0): void {
  for (let i = start + 1; i < end; i++)
    if ((times[i] as number) < (times[i - 1] as number)) {
      times.subarray(start, end).sort();
      return;
    }
}
