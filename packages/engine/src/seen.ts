import { own } from "./own.ts";
import type { PastRuns, Run, State } from "./user-state.ts";

/** Whether one of a flow's runs, or what is left of old ones, is like that; previews and ghosts are not asked. */
export function hasRun(
  { shared }: State,
  flow: string,
  isLike: (run: Run) => boolean,
  wasLike: (past: PastRuns) => boolean | undefined,
): boolean {
  const real = (run: Run) => run.how !== "forced" && !run.ghost;
  return (
    Object.values(own(shared.runs, flow) ?? {}).some((run) => real(run) && isLike(run)) ||
    Object.values(own(shared.past, flow) ?? {}).some(wasLike)
  );
}

/** Whether the person has seen the flow. */
export const wasSeen = (state: State, flow: string): boolean =>
  hasRun(
    state,
    flow,
    (run) => run.seen !== undefined,
    (past) => past.seen,
  );
