import type { ActivationSummary } from "./report-schemas.ts";
import { wilson } from "./wilson.ts";

const DAY_MS = 86_400_000;
const SHARES_AT = [7, 14, 30] as const;
/** Products of shares of whole numbers are compared with quarters: less than this is rounding. */
const ROUNDING = 1e-9;

/** Who started and when they activated, added one by one. */
export interface TimeTally {
  /** @param activated `Infinity` where they have not */
  add(started: number, activated: number): void;
  result(): ActivationSummary["timeToActivate"];
}

export function tallyTimes(to: number): TimeTally {
  const waits: number[] = [];
  const censored: number[] = [];
  const mature = SHARES_AT.map(() => 0);
  const inTime = SHARES_AT.map(() => 0);
  return {
    add(started, activated) {
      const wait = activated - started;
      if (activated < to) waits.push(wait);
      else censored.push(to - started);
      for (let i = 0; i < SHARES_AT.length; i++) {
        const days = (SHARES_AT[i] as number) * DAY_MS;
        if (to - started < days) continue;
        (mature[i] as number)++;
        if (activated < to && wait <= days) (inTime[i] as number)++;
      }
    },
    result() {
      const started = waits.length + censored.length;
      const [p25 = null, median = null, p75 = null] = quantiles(waits, censored, [0.25, 0.5, 0.75]);
      return {
        started,
        activated: waits.length,
        quartiles: { p25, median, p75 },
        within: SHARES_AT.map((days, i) => ({
          days,
          rate: wilson(inTime[i] as number, mature[i] as number),
          immature: started - (mature[i] as number),
        })),
      };
    },
  };
}

/**
 * Days until shares of a cohort had arrived, by Kaplan–Meier: whoever has not arrived counts as at risk for as long
 * as they were observed, and not after. At equal times arrivals come first.
 */
function quantiles(
  waits: readonly number[],
  censored: readonly number[],
  shares: readonly number[],
): readonly (number | null)[] {
  const arrivals = Float64Array.from(waits).sort();
  const leaving = Float64Array.from(censored).sort();
  const found: (number | null)[] = [];
  let left = 1;
  let gone = 0;
  for (let i = 0; i < arrivals.length && found.length < shares.length; ) {
    const time = arrivals[i] as number;
    let same = i;
    while (same < arrivals.length && arrivals[same] === time) same++;
    while (gone < leaving.length && (leaving[gone] as number) < time) gone++;
    const atRisk = arrivals.length - i + (leaving.length - gone);
    left *= 1 - (same - i) / atRisk;
    while (found.length < shares.length && left <= 1 - (shares[found.length] as number) + ROUNDING)
      found.push(time / DAY_MS);
    i = same;
  }
  return shares.map((_, index) => found[index] ?? null);
}
