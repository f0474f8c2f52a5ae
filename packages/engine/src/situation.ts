import type { Step } from "@cairn/flow-schema";
import { heldOut, variantOf } from "./arms.ts";
import { budgetHold } from "./budget.ts";
import type { CompiledFlow } from "./compiled.ts";
import { type Hold, hold } from "./eligibility.ts";
import { guardHold } from "./guard.ts";
import { own } from "./own.ts";
import { type Asked, holds } from "./truth.ts";
import type { Firing, Open, Start } from "./user-state.ts";
import { keyOf, speaker, stepsOf } from "./view.ts";

/** The step a new run would begin with; `undefined` where `showWhen` leaves none. */
export function firstStep(turn: Asked, flow: CompiledFlow): Step | undefined {
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
    const guard = guardHold(compiled, state, keyOf(first));
    if (guard) return hold("guard", guard);
    const rival = slotHolder(turn, flow);
    if (rival) return hold("outranked", rival);
  }
  if (how !== "forced") {
    const missing = speaker(turn, flow, event).missing();
    if (missing) return missing;
  }
  const located = locate(turn, keyOf(first));
  if (located === "unknown") return "look";
  return located === "missing" ? hold("target-missing", first?.target?.anchor ?? keyOf(first)) : null;
}

/**
 * Whether a run is hidden because the person has left its page: it leaves its slot to others. A step that has yet to
 * arrive keeps the slot until its `targetWait` is over.
 */
export const isAway = ({ on, moved, arriving }: Open): boolean => on === null && moved && !arriving;

/** The open flow that takes up the slot this flow needs. */
export function slotHolder({ compiled, state }: Asked, { slot }: CompiledFlow): string | undefined {
  if (slot === null) return undefined;
  return state.local.open.find((open) => !isAway(open) && compiled.flows.get(open.flow)?.slot === slot)?.flow;
}

/** The last gate: *withheld* means exactly "would have been shown". */
export const holdoutHold = (asked: Asked, flow: CompiledFlow, how: Start): "program" | "flow" | null =>
  how === "trigger" ? heldOut(asked, flow) : null;
