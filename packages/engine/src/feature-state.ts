import type { FeatureState } from "@cairn/flow-schema";
import { activatedAt, type FeatureRule } from "./feature-rule.ts";
import { countTimes, type Times } from "./history.ts";
import { lastOf, mergeTimes } from "./merge-times.ts";

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
