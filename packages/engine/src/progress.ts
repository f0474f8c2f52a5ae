import type { CompiledFlow } from "./compile.ts";
import { hears } from "./condition.ts";
import { reached } from "./first-seen.ts";
import { own } from "./own.ts";
import { advance, endRun } from "./runs.ts";
import { truth } from "./truth.ts";
import { openRuns, record, type Turn } from "./turn.ts";
import { currentStep } from "./view.ts";

/** Looks whether a flow's goal has been reached, ticks its items, and takes its open run further. */
export function checkProgress(turn: Turn, flow: CompiledFlow, keys: ReadonlySet<string>): void {
  checkGoal(turn, flow);
  checkItems(turn, flow);
  for (const one of openRuns(turn)) {
    const condition = one.flow === flow && currentStep(one)?.advanceWhen;
    // Only by an input that it listens to; what happened before the step was there does not take it further.
    if (condition && hears(condition, keys) && truth(condition, { ...turn, since: one.run.stepAt }) === true)
      advance(one, turn);
  }
}

function checkGoal(turn: Turn, flow: CompiledFlow): void {
  const { goals, seen } = turn.state.shared;
  const first = own(seen, flow.id);
  if (!first || own(goals, flow.id) !== undefined || turn.now - first.at >= flow.goalWithin) return;
  // Not `some`: each alternative must be looked at, or one that ceases to hold goes unnoticed.
  if (!flow.goal.filter((goal, i) => reached(turn, flow, `goal/${i}`, goal)).length) return;
  goals[flow.id] = turn.now;
  record(turn, "cairn.goal.reached", {}, { flow });
  const one = openRuns(turn).find((open) => open.flow === flow);
  if (one && flow.frequency.until !== "none") endRun(turn, one.open, "goal-reached");
}

/** Ticks what is done; a checklist with nothing left to do is completed. */
export function checkItems(turn: Turn, flow: CompiledFlow): void {
  const { shared } = turn.state;
  const one = openRuns(turn).find((open) => open.flow === flow);
  if (!flow.items.length || !(one || own(shared.seen, flow.id))) return;
  const items = own(shared.items, flow.id) ?? {};
  shared.items[flow.id] = items;
  for (const { id, done, retroactive } of flow.items)
    if (
      own(items, id) === undefined &&
      (retroactive ? truth(done, turn) === true : reached(turn, flow, id, done))
    )
      items[id] = turn.now;
  if (!one) return;
  turn.stale.add(one.id);
  const left = flow.items.some(({ id, optional }) => !optional && own(items, id) === undefined);
  if (!left && one.run.seen !== undefined) endRun(turn, one.open, "completed");
}
