import { parseDuration } from "@cairn/flow-schema";
import { settle, spend } from "./budget.ts";
import type { CompiledFlow } from "./compile.ts";
import type { Decision } from "./decision.ts";
import { type Hold, holdoutHold, personalHold, situationalHold } from "./eligibility.ts";
import { rememberExposure } from "./first-seen.ts";
import { countHold } from "./held.ts";
import { own } from "./own.ts";
import { compareFlows } from "./priority.ts";
import { beginRun, endRun, openFlow } from "./runs.ts";
import { aboutFlow, openRuns, record, runOf, type Turn } from "./turn.ts";
import { type Firing, LOG_SIZE, personId, type Waiting } from "./user-state.ts";

/** Gates at which a flow waits. */
const WAITING = ["budget", "guard", "outranked", "target-missing"];
/** Flows that may wait at once; the one that has waited longest makes room. */
const MAX_WAITING = 50;

interface Candidate {
  readonly flow: CompiledFlow;
  readonly firing: Firing;
  readonly waiting: Waiting | undefined;
  /** It was set off in this turn, so it gets a decision whatever the answer. */
  readonly fired: boolean;
}

/**
 * Asks all flows that were set off, and those that wait for a gate which may have opened, as one contest: the first
 * in rank that passes every gate takes its slot. Put off while it is not known whether a target is on the page:
 * `located` inputs bring it back. `blind`: no answer came, so what is not known is not there.
 */
export function holdContest(turn: Turn, blind = false): void {
  const { state, compiled, now } = turn;
  const { local } = state;
  const starvation = compiled.settings.budget ? (parseDuration(compiled.settings.budget.starvation) ?? 0) : 0;
  const isStarved = ({ id }: CompiledFlow) => {
    const since = own(local.starving, id);
    return since !== undefined && now - since >= starvation;
  };
  if (turn.firings.length === 0 && turn.reopened.size === 0) return;
  const candidates = gather(turn).sort((a, b) => compareFlows(a.flow, b.flow, isStarved));
  const asked = candidates.map((one) => ({ ...one, hold: personalHold(turn, one.flow, one.firing.how) }));
  if (
    !blind &&
    asked.some(({ hold, flow, firing }) => !hold && situationalHold(turn, flow, firing) === "look")
  ) {
    local.pending = candidates.map(({ firing: { flow, how, event }, fired }) => ({
      flow,
      how,
      ...(event && { event }),
      fired,
    }));
  } else {
    local.pending = [];
    for (const one of asked) decide(turn, one, one.hold);
  }
  turn.firings.length = 0;
  turn.reopened.clear();
}

function gather(turn: Turn): Candidate[] {
  const { state, compiled } = turn;
  const { queue } = state.local;
  const found = new Map<string, Candidate>();
  for (const firing of turn.firings) {
    const flow = compiled.flows.get(firing.flow);
    if (!flow) continue;
    // A manual start says more than a trigger that fires at the same moment.
    const known = found.get(flow.id);
    if (known && known.firing.how !== "trigger") continue;
    const waiting = queue.find((one) => one.flow === flow.id);
    found.set(flow.id, { flow, firing, waiting, fired: true });
  }
  for (const waiting of queue) {
    const flow = compiled.flows.get(waiting.flow);
    if (flow && turn.reopened.has(flow.id) && !found.has(flow.id))
      found.set(flow.id, { flow, firing: waiting, waiting, fired: false });
  }
  return [...found.values()];
}

function decide(turn: Turn, one: Candidate, personal: Hold | null): void {
  const { flow, firing, waiting, fired } = one;
  const { how } = firing;
  // Somebody before us in this contest may have ended or opened what we were asked about.
  const found = personal ?? situationalHold(turn, flow, firing);
  const hold: Hold | null = found === "look" ? { reason: "target-missing" } : found;
  if (hold) {
    if (hold.reason === "budget") turn.state.local.starving[flow.id] ??= turn.now;
    const changed = waiting?.reason !== hold.reason;
    if (WAITING.includes(hold.reason)) keepWaiting(turn, one, hold);
    else leaveQueue(turn, flow.id);
    if (fired || changed) answer(turn, flow, how, hold);
    return;
  }
  leaveQueue(turn, flow.id);
  const ghost = holdoutHold(turn, flow, how);
  if (ghost) {
    withhold(turn, flow, firing, ghost);
    return;
  }
  if (how !== "trigger") makeWay(turn, flow);
  delete turn.state.local.starving[flow.id];
  const run = openFlow(turn, flow, firing);
  report(turn, flow, { outcome: "shown", start: how, run });
}

/** A manual start takes the slot, whoever has it. */
function makeWay(turn: Turn, flow: CompiledFlow): void {
  for (const other of openRuns(turn))
    if (other.flow === flow || (flow.slot !== null && other.flow.slot === flow.slot))
      endRun(turn, other.open, "replaced");
}

/** Would have been shown: leaves the traces of an exposure, and nothing on the page. */
function withhold(turn: Turn, flow: CompiledFlow, firing: Firing, ghost: "program" | "flow"): void {
  const id = beginRun(turn, flow, firing, ghost);
  const run = runOf(turn.state, flow.id, id);
  if (run) {
    spend(turn.state.local.ledger, run, turn.now);
    settle(turn.state.local.ledger, run);
  }
  delete turn.state.local.starving[flow.id];
  rememberExposure(turn, flow);
  report(turn, flow, { outcome: "withheld", reason: "holdout", detail: ghost, start: firing.how, run: id });
  record(turn, "cairn.flow.withheld", { ...aboutFlow(flow), holdout: ghost });
}

function keepWaiting(turn: Turn, { flow, firing, waiting }: Candidate, hold: Hold): void {
  const { local } = turn.state;
  const opens = hold.opens ?? null;
  if (waiting) {
    waiting.reason = hold.reason;
    waiting.opens = opens;
    return;
  }
  if (local.queue.length >= MAX_WAITING) {
    const oldest = local.queue[0];
    if (oldest) expire(turn, oldest);
  }
  local.queue.push({ ...firing, until: turn.now + flow.patience, reason: hold.reason, opens });
}

function leaveQueue(turn: Turn, flow: string): void {
  const { local } = turn.state;
  local.queue = local.queue.filter((one) => one.flow !== flow);
}

/** A waiting flow's patience, or its session, has come to an end. */
export function expire(turn: Turn, waiting: Waiting): void {
  leaveQueue(turn, waiting.flow);
  const flow = turn.compiled.flows.get(waiting.flow);
  if (flow) answer(turn, flow, waiting.how, { reason: "expired", detail: waiting.reason });
}

function answer(turn: Turn, flow: CompiledFlow, start: Decision["start"], hold: Hold): void {
  const { reason, detail } = hold;
  report(turn, flow, { outcome: "held", reason, ...(detail !== undefined && { detail }), start });
  if (start !== "forced") countHold(turn, flow.id, hold);
}

function report(turn: Turn, flow: CompiledFlow, found: Omit<Decision, "at" | "user" | "flow">): void {
  const { state, now } = turn;
  const decision: Decision = { at: now, user: personId(state.person), flow: flow.id, ...found };
  turn.decisions.push(decision);
  state.log.push(decision);
  if (state.log.length > LOG_SIZE) state.log.shift();
  if (decision.outcome === "held" || decision.start === "forced") return;
  const { outcome, reason, detail, start } = decision;
  const id = decision.run ?? "";
  const run = runOf(state, flow.id, id);
  const about = { ...aboutFlow(flow), outcome, ...(reason && { reason }), ...(detail && { detail }), start };
  record(turn, "cairn.flow.decided", about, run && { id, run });
}
