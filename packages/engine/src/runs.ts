import type { StepId, VariantId } from "@cairn/flow-schema";
import { variantOf } from "./arms.ts";
import { settle, spend, weightOf } from "./budget.ts";
import type { CompiledFlow, CompiledStep } from "./compiled.ts";
import type { EndReason } from "./decision.ts";

import { rememberExposure } from "./first-seen.ts";
import type { RunId } from "./input.ts";
import { own } from "./own.ts";
import { firstStep, isAway, locate, slotHolder } from "./situation.ts";
import { wasSeen } from "./stage-leaf.ts";
import { holds } from "./truth.ts";
import { type About, type OpenRun, record, runOf, type Turn } from "./turn.ts";
import type { Firing, Open, Run, State } from "./user-state.ts";
import { currentStep, runView, stepsOf } from "./view.ts";

/** Ended runs kept per flow; older ones are summed up. */
const KEPT_RUNS = 40;

/** Makes the record of a run that begins now. */
export function beginRun(
  turn: Turn,
  flow: CompiledFlow,
  { how }: Firing,
  ghost?: "program" | "flow",
): { readonly id: RunId; readonly run: Run } {
  const { state, now } = turn;
  const { shared, device } = state;
  shared.runs[flow.id] ??= {};
  const runs = shared.runs[flow.id] ?? {};
  let id = `${device}.${now.toString(36)}.${flow.id}`;
  while (own(runs, id)) id += "~";
  const variant = variantOf(turn, flow, how === "trigger") as VariantId | undefined;
  const run: Run = {
    device,
    how,
    start: now,
    weight: how === "forced" || ghost === "flow" ? 0 : weightOf(turn.compiled, flow),
    ...(ghost && { ghost, seen: now, end: now }),
    ...(variant && { variant }),
    step: firstStep(turn, flow)?.id ?? null,
    stepAt: now,
    path: [],
    shown: [],
  };
  runs[id] = run;
  sumUpOldRuns(state, flow.id, runs);
  return { id, run };
}

/** Keeps the record of a flow bounded: this device's oldest runs live on as numbers only. */
function sumUpOldRuns({ shared, device }: State, flow: string, runs: { [run: RunId]: Run }): void {
  const mine = Object.entries(runs).filter(([, run]) => run.device === device && run.end !== undefined);
  const [oldest] = mine;
  if (mine.length <= KEPT_RUNS || !oldest) return;
  const [id, { start, seen, why, how }] = oldest;
  shared.past[flow] ??= {};
  const past = shared.past[flow] ?? {};
  const sum = own(past, device);
  past[device] = {
    upto: start,
    exposed: (sum?.exposed ?? 0) + (seen !== undefined && why !== "snoozed" && how !== "forced" ? 1 : 0),
    completed: why === "completed" || !!sum?.completed,
    dismissed: why === "dismissed" || !!sum?.dismissed,
  };
  delete runs[id];
}

/** Opens a flow: its first step is on the page, or needs no target. */
export function openFlow(turn: Turn, flow: CompiledFlow, firing: Firing): OpenRun {
  const { id, run } = beginRun(turn, flow, firing);
  const { event } = firing;
  const open: Open = {
    flow: flow.id,
    run: id,
    ...(event && { event }),
    on: null,
    wait: null,
    moved: false,
    arriving: true,
    center: false,
  };
  turn.state.local.open.push(open);
  turn.raised.add(`flow:${flow.id}`);
  return { id, open, run, flow };
}

/** Shows the run's step where its target is, or hides it and waits where it is not (yet). */
export function place(one: OpenRun, turn: Turn): void {
  const { id, open, run, flow } = one;
  const step = currentStep(one);
  const drawn = step?.id ?? "";
  const located = open.center ? "found" : locate(turn, step?.key);
  if (located === "unknown") return;
  if (located === "missing") {
    if (open.on !== null) turn.effects.push({ type: "hide", run: id, reason: "waiting" });
    open.on = null;
    open.wait ??= turn.now + flow.targetWait;
    if (isAway(open)) askWaiting(turn);
    return;
  }
  open.wait = null;
  // What has taken the slot meanwhile keeps it; then this run is the first to have it.
  if (open.on === drawn || (isAway(open) && slotHolder(turn, flow))) return;
  open.moved = open.arriving = false;
  // What comes back after a reload, or because its target does, has been seen before.
  const resumed = open.on === null && (step ? run.shown.includes(step.id) : run.seen !== undefined);
  open.on = drawn;
  turn.effects.push({ type: "show", view: runView(turn, one), resumed });
  turn.stale.delete(id);
  const rank = own(turn.state.local.located, step?.key ?? "") ?? 0;
  if (step && rank > 0 && !run.shown.includes(step.id))
    record(turn, "cairn.target.fallback", { step: step.id, rank }, one);
}

/** Goes to a step of an open run. */
function enter(one: OpenRun, turn: Turn, step: StepId): void {
  Object.assign(one.run, { step, stepAt: turn.now });
  const { open } = one;
  // A run that has left its slot to others goes on, but not before them.
  if (!isAway(open)) Object.assign(open, { moved: false, arriving: true });
  Object.assign(open, { wait: null, center: false });
  place(one, turn);
}

