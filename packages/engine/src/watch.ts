import type { Target, TargetKey } from "@cairn/flow-schema";
import { firstStep } from "./situation.ts";
import { type OpenRun, openRuns, type Turn } from "./turn.ts";
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
  for (const one of openRuns(turn)) if (turn.stale.has(one.id)) drawAnew(turn, one);
}

export function drawAnew(turn: Turn, one: OpenRun): void {
  if (one.open.on !== null) turn.effects.push({ type: "update", view: runView(turn, one) });
}
