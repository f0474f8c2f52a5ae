import { activationIn, type FeatureRule, stateBefore } from "./feature-state.ts";
import type { Uses } from "./uses-by-unit.ts";

/** How many expected weeks are looked at. */
const EXPECTED = 4;
const WEEK_MS = 604_800_000;

/** At `account * width + moment`, over all key features. */
export interface FeatureCounts {
  /** Features that the account may use, and those of them in state activated. */
  readonly entitled: Uint16Array;
  readonly activated: Uint16Array;
  /** Expected weeks of the features that it has activated once, and those of them with a use. */
  readonly expected: Uint16Array;
  readonly active: Uint16Array;
}

export function createFeatureCounts(size: number): FeatureCounts {
  const list = () => new Uint16Array(size);
  return { entitled: list(), activated: list(), expected: list(), active: list() };
}

/**
 * Adds one feature to the accounts' **breadth** and **frequency**. The uses of all people of an account are pooled,
 * whatever the feature's level. An **expected week** is a stretch of `every` (a week at least), counted back from the
 * moment; of the last four those count that end after the account's moment of activation. Before that nobody expected
 * a use, and that moment's own stretch is active.
 *
 * @param momentsOf an account's moments, in order; `width` of them
 */
export function countFeature(
  counts: FeatureCounts,
  {
    uses,
    rule,
    entitled,
  }: { readonly uses: Uses; readonly rule: FeatureRule; readonly entitled: Uint8Array },
  every: number,
  width: number,
  momentsOf: (account: number) => Float64Array,
): void {
  const stretch = Math.max(every, WEEK_MS);
  for (let i = 0; i < entitled.length; i++) (counts.entitled[i] as number) += entitled[i] as number;
  for (let i = 0; i < uses.count; i++) {
    const times = uses.times[i] as Float64Array;
    const [start, end] = [uses.starts[i] as number, uses.ends[i] as number];
    const activation = activationIn(times, start, end, rule);
    if (activation === end) continue;
    const activated = times[activation] as number;
    const moments = momentsOf(uses.units[i] as number);
    const row = (uses.units[i] as number) * width;
    for (let m = width - 1, until = end; m >= 0; m--) {
      const moment = moments[m] as number;
      if (activated >= moment) break;
      if (entitled[row + m] === 0) continue;
      until = countBefore(times, activation, until, moment);
      const lastUse = times[until - 1] as number;
      if (stateBefore(lastUse, activated, rule, moment) === "activated")
        (counts.activated[row + m] as number)++;
      for (let k = 0, use = until; k < EXPECTED && activated < moment - k * stretch; k++) {
        (counts.expected[row + m] as number)++;
        use = countBefore(times, activation, use, moment - k * stretch);
        if ((times[use - 1] as number) >= moment - (k + 1) * stretch) (counts.active[row + m] as number)++;
      }
    }
  }
}

/** Of the times that stand in order from `start` to `end`: where those before a moment end. */
function countBefore(times: Float64Array, start: number, end: number, moment: number): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
