import { parseDuration } from "@cairn/flow-schema";
import { answer, expire, leaveQueue, report, reportHold } from "./answer.ts";
import { settle, spend } from "./budget.ts";
import type { CompiledFlow } from "./compiled.ts";
import { awaitsCourse, putOff } from "./contest.ts";
import { type Hold, personalHold } from "./eligibility.ts";
import { rememberExposure } from "./first-seen.ts";
import { beginRun, draw, openFlow } from "./open-run.ts";
import { own } from "./own.ts";
import { compareFlows } from "./priority.ts";
import { holdoutHold, isAway, locate, situationalHold } from "./situation.ts";
import { type Candidate, openRuns, record, type Turn } from "./turn.ts";
import type { Firing } from "./user-state.ts";
import { currentStep, keyOf } from "./view.ts";

/** Gates at which a flow waits. */
const WAITING = ["budget", "guard", "outranked", "target-missing"];
/** Flows that may wait at once; the one that has waited longest makes room. */
const MAX_WAITING = 50;

/**
 * The contest for what may be on screen: the first in rank that passes every gate takes its slot. Put off while it is
 * not known whether a target is on the page: `located` inputs bring it back.
 */
export function contest(turn: Turn, blind: boolean): void {
  const { now, compiled, firings, reopened } = turn;
  const { local } = turn.state;
  local.looking = false;
  if (!firings.length && !reopened.size && !local.pending.length && !local.open.length) return;
  // Runs that are under way come back before anything new is shown.
  for (const one of openRuns(turn))
    if (isAway(one.open) && locate(turn, keyOf(currentStep(one))) === "found")
      compiled.course?.place(one, turn);
  const asked = gather(turn);
  const starvation = parseDuration(compiled.settings.budget?.starvation);
  const starving = starvation !== undefined && Object.keys(local.starving).length > 0;
  const isStarved = ({ id }: CompiledFlow) =>
    starving && now - (own(local.starving, id) ?? now) >= starvation;
  asked.sort((a, b) => compareFlows(a.flow, b.flow, isStarved));
  const holds = asked.map((one) => one.personal ?? situationalHold(turn, one.flow, one.firing));
  local.looking = !blind && holds.includes("look");
  let isSame = true;
  asked.forEach((one, i) => {
    if (local.looking || needsCourse(turn, one)) putOff(turn, one.firing, one.fired);
    // Somebody before us in this contest may have ended or opened what we were asked about.
    else if (!decide(turn, one, isSame ? holds[i] : undefined)) isSame = false;
  });
}

/** Whether this flow cannot be decided about, or shown, before the course is there. */
const needsCourse = (turn: Turn, { flow }: Candidate): boolean =>
  awaitsCourse(turn) ||
  (!turn.compiled.course && (flow.items.length > 0 || JSON.stringify(flow.steps).includes("{{")));

/** Who is asked: what was set off or put off, and what waits for a gate that may have opened; each flow once. */
function gather(turn: Turn): Candidate[] {
  const { local } = turn.state;
  for (const { fired, ...firing } of local.pending.splice(0))
    if (fired) turn.firings.push(firing);
    else turn.reopened.add(firing.flow);
  const found = new Map<string, Candidate>();
  const add = (firing: Firing, fired: boolean) => {
    const flow = turn.compiled.flows.get(firing.flow);
    const known = found.get(firing.flow);
    // A manual start says more than a trigger that fires at the same moment.
    if (!flow || (known && (!fired || known.firing.how !== "trigger"))) return;
    const waiting = local.queue.find((one) => one.flow === firing.flow);
    found.set(firing.flow, { flow, firing, waiting, fired, personal: personalHold(turn, flow, firing.how) });
  };
  for (const firing of turn.firings.splice(0)) add(firing, true);
  for (const waiting of local.queue) if (turn.reopened.has(waiting.flow)) add(waiting, false);
  turn.reopened.clear();
  return [...found.values()];
}

/** Gives a flow its answer; `known` is what holds it, where that is known. Whether it was held. */
function decide(turn: Turn, one: Candidate, known: Hold | "look" | null | undefined): boolean {
  const { flow, firing, waiting, fired, personal } = one;
  const { how } = firing;
  const { local } = turn.state;
  const { course } = turn.compiled;
  const found = known === undefined ? (personal ?? situationalHold(turn, flow, firing)) : known;
  const hold: Hold | null = found === "look" ? { reason: "target-missing" } : found;
  if (hold) {
    if (hold.reason === "budget") local.starving[flow.id] ??= turn.now;
    if (!WAITING.includes(hold.reason)) answer(turn, one, hold);
    else {
      if (fired || waiting?.reason !== hold.reason) reportHold(turn, flow, how, hold);
      keepWaiting(turn, one, hold);
    }
    return true;
  }
  leaveQueue(turn, flow.id);
  delete local.starving[flow.id];
  const ghost = holdoutHold(turn, flow, how);
  if (ghost) {
    withhold(turn, flow, firing, ghost);
    return false;
  }
  // A manual start takes the slot, whoever has it.
  if (how !== "trigger")
    for (const other of openRuns(turn))
      if (other.flow === flow || (flow.slot !== null && other.flow.slot === flow.slot && !isAway(other.open)))
        course?.end(turn, other.open, "replaced");
  const opened = openFlow(turn, flow, firing);
  report(turn, { outcome: "shown", start: how, run: opened.id }, opened);
  // Before it is drawn: what was done already stands ticked from the first moment.
  course?.checkItems(turn, flow);
  draw(opened, turn);
  return false;
}

/** Would have been shown: leaves the traces of an exposure, and nothing on the page. */
function withhold(turn: Turn, flow: CompiledFlow, firing: Firing, holdout: "program" | "flow"): void {
  const { id, run } = beginRun(turn, flow, firing, holdout);
  const { ledger } = turn.state.local;
  spend(ledger, run, turn.now);
  settle(ledger, run);
  rememberExposure(turn, flow, run);
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
    Object.assign(waiting, { reason, opens });
    return;
  }
  const [oldest] = queue;
  if (oldest && queue.length >= MAX_WAITING) expire(turn, oldest);
  turn.state.local.queue.push({ ...firing, until: turn.now + flow.patience, reason, opens });
}
