import type { JsonObject } from "@cairn/flow-schema";
import { isArmAnonymous } from "./arms.ts";
import type { CompiledFlow } from "./compiled.ts";
import type { Decision } from "./decision.ts";
import type { Hold } from "./eligibility.ts";
import { countHold, flushHolds } from "./held.ts";
import { type About, type Candidate, record, type Turn } from "./turn.ts";
import { FLUSH_MS, LOG_SIZE, personId, type Waiting } from "./user-state.ts";

/** A flow is held by a gate that does not wait. */
export function answer(turn: Turn, { flow, firing }: Pick<Candidate, "flow" | "firing">, hold: Hold): void {
  leaveQueue(turn, flow.id);
  reportHold(turn, flow, firing.how, hold);
}

export function leaveQueue({ state: { local } }: Turn, flow: string): void {
  if (local.queue.length) local.queue = local.queue.filter((one) => one.flow !== flow);
}

/** Ends the waits that are over, and sends off the holds that were counted long enough, or all. */
export function endWaits(turn: Turn, all = false): void {
  // What expires leaves a new list behind, and this one as it is.
  for (const waiting of turn.state.local.queue) if (waiting.until <= turn.now) expire(turn, waiting);
  flushHolds(turn, (_, from) => all || turn.now >= from + FLUSH_MS);
}

/** A waiting flow's patience, or its session, has come to an end. */
export function expire(turn: Turn, waiting: Waiting): void {
  const flow = turn.compiled.flows.get(waiting.flow);
  if (flow) answer(turn, { flow, firing: waiting }, { reason: "expired", detail: waiting.reason });
}

export function reportHold(turn: Turn, flow: CompiledFlow, start: Decision["start"], hold: Hold): void {
  const { reason, detail } = hold;
  report(turn, { outcome: "held", reason, start, detail }, { flow });
  if (start !== "forced" && !turn.compiled.silent) countHold(turn, flow, hold);
}

/** Makes a decision known: to the caller, to the log, to the server. */
export function report(turn: Turn, found: Omit<Decision, "at" | "user" | "flow">, about: About): void {
  const { state, now, compiled } = turn;
  const decision: Decision = { at: now, user: personId(state.person), flow: about.flow.id, ...found };
  turn.decisions.push(decision);
  if (compiled.silent) return;
  state.log.push(decision);
  if (state.log.length > LOG_SIZE) state.log.shift();
  if (found.outcome === "held") return;
  const { run: _, ...rest } = found;
  const said = rest as JsonObject;
  // Experiment reports leave out whoever was given an arm as nobody.
  record(
    turn,
    "cairn.flow.decided",
    isArmAnonymous(turn, about.flow) ? { ...said, anonymous: true } : said,
    about,
  );
}
