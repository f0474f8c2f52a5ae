import type { FeatureState } from "@cairn/flow-schema";
import { countTimes, lastOf, mergeTimes, type Times } from "./history.ts";

/** When a feature counts as activated and as lapsed, in ms. */
export interface FeatureRule {
  readonly count: number;
  readonly within: number;
  /** -1 = never lapses. */
  readonly lapsedAfter: number;
}

/** The earliest moment at which `count` uses lay in one window, or `undefined`. `times` are in order. */
export function activatedAt(times: readonly number[], { count, within }: FeatureRule): number | undefined {
  for (let i = count - 1; i < times.length; i++) {
    const last = times[i] ?? 0;
    // Windows are (last − within, last].
    if (last - (times[i - count + 1] ?? 0) < within) return last;
  }
  return undefined;
}

/** State from all uses that are known, and whether there may be others. */
export function featureState(
  uses: readonly Times[],
  rule: FeatureRule,
  now: number,
): { readonly state: FeatureState; readonly exact: boolean; readonly uses: number; readonly last: number } {
  const { n, exact } = countTimes(uses, -1);
  const last = lastOf(uses);
  if (n === 0) return { state: "untried", exact, uses: n, last };
  const done =
    uses.some((times) => times.done !== undefined) || activatedAt(mergeTimes(uses), rule) !== undefined;
  if (!done) return { state: "tried", exact, uses: n, last };
  const lapsed = rule.lapsedAfter >= 0 && now - last >= rule.lapsedAfter;
  return { state: lapsed ? "lapsed" : "activated", exact: true, uses: n, last };
}
