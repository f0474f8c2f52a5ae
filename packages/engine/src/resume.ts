import { checkGoal } from "./goal.ts";
import { openRuns } from "./open-runs.ts";
import { checkItems } from "./progress.ts";
import { place } from "./runs.ts";
import { endRuns, type Turn } from "./turn.ts";
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
  checkSeen(turn);
  for (const one of openRuns(turn)) {
    turn.stale.push(one.id);
    place(one, turn);
  }
}

/** What happened before the course was there, or on another device, may have reached a goal, or done an item. */
export function checkSeen(turn: Turn): void {
  for (const id of Object.keys(turn.state.shared.seen)) {
    const flow = turn.compiled.flows.get(id);
    if (!flow) continue;
    checkGoal(turn, flow);
    checkItems(turn, flow);
  }
}
