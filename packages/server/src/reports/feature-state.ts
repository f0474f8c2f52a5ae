import { type Feature, type FeatureState, parseDuration } from "@cairn/flow-schema";

/** When a feature counts as activated and as lapsed, in milliseconds. */
export interface FeatureRule {
  readonly count: number;
  readonly within: number;
  /** `Infinity`: never. */
  readonly lapsedAfter: number;
}

export function ruleOf({ activated, lapsed }: Feature): FeatureRule {
  return {
    count: activated.count,
    within: parseDuration(activated.within) ?? 0,
    lapsedAfter: lapsed === undefined ? Number.POSITIVE_INFINITY : (parseDuration(lapsed.after) ?? 0),
  };
}

/** The first use that had `count` uses, itself included, in the `within` before it: `(use − within, use]`. */
export function activatedAt(uses: readonly number[], { count, within }: FeatureRule): number | undefined {
  for (let last = count - 1; last < uses.length; last++) {
    const end = uses[last] ?? 0;
    if (end - (uses[last - count + 1] ?? 0) < within) return end;
  }
  return undefined;
}

/**
 * The state just before `moment`: a pure function of the uses until then (in order of time). Once activated, a unit
 * is activated or lapsed, never tried again.
 */
export function stateBefore(
  uses: readonly number[],
  activated: number | undefined,
  rule: FeatureRule,
  moment: number,
): FeatureState {
  const count = countBefore(uses, moment);
  if (count === 0) return "untried";
  if (activated === undefined || activated >= moment) return "tried";
  return moment - (uses[count - 1] ?? 0) >= rule.lapsedAfter ? "lapsed" : "activated";
}

/** How many of these ordered times lie before the moment; by halving. */
function countBefore(times: readonly number[], moment: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
