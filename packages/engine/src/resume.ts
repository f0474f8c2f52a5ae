import { place } from "./runs.ts";
import { endRuns, openRuns, type Turn } from "./turn.ts";
import { currentStep } from "./view.ts";

/** Goes on with what was open, as far as it is still published. */
export function resume(turn: Turn): void {
  const { settings } = turn.compiled;
  const alive = openRuns(turn).filter(
    (one) => one.flow.enabled !== false && one.flow.supported && (one.run.step === null || currentStep(one)),
  );
  endRuns(
    turn,
    settings.enabled ? "unpublished" : "stopped",
    (open) => !settings.enabled || !alive.some((one) => one.open === open),
  );
  // What happened before the stage was there may have opened their gates.
  const { session, local } = turn.state;
  if (!session.over) for (const { flow } of local.queue) turn.reopened.add(flow);
  for (const one of openRuns(turn)) {
    turn.stale.add(one.id);
    place(one, turn);
  }
}
