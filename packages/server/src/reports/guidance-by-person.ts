import { GUIDANCE, type GuidanceCode } from "../storage/guidance-mark.ts";
import type { GuidanceColumns } from "../storage/report-store.ts";
import type { Units } from "./people.ts";

/** One recorded event, as the funnel sees it. */
export interface GuidanceEvent {
  readonly at: number;
  readonly code: GuidanceCode;
  /** Index of the step or item; -1 for another, or none. */
  readonly step: number;
  readonly reason: string | null;
  readonly times: number;
}

/** Steps of one flow are far fewer. */
const STEPS = 10_000;

/**
 * What was recorded about a flow in `[from, to)`, person by person in order: event time; at the same millisecond the
 * order of sending (`seq`); then the order of a flow's life. Forced starts, and all that their runs did, are left out.
 */
export function* guidanceByPerson(
  columns: GuidanceColumns,
  { of, names }: Units,
  steps: readonly string[],
  from: number,
  to: number,
): Generator<{ readonly person: number; readonly events: readonly GuidanceEvent[] }> {
  const { count, at, person, seq, run, code, times, word, words } = columns;
  const stepOf = new Map(steps.map((id, index) => [id, index]));
  const stepOfWord = words.map((one) => stepOf.get(one?.about ?? "") ?? -1);
  const isCounted = (i: number) => (of[person[i] as number] ?? -1) >= 0;
  const counts = (i: number) => (at[i] as number) >= from && (at[i] as number) < to && isCounted(i);

  const forced = new Set<number>();
  const starts = new Int32Array(names.length + 1);
  // A run is forced from its start, which may lie before the range.
  for (let i = 0; i < count; i++)
    if (code[i] === 0 && run[i] !== 0 && isCounted(i)) forced.add(run[i] as number);
  const isReal = (i: number) => code[i] !== 0 && counts(i) && !forced.has(run[i] as number);
  for (let i = 0; i < count; i++)
    if (isReal(i)) (starts[(of[person[i] as number] as number) + 1] as number)++;
  for (let unit = 0; unit < names.length; unit++) (starts[unit + 1] as number) += starts[unit] as number;
  const order = new Int32Array(starts[names.length] as number);
  const next = starts.slice(0, names.length);
  for (let i = 0; i < count; i++)
    if (isReal(i)) {
      const unit = of[person[i] as number] as number;
      order[next[unit] as number] = i;
      next[unit] = (next[unit] as number) + 1;
    }

  const stage = (i: number) => {
    const step = stepOfWord[word[i] as number] ?? -1;
    return (code[i] as number) * STEPS + (step < 0 ? STEPS - 1 : step);
  };
  const inOrder = (a: number, b: number) =>
    (at[a] as number) - (at[b] as number) || (seq[a] as number) - (seq[b] as number) || stage(a) - stage(b);
  for (let unit = 0; unit < names.length; unit++) {
    const own = order.subarray(starts[unit], starts[unit + 1]);
    if (own.length === 0) continue;
    own.sort(inOrder);
    const events: GuidanceEvent[] = [];
    for (const i of own)
      events.push({
        at: at[i] as number,
        code: GUIDANCE[code[i] as number] as GuidanceCode,
        step: stepOfWord[word[i] as number] ?? -1,
        reason: words[word[i] as number]?.about ?? null,
        times: times[i] as number,
      });
    yield { person: unit, events };
  }
}
