import type { VariantId } from "@cairn/flow-schema";
import { variantOf } from "./arms.ts";
import { weightOf } from "./budget.ts";
import type { CompiledFlow } from "./compiled.ts";
import type { RunId } from "./input.ts";
import { own } from "./own.ts";
import { firstStep } from "./situation.ts";
import { type OpenRun, record, type Turn } from "./turn.ts";
import type { Firing, Open, Run, State } from "./user-state.ts";
import { currentStep, keyOf, runView } from "./view.ts";

/** Ended runs kept per flow; older ones are summed up. */
const KEPT_RUNS = 40;

/** Makes the record of a run that begins now. */
export function beginRun(
  turn: Turn,
  flow: CompiledFlow,
  { how }: Firing,
  ghost?: "program" | "flow",
): { readonly id: RunId; readonly run: Run } {
  const { state, now } = turn;
  const { shared, device } = state;
  shared.runs[flow.id] ??= {};
  const runs = shared.runs[flow.id] ?? {};
  let id = `${device}.${now.toString(36)}.${flow.id}`;
  while (own(runs, id)) id += "~";
  const variant = variantOf(turn, flow, how === "trigger") as VariantId | undefined;
  const run: Run = {
    device,
    how,
    start: now,
    weight: how === "forced" || ghost === "flow" ? 0 : weightOf(turn.compiled, flow),
    ...(ghost && { ghost, seen: now, end: now }),
    ...(variant && { variant }),
    step: firstStep(turn, flow)?.id ?? null,
    stepAt: now,
    path: [],
    shown: [],
  };
  runs[id] = run;
  sumUpOldRuns(state, flow.id, runs);
  return { id, run };
}

/** Keeps the record of a flow bounded: this device's oldest runs live on as numbers only. */
function sumUpOldRuns({ shared, device }: State, flow: string, runs: { [run: RunId]: Run }): void {
  const mine = Object.entries(runs).filter(([, run]) => run.device === device && run.end !== undefined);
  const [oldest] = mine;
  if (mine.length <= KEPT_RUNS || !oldest) return;
  const [id, { start, seen, why, how, ghost }] = oldest;
  shared.past[flow] ??= {};
  const past = shared.past[flow] ?? {};
  const sum = own(past, device);
  const exposed = seen !== undefined && how !== "forced";
  past[device] = {
    upto: start,
    exposed: (sum?.exposed ?? 0) + (exposed && why !== "snoozed" ? 1 : 0),
    seen: (exposed && !ghost) || sum?.seen,
    completed: why === "completed" || sum?.completed,
    dismissed: why === "dismissed" || sum?.dismissed,
  };
  delete runs[id];
}

/** Opens a flow: its first step is on the page, or needs no target. */
export function openFlow(turn: Turn, flow: CompiledFlow, firing: Firing): OpenRun {
  const { id, run } = beginRun(turn, flow, firing);
  const { event } = firing;
  const open: Open = {
    flow: flow.id,
    run: id,
    event,
    on: null,
    wait: null,
    moved: false,
    arriving: true,
    center: false,
  };
  turn.state.local.open.push(open);
  turn.raised.push(`flow:${flow.id}`);
  return { id, open, run, flow };
}

/** Puts the run's step, or its list, on screen. */
export function draw(one: OpenRun, turn: Turn): void {
  const { id, open, run } = one;
  const step = currentStep(one);
  const isKnown = step ? run.shown.includes(step.id) : run.seen !== undefined;
  // What comes back after a reload, or because its target does, has been seen before.
  const resumed = open.on === null && isKnown;
  open.moved = open.arriving = false;
  open.on = step?.id ?? "";
  turn.effects.push({ type: "show", view: runView(turn, one), resumed });
  turn.stale = turn.stale.filter((one) => one !== id);
  const rank = own(turn.state.local.located, keyOf(step) ?? "") ?? 0;
  if (step && rank > 0 && !isKnown && open.fellBack !== step.id) {
    // Its target may come and go before it was seen: once is enough.
    open.fellBack = step.id;
    record(turn, "cairn.target.fallback", { step: step.id, rank }, one);
  }
}
