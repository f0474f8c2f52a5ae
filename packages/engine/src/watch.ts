import { type Step, type Target, type TargetKey, targetKey } from "@cairn/flow-schema";
import { openRuns } from "./open-runs.ts";
import { firstStep } from "./situation.ts";
import type { Turn } from "./turn.ts";
import { currentStep } from "./view.ts";

/** Asks for the targets that matter now: of open steps, of flows that wait for theirs, of a contest put off. */
export function watchTargets(turn: Turn): void {
  const { state, compiled, effects } = turn;
  const { local } = state;
  if (!local.open.length && !local.queue.length && !local.pending.length && !local.watching) return;
  const wanted = new Map<TargetKey, Target>();
  const want = (step: Step | undefined) => {
    if (step?.target) wanted.set(targetKey(step.target), step.target);
  };
  for (const one of openRuns(turn)) want(currentStep(one));
  const waiting = local.queue.filter(({ reason }) => reason === "target-missing");
  for (const { flow: id } of [...waiting, ...local.pending]) {
    const flow = compiled.flows.get(id);
    if (flow) want(firstStep(turn, flow));
  }
  if (!wanted.size && !local.watching) return;
  const keys = [...wanted.keys()].sort();
  const watching = keys.join("\n");
  if (watching === (local.watching ?? "")) return;
  local.watching = watching;
  for (const key of Object.keys(local.located)) if (!wanted.has(key)) delete local.located[key];
  effects.push({ type: "locate", targets: keys.map((key) => ({ key, target: wanted.get(key) as Target })) });
}
