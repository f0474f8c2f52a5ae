import type { Step, StepId, VariantId } from "@cairn/flow-schema";
import { variantOf } from "./arms.ts";
import { settle, spend, weightOf } from "./budget.ts";
import type { CompiledFlow, CompiledStep } from "./compile.ts";
import type { EndReason } from "./decision.ts";
import { firstStep, locate } from "./eligibility.ts";
import { rememberExposure } from "./first-seen.ts";
import type { RunId } from "./input.ts";
import { own } from "./own.ts";
import { truth } from "./truth.ts";
import { aboutFlow, type OpenRun, record, runOf, type Turn } from "./turn.ts";
import type { Firing, Open, Run, State } from "./user-state.ts";
import { currentStep, runView, stepsOf } from "./view.ts";

/** Ended runs kept per flow; older ones are summed up. */
const KEPT_RUNS = 40;

/** Makes the record of a run that begins now. */
export function beginRun(turn: Turn, flow: CompiledFlow, firing: Firing, ghost?: "program" | "flow"): RunId {
  const { state, now, compiled } = turn;
  const runs = own(state.shared.runs, flow.id) ?? {};
  state.shared.runs[flow.id] = runs;
  let id = `${state.device}.${now.toString(36)}.${flow.id}`;
  while (own(runs, id)) id += "~";
  const first = firstStep(turn, flow);
  const variant = variantOf(compiled, state, flow, firing.how === "trigger");
  runs[id] = {
    device: state.device,
    how: firing.how,
    start: now,
    weight: firing.how === "forced" || ghost === "flow" ? 0 : weightOf(compiled, flow),
    ...(ghost && { ghost, seen: now, end: now }),
    ...(variant && { variant: variant as VariantId }),
    step: first?.step.id ?? null,
    stepAt: now,
    path: [],
    shown: [],
  };
  sumUpOldRuns(state, flow.id, runs);
  return id;
}

/** Keeps the record of a flow bounded: this device's oldest runs live on as numbers only. */
function sumUpOldRuns(state: State, flow: string, runs: { [run: RunId]: Run }): void {
  const mine = Object.entries(runs).filter(([, run]) => run.device === state.device && run.end !== undefined);
  const [oldest] = mine;
  if (mine.length <= KEPT_RUNS || !oldest) return;
  const [id, run] = oldest;
  const past = own(state.shared.past, flow) ?? {};
  state.shared.past[flow] = past;
  const sum = own(past, state.device) ?? { upto: -1, exposed: 0, completed: false, dismissed: false };
  past[state.device] = {
    upto: run.start,
    exposed: sum.exposed + (run.seen !== undefined && run.why !== "snoozed" && run.how !== "forced" ? 1 : 0),
    completed: sum.completed || run.why === "completed",
    dismissed: sum.dismissed || run.why === "dismissed",
  };
  delete runs[id];
}

/** Opens a flow: its first step is on the page, or needs no target. */
export function openFlow(turn: Turn, flow: CompiledFlow, firing: Firing): RunId {
  const id = beginRun(turn, flow, firing);
  const open: Open = {
    flow: flow.id,
    run: id,
    ...(firing.event && { event: firing.event }),
    on: null,
    wait: null,
    moved: false,
    center: false,
  };
  turn.state.local.open.push(open);
  turn.raised.add(`flow:${flow.id}`);
  const run = runOf(turn.state, flow.id, id);
  if (run) place({ open, run, flow }, turn);
  return id;
}

/** Shows the run's step where its target is, or hides it and waits where it is not (yet). */
export function place(one: OpenRun, turn: Turn): void {
  const { open, run, flow } = one;
  const { state, now } = turn;
  const step = currentStep(one);
  const drawn = step ? step.step.id : "";
  const located = open.center ? "found" : locate(turn, step?.key);
  if (located === "unknown") return;
  if (located === "missing") {
    if (open.on !== null) turn.effects.push({ type: "hide", run: open.run, reason: "waiting" });
    open.on = null;
    open.wait ??= now + flow.targetWait;
    return;
  }
  open.wait = null;
  open.moved = false;
  if (open.on === drawn) return;
  // What comes back after a reload, or because its target does, has been seen before.
  const resumed = open.on === null && (step ? run.shown.includes(step.step.id) : run.seen !== undefined);
  open.on = drawn;
  turn.effects.push({ type: "show", view: runView(turn, one), resumed });
  turn.stale.delete(open.run);
  const rank = step && step.key !== null ? (own(state.local.located, step.key) ?? 0) : 0;
  if (step && rank > 0 && !run.shown.includes(step.step.id))
    record(turn, "cairn.target.fallback", { flow: flow.id, step: step.step.id, rank }, { id: open.run, run });
}

/** Goes to a step of an open run. */
function enter(one: OpenRun, turn: Turn, step: StepId): void {
  one.run.step = step;
  one.run.stepAt = turn.now;
  one.open.wait = null;
  one.open.center = false;
  place(one, turn);
}

/** The step was done: records it and goes to the next that may be shown, or completes the run. */
export function advance(one: OpenRun, turn: Turn): void {
  completeStep(one, turn);
  goOn(one, turn, true);
}

