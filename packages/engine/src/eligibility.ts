import { heldOut, inRollout, variantOf } from "./arms.ts";
import { budgetHold } from "./budget.ts";
import type { CompiledFlow, CompiledStep } from "./compile.ts";
import type { Reason } from "./decision.ts";
import { frequencyHold } from "./frequency.ts";
import { guardHold } from "./guard.ts";
import { own } from "./own.ts";
import { type Asked, holds, truth } from "./truth.ts";
import type { Firing, Start } from "./user-state.ts";
import { speaker, stepsOf } from "./view.ts";

/** Why a flow is not shown now. */
export interface Hold {
  readonly reason: Reason;
  readonly detail?: string;
  /** For reasons that time mends: when. */
  readonly opens?: number | null;
}

const hold = (reason: Reason, detail?: string | null): Hold => (detail ? { reason, detail } : { reason });

/** The gates that depend on the flow and the person alone, in order. `null` = all open. */
export function personalHold(turn: Asked, flow: CompiledFlow, how: Start): Hold | null {
  const { compiled, state, now } = turn;
  const { settings } = compiled;
  if (!settings.enabled) return hold("disabled", "settings");
  if (flow.enabled === false) return hold("disabled");
  if (!flow.supported) return hold("unsupported", flow.kind);
  if (flow.invalid !== null) return hold("invalid", flow.invalid);
  // A forced start is an author looking at their own work.
  if (how === "forced") return null;
  if (now < flow.from || now >= flow.to) return hold("schedule");
  const { consent, paused, categories } = state.shared.preferences;
  if (consent !== "granted") return hold("consent", consent);
  if (paused) return hold("preferences", "paused");
  const { category } = flow;
  if (category !== undefined && own(categories, category) === false) return hold("preferences", category);
  for (const rule of compiled.quiet) {
    if (rule.exceptCritical && flow.critical) continue;
    if (truth(rule.when, turn) === true) return hold("quiet", rule.id);
  }
  if (flow.audience) {
    const asked: Asked = { ...turn, doubt: undefined };
    const value = truth(flow.audience, asked);
    if (value === false) return hold("audience");
    if (value === null) return hold("unknown", JSON.stringify(asked.doubt?.leaf));
  }
  const manual = how === "manual";
  const { until } = flow.frequency;
  if (!manual && until !== "none" && own(state.shared.goals, flow.id) !== undefined)
    return hold("goal-reached");
  if (!inRollout(turn, flow)) return hold("rollout");
  if (!manual) {
    const detail = frequencyHold(flow, state);
    if (detail) return hold("frequency", detail);
    if (now < (own(state.shared.snoozes, flow.id) ?? -1)) return hold("snoozed");
  }
  return state.local.open.some((open) => open.flow === flow.id) ? hold("active") : null;
}

/** The step a new run would begin with; `undefined` where `showWhen` leaves none. */
export function firstStep(turn: Asked, flow: CompiledFlow): CompiledStep | undefined {
  const variant = variantOf(turn, flow, false);
  return stepsOf(flow, variant).find(({ showWhen }) => holds(showWhen, turn));
}

/** What the first target's place on the page says: there, not there, or still to be looked for. */
export type Located = "found" | "missing" | "unknown";

export function locate(turn: Asked, key: string | null | undefined): Located {
  if (key === null || key === undefined) return "found";
  const rank = own(turn.state.local.located, key);
  return rank === undefined ? "unknown" : rank < 0 ? "missing" : "found";
}

/** The gates that depend on what else goes on, in order. `look` = the target has yet to be looked for. */
export function situationalHold(
  turn: Asked,
  flow: CompiledFlow,
  { how, event }: Firing,
): Hold | "look" | null {
  const { compiled, state } = turn;
  const first = firstStep(turn, flow);
  if (!first && flow.items.length === 0) return hold("audience", "showWhen");
  if (how === "trigger") {
    const budget = budgetHold(compiled, state, flow);
    if (budget) return { reason: "budget", ...budget };
    const guard = guardHold(compiled, state, first?.key);
    if (guard) return hold("guard", guard);
    const rival = slotHolder(turn, flow);
    if (rival) return hold("outranked", rival);
  }
  if (how !== "forced") {
    const missing = speaker(turn, flow, event).missing();
    if (missing) return missing;
  }
  const located = locate(turn, first?.key);
  if (located === "unknown") return "look";
  return located === "missing" ? hold("target-missing", first?.key) : null;
}

/** The open flow that takes up the slot this flow needs. */
export function slotHolder({ compiled, state }: Asked, { slot }: CompiledFlow): string | undefined {
  if (slot === null) return undefined;
  return state.local.open.find((open) => compiled.flows.get(open.flow)?.slot === slot)?.flow;
}

/** The last gate: *withheld* means exactly "would have been shown". */
export const holdoutHold = (asked: Asked, flow: CompiledFlow, how: Start): "program" | "flow" | null =>
  how === "trigger" ? heldOut(asked, flow) : null;