/** The step was done: goes to the next that may be shown, or completes the run. */
export function advance(one: OpenRun, turn: Turn): void {
  completeStep(one, turn);
  goOn(one, turn, true);
}

/** Leaves the current step forwards. `back` remembers it for the Back button. */
function goOn(one: OpenRun, turn: Turn, back: boolean): void {
  const { run, flow } = one;
  const steps = stepsOf(flow, run.variant);
  let at: CompiledStep | undefined = currentStep(one);
  // Each step is passed at most once, so routes that lead in a circle come to an end.
  for (let left = steps.length; at && left > 0; left--) {
    const route = at.next.find(({ when }) => holds(when, turn));
    const next: StepId | undefined = route ? route.step : steps[at.index + 1]?.id;
    at = steps.find(({ id }) => id === next);
    if (at && holds(at.showWhen, turn)) {
      if (back && run.step !== null) run.path.push(run.step);
      enter(one, turn, at.id);
      return;
    }
  }
  endRun(turn, one.open, "completed");
}

export function goBack(one: OpenRun, turn: Turn): void {
  const step = one.run.path.pop();
  if (step !== undefined) enter(one, turn, step);
}

function completeStep(one: OpenRun, turn: Turn): void {
  const step = currentStep(one);
  if (step) record(turn, "cairn.step.completed", { step: step.id, index: step.index }, one);
}

/** The last step was done, or the whole: ends the run as completed. */
export function finish(one: OpenRun, turn: Turn): void {
  completeStep(one, turn);
  endRun(turn, one.open, "completed");
}

/** The step's target did not come in time. */
export function giveUpTarget(one: OpenRun, turn: Turn): void {
  const { open, flow } = one;
  const step = currentStep(one);
  open.wait = null;
  const tour = flow.kind === "tour";
  // A tour whose step was seen goes on when the person comes back to its page.
  if (!step || (tour && open.moved)) {
    open.arriving = false;
    askWaiting(turn);
    return;
  }
  record(turn, "cairn.target.missing", { step: step.id, target: step.key }, one);
  const missing = step.missing ?? (tour ? "skip" : "end");
  if (missing === "skip") goOn(one, turn, false);
  else if (missing === "center") {
    open.center = true;
    place(one, turn);
  } else endRun(turn, open, open.moved ? "navigated" : "target-missing");
}

/** A step (or the checklist) was really seen. */
export function expose(one: OpenRun, turn: Turn, step: StepId | null): void {
  const { id, run, flow } = one;
  const { local, shared } = turn.state;
  if (run.seen === undefined) {
    const first = !wasSeen(turn.state, flow.id);
    run.seen = turn.now;
    if (run.how !== "forced") {
      spend(local.ledger, run, turn.now);
      rememberExposure(turn, flow);
      turn.raised.add(`flow:${flow.id}`);
    }
    const { how: start, variant } = run;
    record(turn, "cairn.flow.shown", { kind: flow.kind, run: id, start, ...(variant && { variant }) }, one);
    // What stood ticked before anybody saw the list is told now: reports count from the first exposure on.
    if (first) for (const item of Object.keys(own(shared.items, flow.id) ?? {})) recordTick(turn, item, one);
  }
  const found = stepsOf(flow, run.variant).find((candidate) => candidate.id === step);
  if (!found || run.shown.includes(found.id)) return;
  run.shown.push(found.id);
  record(turn, "cairn.step.shown", { step: found.id, index: found.index }, one);
}

/** A slot or a reservation has become free: whoever waits for either is asked again. */
export function askWaiting(turn: Turn): void {
  for (const { flow, reason } of turn.state.local.queue)
    if (reason === "outranked" || reason === "budget") turn.reopened.add(flow);
}

/** An item of a checklist was ticked. */
export const recordTick = (turn: Turn, item: string, about: About): void =>
  record(turn, "cairn.step.completed", { item }, about);

/** Ends an open run, for exactly one reason. */
export function endRun(turn: Turn, open: Open, why: EndReason): void {
  const { state, compiled } = turn;
  const { local } = state;
  if (!local.open.includes(open)) return;
  local.open = local.open.filter((other) => other !== open);
  const { flow: id, run: runId } = open;
  turn.stale.delete(runId);
  turn.effects.push({ type: "hide", run: runId, reason: why });
  turn.raised.add(`flow:${id}`);
  askWaiting(turn);
  const run = runOf(state, id, runId);
  if (!run) return;
  run.end = turn.now;
  run.why = why;
  if (run.how !== "forced") settle(local.ledger, run);
  const about = { flow: compiled.flows.get(id) ?? { id }, id: runId, run };
  const step = run.step !== null && { step: run.step };
  if (why === "completed" || why === "dismissed" || why === "snoozed")
    record(turn, `cairn.flow.${why}`, { ...step }, about);
  record(turn, "cairn.flow.ended", { ...step, reason: why }, about);
}
