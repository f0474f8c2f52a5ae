import type { CompiledFlow } from "./compiled.ts";
import type { Decision } from "./decision.ts";
import { type Hold, personalHold } from "./eligibility.ts";
import { countHold } from "./held.ts";
import { type About, type Candidate, record, type Turn } from "./turn.ts";
import { type Firing, LOG_SIZE, personId, type Waiting } from "./user-state.ts";

/**
 * Asks all flows that were set off, and those that wait for a gate which may have opened, as one contest. `blind`: no
 * answer about targets will come, so what is not known to be on the page is not there.
 */
export function holdContest(turn: Turn, blind = false): void {
  const { local } = turn.state;
  for (const { fired, ...firing } of local.pending) {
    if (fired) turn.firings.push(firing);
    else turn.reopened.add(firing.flow);
  }
  local.pending = [];
  local.looking = false;
  const asked = gather(turn);
  turn.firings.length = 0;
  turn.reopened.clear();
  const { stage } = turn.compiled;
  if (stage) stage.contest(turn, asked, blind);
  else
    for (const one of asked)
      if (one.personal) answer(turn, one, one.personal);
      else putOff(turn, one);
}

/** Keeps a candidate for when the page, or the stage, is there to ask. */
export function putOff(turn: Turn, { firing: { flow, how, event }, fired }: Candidate): void {
  turn.state.local.pending.push({ flow, how, ...(event && { event }), fired });
}

function gather(turn: Turn): Candidate[] {
  const { queue } = turn.state.local;
  const found = new Map<string, Candidate>();
  const add = (firing: Firing, fired: boolean) => {
    const flow = turn.compiled.flows.get(firing.flow);
    const known = found.get(firing.flow);
    // A manual start says more than a trigger that fires at the same moment.
    if (!flow || (known && (!fired || known.firing.how !== "trigger"))) return;
    const waiting = queue.find((one) => one.flow === firing.flow);
    found.set(firing.flow, { flow, firing, waiting, fired, personal: personalHold(turn, flow, firing.how) });
  };
  for (const firing of turn.firings) add(firing, true);
  for (const waiting of queue) if (turn.reopened.has(waiting.flow)) add(waiting, false);
  return [...found.values()];
}

/** A flow is held by a gate that does not wait. */
export function answer(turn: Turn, { flow, firing }: Pick<Candidate, "flow" | "firing">, hold: Hold): void {
  leaveQueue(turn, flow.id);
  reportHold(turn, flow, firing.how, hold);
}

export function leaveQueue({ state: { local } }: Turn, flow: string): void {
  local.queue = local.queue.filter((one) => one.flow !== flow);
}

/** A waiting flow's patience, or its session, has come to an end. */
export function expire(turn: Turn, waiting: Waiting): void {
  const flow = turn.compiled.flows.get(waiting.flow);
  if (flow) answer(turn, { flow, firing: waiting }, { reason: "expired", detail: waiting.reason });
}

export function reportHold(turn: Turn, flow: CompiledFlow, start: Decision["start"], hold: Hold): void {
  const { reason, detail } = hold;
  report(turn, { outcome: "held", reason, ...(detail !== undefined && { detail }), start }, { flow });
  if (start !== "forced") countHold(turn, flow, hold);
}

/** Makes a decision known: to the caller, to the log, to the server. */
export function report(turn: Turn, found: Omit<Decision, "at" | "user" | "flow">, about: About): void {
  const { state, now } = turn;
  const decision: Decision = { at: now, user: personId(state.person), flow: about.flow.id, ...found };
  turn.decisions.push(decision);
  state.log.push(decision);
  if (state.log.length > LOG_SIZE) state.log.shift();
  const { run: _, ...said } = found;
  if (found.outcome !== "held") record(turn, "cairn.flow.decided", said, about);
}
