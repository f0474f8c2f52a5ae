import { parseDuration, type Step, type StepId } from "@cairn/flow-schema";
import { settle, spend } from "./budget.ts";
import type { EndReason } from "./decision.ts";
import { rememberExposure } from "./first-seen.ts";
import { draw } from "./open-run.ts";
import { runOf } from "./open-runs.ts";
import { own } from "./own.ts";
import { wasSeen } from "./seen.ts";
import { isAway, locate, slotHolder } from "./situation.ts";
import { tellTeam } from "./team.ts";
import { holds } from "./truth.ts";
import { type About, type OpenRun, record, type Turn } from "./turn.ts";
import type { Open } from "./user-state.ts";
import { currentStep, keyOf, stepsOf } from "./view.ts";

/** Shows the run's step where its target is, or hides it and waits where it is not (yet). */
export function place(one: OpenRun, turn: Turn): void {
  const { id, open, flow } = one;
  const step = currentStep(one);
  const located = open.center ? "found" : locate(turn, keyOf(step));
  if (located === "unknown") return;
  if (located === "missing") {
    if (open.on !== null) turn.effects.push({ type: "hide", run: id, reason: "waiting" });
    open.on = null;
    open.wait ??= turn.now + (parseDuration(flow.targetWait) ?? 5_000);
    if (isAway(open)) askWaiting(turn);
    return;
  }
  open.wait = null;
  // What has taken the slot meanwhile keeps it; then this run is the first to have it.
  if (open.on !== (step?.id ?? "") && !(isAway(open) && slotHolder(turn, flow))) draw(one, turn);
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
  let at: Step | undefined = currentStep(one);
  // Each step is passed at most once, so routes that lead in a circle come to an end.
  for (let left = steps.length; at && left > 0; left--) {
    const route = at.next?.find(({ when }) => holds(when, turn));
    const next: StepId | undefined = route ? route.step : steps[steps.indexOf(at) + 1]?.id;
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

const indexOf = ({ flow, run }: OpenRun, step: Step) => stepsOf(flow, run.variant).indexOf(step);

function completeStep(one: OpenRun, turn: Turn): void {
  const step = currentStep(one);
  if (step) record(turn, "cairn.step.completed", { step: step.id, index: indexOf(one, step) }, one);
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
  record(turn, "cairn.target.missing", { step: step.id, target: keyOf(step) }, one);
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
      rememberExposure(turn, flow, run);
      turn.raised.push(`flow:${flow.id}`);
    }
    const { how: start, variant } = run;
    record(turn, "cairn.flow.shown", { kind: flow.kind, run: id, start, ...(variant && { variant }) }, one);
    // What stood ticked before anybody saw the list is told now: reports count from the first exposure on.
    if (first) for (const item of Object.keys(own(shared.items, flow.id) ?? {})) recordTick(turn, item, one);
  }
  const found = stepsOf(flow, run.variant).find((candidate) => candidate.id === step);
  if (!found || run.shown.includes(found.id)) return;
  run.shown.push(found.id);
  record(turn, "cairn.step.shown", { step: found.id, index: indexOf(one, found) }, one);
}

/** A slot or a reservation has become free: whoever waits for either is asked again. */
export function askWaiting(turn: Turn): void {
  for (const { flow, reason } of turn.state.local.queue)
    if (reason === "outranked" || reason === "budget") turn.reopened.push(flow);
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
  turn.stale = turn.stale.filter((one) => one !== runId);
  turn.effects.push({ type: "hide", run: runId, reason: why });
  turn.raised.push(`flow:${id}`);
  askWaiting(turn);
  const run = runOf(state, id, runId);
  if (!run) return;
  run.end = turn.now;
  run.why = why;
  if (run.how !== "forced") settle(local.ledger, run);
  const about = { flow: compiled.flows.get(id) ?? { id }, id: runId, run };
  const step = run.step !== null && { step: run.step };
  if (why === "completed" || why === "dismissed" || why === "snoozed") {
    // What was never seen has used up nothing that a snooze could give back.
    if (run.how !== "forced" && (run.seen !== undefined || why !== "snoozed"))
      tellTeam(state, why, id, turn.now);
    record(turn, `cairn.flow.${why}`, { ...step }, about);
  }
  record(turn, "cairn.flow.ended", { ...step, reason: why }, about);
}
