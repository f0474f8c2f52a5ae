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

/**
 * Where the first use stands that had `count` uses, itself included, in the `within` before it: `(use − within, use]`;
 * `end` where there is none. The uses stand in order at `times[start]` up to `times[end]`.
 */
export function activationIn(
  times: Float64Array,
  start: number,
  end: number,
  { count, within }: FeatureRule,
): number {
  for (let last = start + count - 1; last < end; last++)
    if ((times[last] as number) - (times[last - count + 1] as number) < within) return last;
  return end;
}

/**
 * The state just before `moment`, a pure function of the uses until then. Once activated, a unit is activated or
 * lapsed, never tried again.
 *
 * @param lastUse the last use before the moment; `-Infinity` for none
 * @param activated the moment of activation; `Infinity` for none
 */
export function stateBefore(
  lastUse: number,
  activated: number,
  { lapsedAfter }: FeatureRule,
  moment: number,
): FeatureState {
  if (lastUse === Number.NEGATIVE_INFINITY) return "untried";
  if (activated >= moment) return "tried";
  return moment - lastUse >= lapsedAfter ? "lapsed" : "activated";
}
