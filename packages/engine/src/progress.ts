import type { CompiledFlow } from "./compiled.ts";
import { hears } from "./condition.ts";
import { reached } from "./first-seen.ts";
import { own } from "./own.ts";
import { advance, endRun } from "./runs.ts";
import { truth } from "./truth.ts";
import { openRuns, type Turn } from "./turn.ts";
import { currentStep } from "./view.ts";

/** Ticks a checklist's items, and takes an open run further. */
export function checkProgress(turn: Turn, flow: CompiledFlow, keys: ReadonlySet<string>): void {
  checkItems(turn, flow);
  for (const one of openRuns(turn)) {
    const condition = one.flow === flow && currentStep(one)?.advanceWhen;
    // Only by an input that it listens to; what happened before the step was there does not take it further.
    if (condition && hears(condition, keys) && truth(condition, { ...turn, since: one.run.stepAt }) === true)
      advance(one, turn);
  }
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
