import { parseDuration } from "@cairn/flow-schema";
import { settle, spend } from "./budget.ts";
import type { CompiledFlow } from "./compile.ts";
import type { Decision } from "./decision.ts";
import { type Hold, holdoutHold, personalHold, situationalHold } from "./eligibility.ts";
import { rememberExposure } from "./first-seen.ts";
import { countHold } from "./held.ts";
import { own } from "./own.ts";
import { compareFlows } from "./priority.ts";
import { beginRun, endRun, openFlow, place } from "./runs.ts";
import { type About, openRuns, record, type Turn } from "./turn.ts";
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
  if (!turn.firings.length && !turn.reopened.size) return;
  const { compiled, now } = turn;
  const { local } = turn.state;
  const starvation = parseDuration(compiled.settings.budget?.starvation) ?? 0;
  const isStarved = ({ id }: CompiledFlow) => now - (own(local.starving, id) ?? now + 1) >= starvation;
  const asked = gather(turn)
    .sort((a, b) => compareFlows(a.flow, b.flow, isStarved))
    .map((one) => ({ ...one, personal: personalHold(turn, one.flow, one.firing.how) }));
  turn.firings.length = 0;
  turn.reopened.clear();
  local.pending = [];
  if (!blind && asked.some((one) => !one.personal && situationalHold(turn, one.flow, one.firing) === "look"))
    for (const { firing, fired } of asked) {
      const { flow, how, event } = firing;
      local.pending.push({ flow, how, ...(event && { event }), fired });
    }
  else for (const one of asked) decide(turn, one, one.personal);
}

function gather(turn: Turn): Candidate[] {
  const { queue } = turn.state.local;
  const found = new Map<string, Candidate>();
  const add = (firing: Firing, fired: boolean) => {
    const flow = turn.compiled.flows.get(firing.flow);
    const known = found.get(firing.flow);
    // A manual start says more than a trigger that fires at the same moment.
    if (flow && (!known || (fired && known.firing.how === "trigger")))
      found.set(firing.flow, { flow, firing, waiting: queue.find((one) => one.flow === firing.flow), fired });
  };
  for (const firing of turn.firings) add(firing, true);
  for (const waiting of queue) if (turn.reopened.has(waiting.flow)) add(waiting, false);
  return [...found.values()];
}

function decide(turn: Turn, one: Candidate, personal: Hold | null): void {
  const { flow, firing, waiting, fired } = one;
  const { how } = firing;
  const { local } = turn.state;
  // Somebody before us in this contest may have ended or opened what we were asked about.
  const found = personal ?? situationalHold(turn, flow, firing);
  const hold: Hold | null = found === "look" ? { reason: "target-missing" } : found;
  if (hold?.reason === "budget") local.starving[flow.id] ??= turn.now;
  if (hold && WAITING.includes(hold.reason)) {
    keepWaiting(turn, one, hold);
    if (!fired && waiting?.reason === hold.reason) return;
  } else leaveQueue(turn, flow.id);
  if (waiting && hold) waiting.reason = hold.reason;
  if (hold) {
    answer(turn, flow, how, hold);
    return;
  }
  const ghost = holdoutHold(turn, flow, how);
  delete local.starving[flow.id];
  if (ghost) {
    withhold(turn, flow, firing, ghost);
    return;
  }
  // A manual start takes the slot, whoever has it.
  if (how !== "trigger")
    for (const other of openRuns(turn))
      if (other.flow === flow || (flow.slot !== null && other.flow.slot === flow.slot))
        endRun(turn, other.open, "replaced");
  const opened = openFlow(turn, flow, firing);
  report(turn, { outcome: "shown", start: how, run: opened.id }, opened);
  place(opened, turn);
}

/** Would have been shown: leaves the traces of an exposure, and nothing on the page. */
function withhold(turn: Turn, flow: CompiledFlow, firing: Firing, holdout: "program" | "flow"): void {
  const { id, run } = beginRun(turn, flow, firing, holdout);
  const { ledger } = turn.state.local;
  spend(ledger, run, turn.now);
  settle(ledger, run);
  rememberExposure(turn, flow);
  const about = { id, run, flow };
  report(
    turn,
    { outcome: "withheld", reason: "holdout", detail: holdout, start: firing.how, run: id },
    about,
  );
  record(turn, "cairn.flow.withheld", { holdout }, about);
}

function keepWaiting(turn: Turn, { flow, firing, waiting }: Candidate, { reason, opens = null }: Hold): void {
  const { queue } = turn.state.local;
  if (waiting) {
    waiting.opens = opens;
    return;
  }
  const [oldest] = queue;
  if (oldest && queue.length >= MAX_WAITING) expire(turn, oldest);
  turn.state.local.queue.push({ ...firing, until: turn.now + flow.patience, reason, opens });
}

function leaveQueue({ state: { local } }: Turn, flow: string): void {
  local.queue = local.queue.filter((one) => one.flow !== flow);
}

/** A waiting flow's patience, or its session, has come to an end. */
export function expire(turn: Turn, { flow: id, how, reason: detail }: Waiting): void {
  leaveQueue(turn, id);
  const flow = turn.compiled.flows.get(id);
  if (flow) answer(turn, flow, how, { reason: "expired", detail });
}

function answer(turn: Turn, flow: CompiledFlow, start: Decision["start"], hold: Hold): void {
  const { reason, detail } = hold;
  report(turn, { outcome: "held", reason, ...(detail !== undefined && { detail }), start }, { flow });
  if (start !== "forced") countHold(turn, flow, hold);
}

function report(turn: Turn, found: Omit<Decision, "at" | "user" | "flow">, about: About): void {
  const { state, now } = turn;
  const decision: Decision = { at: now, user: personId(state.person), flow: about.flow.id, ...found };
  turn.decisions.push(decision);
  state.log.push(decision);
  if (state.log.length > LOG_SIZE) state.log.shift();
  const { run: _, ...said } = found;
  if (found.outcome !== "held") record(turn, "cairn.flow.decided", said, about);
}
