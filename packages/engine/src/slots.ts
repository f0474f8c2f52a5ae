import { parseDuration } from "@cairn/flow-schema";
import { answer, expire, leaveQueue, report, reportHold } from "./answer.ts";
import { settle, spend } from "./budget.ts";
import type { CompiledFlow } from "./compiled.ts";
import { awaitsCourse, putOff } from "./contest.ts";
import { type Hold, personalHold } from "./eligibility.ts";
import { rememberExposure } from "./first-seen.ts";
import { beginRun, draw, openFlow } from "./open-run.ts";
import { openRuns } from "./open-runs.ts";
import { own } from "./own.ts";
import { compareFlows } from "./priority.ts";
import { holdoutHold, isAway, locate, situationalHold } from "./situation.ts";
import { type Candidate, record, type Turn } from "./turn.ts";
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
  if (!firings.length && !reopened.length && !local.pending.length && !local.open.length) return;
  // Runs that are under way come back before anything new is shown.
  for (const one of openRuns(turn, isAway))
    if (locate(turn, keyOf(currentStep(one))) === "found") compiled.course?.place(one, turn);
  const asked = gather(turn);
  const isStarved = ({ id }: CompiledFlow) =>
    now - (own(local.starving, id) ?? now) >=
    (parseDuration(compiled.settings.budget?.starvation) ?? Number.NaN);
  asked.sort((a, b) => compareFlows(a.flow, b.flow, isStarved));
  for (const one of asked) {
    one.hold = one.personal ?? situationalHold(turn, one.flow, one.firing);
    local.looking ||= !blind && one.hold === "look";
  }
  let isSame = true;
  for (const one of asked) {
    if (local.looking || needsCourse(turn, one)) putOff(turn, one.firing, one.fired);
    // Somebody before us in this contest may have ended or opened what we were asked about.
    else isSame = decide(turn, one, isSame) && isSame;
  }
}

/** Whether this flow cannot be decided about, or shown, before the course is there. */
const needsCourse = (turn: Turn, { flow }: Candidate): boolean =>
  awaitsCourse(turn) ||
  (!turn.compiled.course && (flow.items.length > 0 || JSON.stringify(flow.steps).includes("{{")));

/** Who is asked: what was set off or put off, and what waits for a gate that may have opened; each flow once. */
function gather(turn: Turn): Candidate[] {
  const { local } = turn.state;
  for (const { flow, how, event, fired } of local.pending.splice(0))
    if (fired) turn.firings.push({ flow, how, event });
    else turn.reopened.push(flow);
  const found: Candidate[] = [];
  const add = (firing: Firing, fired: boolean) => {
    const flow = turn.compiled.flows.get(firing.flow);
    const at = found.findIndex((one) => one.flow === flow);
    // A manual start says more than a trigger that fires at the same moment.
    if (!flow || (at >= 0 && (!fired || found[at]?.firing.how !== "trigger"))) return;
    const waiting = local.queue.find((one) => one.flow === firing.flow);
    const personal = personalHold(turn, flow, firing.how);
    found[at < 0 ? found.length : at] = { flow, firing, waiting, fired, personal, hold: null };
  };
  for (const firing of turn.firings.splice(0)) add(firing, true);
  for (const waiting of local.queue) if (turn.reopened.includes(waiting.flow)) add(waiting, false);
  turn.reopened.length = 0;
  return found;
}

/** Gives a flow its answer; `isSame`: what it was told holds it still does. Whether it was held. */
function decide(turn: Turn, one: Candidate, isSame: boolean): boolean {
  const { flow, firing, waiting, fired, personal } = one;
  const { how } = firing;
  const { local } = turn.state;
  const { course } = turn.compiled;
  const found = isSame ? one.hold : (personal ?? situationalHold(turn, flow, firing));
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
  const { how, event } = firing;
  queue.push({ flow: flow.id, how, event, until: turn.now + flow.patience, reason, opens });
}
