import type { CompiledFlow } from "./compile.ts";
import { reached } from "./first-seen.ts";
import { own } from "./own.ts";
import { advance, endRun } from "./runs.ts";
import { truth } from "./truth.ts";
import { aboutFlow, openRuns, record, type Turn } from "./turn.ts";
import { currentStep } from "./view.ts";

/** Looks whether a flow's goal has been reached, ticks its items, and takes its open run further. */
export function checkProgress(turn: Turn, flow: CompiledFlow): void {
  checkGoal(turn, flow);
  checkItems(turn, flow);
}

function checkGoal(turn: Turn, flow: CompiledFlow): void {
  const { state, now } = turn;
  const seen = own(state.shared.seen, flow.id);
  if (!seen || own(state.shared.goals, flow.id) !== undefined || now - seen.at >= flow.goalWithin) return;
  // Not `some`: each alternative must be looked at, or one that ceases to hold goes unnoticed.
  if (!flow.goal.filter((goal, i) => reached(turn, flow, `goal/${i}`, goal)).length) return;
  state.shared.goals[flow.id] = now;
  record(turn, "cairn.goal.reached", aboutFlow(flow));
  const open = state.local.open.find((one) => one.flow === flow.id);
  if (open && flow.frequency.until !== "none") endRun(turn, open, "goal-reached");
}

/** Ticks what is done; a checklist with nothing left to do is completed. */
export function checkItems(turn: Turn, flow: CompiledFlow): void {
  if (flow.items.length === 0) return;
  const { state, now } = turn;
  const items = own(state.shared.items, flow.id) ?? {};
  const open = openRuns(turn).find((one) => one.flow === flow);
  if (!open && !own(state.shared.seen, flow.id)) return;
  for (const { id, done, retroactive } of flow.items) {
    if (own(items, id) !== undefined) continue;
    if (retroactive ? truth(done, turn) !== true : !reached(turn, flow, id, done)) continue;
    items[id] = now;
    if (open) turn.stale.add(open.open.run);
  }
  state.shared.items[flow.id] = items;
  if (!open) return;
  if (flow.items.some(({ lockedUntil }) => lockedUntil)) turn.stale.add(open.open.run);
  const written = flow.flow.kind === "checklist" ? flow.flow.items : [];
  const left = written.some(({ id, optional }) => !optional && own(items, id) === undefined);
  if (!left && open.run.seen !== undefined) endRun(turn, open.open, "completed");
}

/** Steps whose `advanceWhen` has come true, by an input that it listens to. */
export function checkAdvance(turn: Turn, flow: CompiledFlow, keys: ReadonlySet<string>): void {
  for (const one of openRuns(turn)) {
    const condition = one.flow === flow ? currentStep(one)?.advanceWhen : null;
    if (!condition || !hears(condition, keys)) continue;
    // What happened before the step was there does not take it further.
    if (truth(condition, { ...turn, since: one.run.stepAt }) === true) advance(one, turn);
  }
}

function hears(condition: CompiledFlow["trigger"], keys: ReadonlySet<string>): boolean {
  return "leaf" in condition
    ? condition.keys.some((key) => keys.has(key))
    : condition.of.some((part) => hears(part, keys));
}
