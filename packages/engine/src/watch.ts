import type { Target, TargetKey } from "@cairn/flow-schema";
import { firstStep } from "./eligibility.ts";
import { FLUSH_MS } from "./held.ts";
import { openRuns, type Turn } from "./turn.ts";
import { SESSION_MS } from "./user-state.ts";
import { currentStep, runView } from "./view.ts";

/** Asks for the targets that matter now: of open steps, of flows that wait for theirs, of a contest put off. */
export function watchTargets(turn: Turn): void {
  const { state, compiled } = turn;
  const { local } = state;
  const wanted = new Map<TargetKey, Target>();
  for (const one of openRuns(turn)) {
    const step = currentStep(one);
    if (step && step.key !== null && step.target) wanted.set(step.key, step.target);
  }
  const waiting = local.queue.filter(({ reason }) => reason === "target-missing");
  for (const { flow: id } of [...waiting, ...local.pending]) {
    const flow = compiled.flows.get(id);
    const first = flow && firstStep(turn, flow);
    if (first && first.key !== null && first.target) wanted.set(first.key, first.target);
  }
  const keys = [...wanted.keys()].sort();
  const watching = keys.join("\n");
  if (watching === (local.watching ?? "")) return;
  local.watching = watching;
  for (const key of Object.keys(local.located)) if (!wanted.has(key)) delete local.located[key];
  turn.effects.push({
    type: "locate",
    targets: keys.flatMap((key) => {
      const target = wanted.get(key);
      return target ? [{ key, target }] : [];
    }),
  });
}

/** Draws open runs anew that have changed and were not drawn in this turn. */
export function updateViews(turn: Turn): void {
  for (const one of openRuns(turn))
    if (turn.stale.has(one.open.run) && one.open.on !== null)
      turn.effects.push({ type: "update", view: runView(turn, one) });
}

/** Tells the one moment at which the engine has something to do by itself. */
export function setWake(turn: Turn): void {
  const { local, session, now } = turn.state;
  let at = Number.POSITIVE_INFINITY;
  const consider = (moment: number | null) => {
    if (moment !== null && moment > now && moment < at) at = moment;
  };
  // Outside a session nothing runs: what is due then waits for the next one.
  if (!session.over) {
    for (const { until, opens } of local.queue) {
      consider(until);
      consider(opens);
    }
    for (const ask of local.asks) consider(ask.at);
    for (const timer of Object.values(local.timers)) consider(timer);
    for (const { wait } of local.open) consider(wait);
    const held = Object.values(local.held);
    for (const { from } of held) consider(from + FLUSH_MS);
    if (local.queue.length || held.length) consider(session.last + SESSION_MS);
  }
  const wake = at === Number.POSITIVE_INFINITY ? null : at;
  if (wake === local.wake) return;
  local.wake = wake;
  turn.effects.push({ type: "wake", at: wake });
}
