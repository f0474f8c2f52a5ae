import { inRollout } from "./arms.ts";
import type { CompiledFlow } from "./compiled.ts";
import type { Reason } from "./decision.ts";
import { frequencyHold } from "./frequency.ts";
import { own } from "./own.ts";
import { toldTeam } from "./team.ts";
import { type Asked, forgetDoubt, truth } from "./truth.ts";
import type { Start } from "./user-state.ts";

/** Why a flow is not shown now. */
export interface Hold {
  readonly reason: Reason;
  readonly detail?: string;
  /** For reasons that time mends: when. */
  readonly opens?: number | null;
}

export const hold = (reason: Reason, detail?: string | null): Hold =>
  detail ? { reason, detail } : { reason };

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
    forgetDoubt(turn);
    const value = truth(flow.audience, turn);
    if (value === false) return hold("audience");
    if (value === null) return hold("unknown", JSON.stringify(turn.doubt?.leaf));
  }
  const manual = how === "manual";
  const { until, byAccount } = flow.frequency;
  const isReached = own(state.shared.goals, flow.id) ?? (byAccount && toldTeam(state, "goal", flow.id).n);
  if (!manual && until !== "none" && isReached) return hold("goal-reached");
  if (!inRollout(turn, flow)) return hold("rollout");
  if (!manual) {
    const detail = frequencyHold(flow, state);
    if (detail === undefined) return hold("unknown", "frequency");
    if (detail) return hold("frequency", detail);
    if (now < (own(state.shared.snoozes, flow.id) ?? -1)) return hold("snoozed");
  }
  return state.local.open.some((open) => open.flow === flow.id) ? hold("active") : null;
}