/** Leaves the current step forwards. `back` remembers it for the Back button. */
function goOn(one: OpenRun, turn: Turn, back: boolean): void {
  const { run, flow, open } = one;
  const from = run.step;
  const steps = stepsOf(flow, run.variant);
  let at: CompiledStep | undefined = currentStep(one);
  // Each step is passed at most once, so routes that lead in a circle come to an end.
  for (let left = steps.length; at && left > 0; left--) {
    const route = at.routes.find(({ when }) => when === null || truth(when, turn) === true);
    const index = at.index + 1;
    at = route ? steps.find(({ step }) => step.id === route.step) : steps[index];
    if (at && (at.showWhen === null || truth(at.showWhen, turn) === true)) {
      if (back && from !== null) run.path.push(from);
      enter(one, turn, at.step.id);
      return;
    }
  }
  endRun(turn, open, "completed");
}

export function goBack(one: OpenRun, turn: Turn): void {
  const step = one.run.path.pop();
  if (step !== undefined) enter(one, turn, step);
}

const aboutStep = ({ flow, run }: OpenRun) => {
  const step = currentStep({ flow, run });
  return { ...aboutFlow(flow), ...(step && { step: step.step.id, index: step.index }) };
};

function completeStep(one: OpenRun, turn: Turn): void {
  if (one.run.step !== null)
    record(turn, "cairn.step.completed", aboutStep(one), { id: one.open.run, run: one.run });
}

/** The last step was done, or the whole: ends the run as completed. */
export function finish(one: OpenRun, turn: Turn): void {
  completeStep(one, turn);
  endRun(turn, one.open, "completed");
}

/** The step's target did not come in time. */
export function giveUpTarget(one: OpenRun, turn: Turn): void {
  const { open, run, flow } = one;
  const step = currentStep(one);
  if (!step || step.key === null) return;
  const tour = flow.flow.kind === "tour";
  open.wait = null;
  // A tour whose step was seen goes on when the person comes back to its page.
  if (tour && open.moved) return;
  record(
    turn,
    "cairn.target.missing",
    { flow: flow.id, step: step.step.id, target: step.key },
    { id: open.run, run },
  );
  const missing: Step["missing"] = step.step.missing ?? (tour ? "skip" : "end");
  if (missing === "skip") goOn(one, turn, false);
  else if (missing === "center") {
    open.center = true;
    place(one, turn);
  } else endRun(turn, open, open.moved ? "navigated" : "target-missing");
}

/** A step (or the checklist) was really seen. */
export function expose(one: OpenRun, turn: Turn, step: StepId | null): void {
  const { open, run, flow } = one;
  const { state, now, compiled } = turn;
  const of = { id: open.run, run };
  if (run.seen === undefined) {
    run.seen = now;
    if (run.how !== "forced") {
      spend(state.local.ledger, run, now);
      delete state.local.starving[flow.id];
      rememberExposure(turn, flow);
      turn.raised.add(`flow:${flow.id}`);
    }
    record(
      turn,
      "cairn.flow.shown",
      {
        ...aboutFlow(flow),
        kind: flow.flow.kind,
        run: open.run,
        start: run.how,
        ...(run.variant && { variant: run.variant }),
      },
      of,
    );
  }
  const found = stepsOf(flow, run.variant).find((candidate) => candidate.step.id === step);
  if (!found || compiled.flows.get(flow.id) !== flow || run.shown.includes(found.step.id)) return;
  run.shown.push(found.step.id);
  record(turn, "cairn.step.shown", { ...aboutFlow(flow), step: found.step.id, index: found.index }, of);
}

const ENDINGS = {
  completed: "cairn.flow.completed",
  dismissed: "cairn.flow.dismissed",
  snoozed: "cairn.flow.snoozed",
} as const;

/** Ends an open run, for exactly one reason. */
export function endRun(turn: Turn, open: Open, why: EndReason): void {
  const { state, compiled } = turn;
  const index = state.local.open.indexOf(open);
  if (index < 0) return;
  state.local.open.splice(index, 1);
  turn.stale.delete(open.run);
  turn.effects.push({ type: "hide", run: open.run, reason: why });
  turn.raised.add(`flow:${open.flow}`);
  // An end frees a slot and a reservation: whoever waits for either is asked again.
  for (const { flow, reason } of state.local.queue)
    if (reason === "outranked" || reason === "budget") turn.reopened.add(flow);
  const run = runOf(state, open.flow, open.run);
  if (!run) return;
  run.end = turn.now;
  run.why = why;
  if (run.how !== "forced") settle(state.local.ledger, run);
  const flow = compiled.flows.get(open.flow);
  const about = {
    flow: open.flow,
    version: flow?.flow.version ?? null,
    ...(run.step !== null && { step: run.step }),
  };
  const of = { id: open.run, run };
  if (why === "completed" || why === "dismissed" || why === "snoozed") record(turn, ENDINGS[why], about, of);
  record(turn, "cairn.flow.ended", { ...about, reason: why }, of);
}
