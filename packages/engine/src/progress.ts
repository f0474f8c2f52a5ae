import type { CompiledFlow } from "./compiled.ts";
import { listensTo } from "./condition.ts";
import { checkGoal } from "./goal.ts";
import { openRuns } from "./open-runs.ts";
import { own } from "./own.ts";
import { reached } from "./reached.ts";
import { drawAnew } from "./redraw.ts";
import { advance, endRun, recordTick } from "./runs.ts";
import { wasSeen } from "./seen.ts";
import { truth, truthSince } from "./truth.ts";
import type { Turn } from "./turn.ts";
import { currentStep } from "./view.ts";

/** Looks at a flow's goal, ticks a checklist's items, and takes an open run further. */
export function checkProgress(turn: Turn, flow: CompiledFlow, keys: readonly string[]): void {
  checkGoal(turn, flow);
  checkItems(turn, flow);
  for (const one of openRuns(turn, (open) => open.flow === flow.id)) {
    const condition = currentStep(one)?.advanceWhen;
    // Only by an input that it listens to; what happened before the step was there does not take it further.
    if (
      condition &&
      listensTo(condition, turn.compiled.nodes).some((key) => keys.includes(key)) &&
      truthSince(condition, turn, one.run.stepAt) === true
    )
      advance(one, turn);
  }
}

/**
 * Ticks what is done; a checklist with nothing left to do is completed, after it was drawn with the last item ticked.
 *
 * Each tick is recorded once per person, as `cairn.step.completed {flow, version, item}`: at the tick where the person
 * has seen the flow (also while it is closed), else right after its first exposure. So a report that counts from the
 * first exposure on finds each item that stands ticked, and none twice.
 */
export function checkItems(turn: Turn, flow: CompiledFlow): void {
  if (!flow.items.length) return;
  const { shared } = turn.state;
  const [one] = openRuns(turn, (open) => open.flow === flow.id);
  if (!one && !own(shared.seen, flow.id)) return;
  const items = own(shared.items, flow.id) ?? {};
  shared.items[flow.id] = items;
  const seen = wasSeen(turn.state, flow.id);
  let ticked = false;
  for (const { id, done, retroactive } of flow.items)
    if (
      own(items, id) === undefined &&
      (retroactive ? truth(done, turn) === true : reached(turn, flow, id, done))
    ) {
      items[id] = turn.now;
      ticked = true;
      if (seen) recordTick(turn, id, one ?? { flow });
    }
  if (!one) return;
  const left = flow.items.some(({ id, optional }) => !optional && own(items, id) === undefined);
  // A finished list that somebody opened again stays until they close it.
  const isReopened = one.run.how !== "trigger" && !ticked;
  if (left || isReopened || one.run.seen === undefined) {
    if (ticked || flow.items.some(({ lockedUntil }) => lockedUntil)) turn.stale.push(one.id);
  } else {
    drawAnew(turn, one);
    endRun(turn, one.open, "completed");
  }
}
