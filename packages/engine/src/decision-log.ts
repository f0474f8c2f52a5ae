import type { Decision } from "./decision.ts";
import type { State } from "./user-state.ts";

export interface DecisionQuery {
  readonly user?: string;
  readonly flow?: string;
  /** Epoch ms, inclusive. */
  readonly from?: number;
  /** Epoch ms, exclusive. */
  readonly to?: number;
}

/** The decisions that are still kept (the last 500), oldest first: "why did U not see F on Tuesday". */
export function decisionsOf(state: State, { user, flow, from, to }: DecisionQuery = {}): readonly Decision[] {
  return state.log.filter(
    (one) =>
      (user === undefined || one.user === user) &&
      (flow === undefined || one.flow === flow) &&
      (from === undefined || one.at >= from) &&
      (to === undefined || one.at < to),
  );
}
