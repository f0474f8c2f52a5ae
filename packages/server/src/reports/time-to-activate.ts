import type { ActivationSummary } from "./report-schemas.ts";
import { sortTimes } from "./sort-times.ts";
import { wilson } from "./wilson.ts";

const DAY_MS = 86_400_000;
/** Days of the plain shares. */
export const SHARES_AT = [7, 14, 30] as const;
/** Products of shares of whole numbers are compared with quarters: less than this is rounding. */
const ROUNDING = 1e-9;

/** Who started, each known by how long it was observed: from its start to `to`. */
export interface Starters {
  /** Shortest first. */
  readonly observed: Float64Array;
  /** How many of them were observed for so many days or longer. */
  readonly mature: readonly number[];
}

/** @param observed longest first */
export function startersOf(observed: Float64Array): Starters {
  return {
    observed: observed.slice().reverse(),
    mature: SHARES_AT.map((days) => {
      let enough = 0;
      while (enough < observed.length && (observed[enough] as number) >= days * DAY_MS) enough++;
      return enough;
    }),
  };
}

/** Those of the starters who activated. */
export interface Arrivals {
  count: number;
  /** From start to activation, milliseconds; the first `count`. */
  readonly waits: Float64Array;
  /** Beside each wait, how long that one was observed in all; longest first. */
  readonly observed: Float64Array;
}

/** @param room most who can arrive */
export function createArrivals(room: number): Arrivals {
  return { count: 0, waits: new Float64Array(room), observed: new Float64Array(room) };
}

/**
 * Days until a quarter, half and three quarters had activated, by Kaplan–Meier over all who started: whoever has not
 * arrived counts as at risk for as long as they were observed, and not after. And the plain shares within 7, 14 and 30
 * days of those who were observed for so long.
 */
export function timeToActivate(
  { observed, mature }: Starters,
  arrivals: Arrivals,
): ActivationSummary["timeToActivate"] {
  const [p25 = null, median = null, p75 = null] = quantiles(observed, arrivals, [0.25, 0.5, 0.75]);
  return {
    started: observed.length,
    activated: arrivals.count,
    quartiles: { p25, median, p75 },
    within: SHARES_AT.map((days, i) => {
      const enough = days * DAY_MS;
      let inTime = 0;
      for (let n = 0; n < arrivals.count; n++)
        if ((arrivals.observed[n] as number) >= enough && (arrivals.waits[n] as number) <= enough) inTime++;
      const n = mature[i] as number;
      return { days, rate: wilson(inTime, n), immature: observed.length - n };
    }),
  };
}

function quantiles(
  all: Float64Array,
  arrivals: Arrivals,
  shares: readonly number[],
): readonly (number | null)[] {
  const waits = arrivals.waits.slice(0, arrivals.count);
  sortTimes(waits, 0, waits.length);
  const arrived = arrivals.observed.slice(0, arrivals.count).reverse();
  const found: (number | null)[] = [];
  let left = 1;
  let gone = 0;
  let goneArrived = 0;
  for (let i = 0; i < waits.length && found.length < shares.length; ) {
    const time = waits[i] as number;
    let same = i;
    while (same < waits.length && waits[same] === time) same++;
    // Whoever was not observed for so long has left, except those who arrived before that.
    while (gone < all.length && (all[gone] as number) < time) gone++;
    while (goneArrived < arrived.length && (arrived[goneArrived] as number) < time) goneArrived++;
    const waiting = all.length - gone - (arrived.length - goneArrived);
    const atRisk = waits.length - i + waiting;
    left *= 1 - (same - i) / atRisk;
    while (found.length < shares.length && left <= 1 - (shares[found.length] as number) + ROUNDING)
      found.push(time / DAY_MS);
    i = same;
  }
  return shares.map((_, index) => found[index] ?? null);
}
