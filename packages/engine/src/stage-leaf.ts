import { assertNever } from "@cairn/flow-schema";
import { matchesRule } from "./attribute.ts";
import type { LeafNode, Truth } from "./condition.ts";
import { own } from "./own.ts";
import { timeTruth } from "./time-window.ts";
import type { Asked } from "./truth.ts";
import type { PastRuns, Run, State } from "./user-state.ts";

/** Leaves that are seldom part of a trigger. */
export type StageLeaf = "time" | "device" | "locale" | "flow" | "element";

export function stageLeafTruth(op: StageLeaf, node: LeafNode, asked: Asked): Truth {
  const { state, env, now, compiled } = asked;
  const { leaf } = node;
  switch (op) {
    case "time":
      return timeTruth(node, now, env.timezone);
    case "device":
      return matchesRule(env.device, leaf.device, now);
    case "locale": {
      const locale = (state.local.locale ?? compiled.settings.locale).toLowerCase();
      return (leaf.locale as string[]).some((tag) => `${locale}-`.startsWith(`${tag.toLowerCase()}-`));
    }
    case "flow":
      return flowTruth(node, asked);
    case "element":
      return elementTruth(node, asked);
    default:
      return assertNever(op);
  }
}

function flowTruth(node: LeafNode, { state, now }: Asked): Truth {
  const { is } = node.leaf;
  if (is === "active") return state.local.open.some((open) => open.flow === node.key);
  if (is === "snoozed") return now < (own(state.shared.snoozes, node.key) ?? -1);
  if (is === "completed" || is === "dismissed")
    return hasRun(
      state,
      node.key,
      (run) => run.why === is,
      (past) => past[is],
    );
  return wasSeen(state, node.key) === (is === "seen");
}

/** Whether one of a flow's runs, or what is left of old ones, is like that; previews and ghosts are not asked. */
function hasRun(
  { shared }: State,
  flow: string,
  isLike: (run: Run) => boolean,
  wasLike: (past: PastRuns) => boolean,
): boolean {
  const real = (run: Run) => run.how !== "forced" && !run.ghost;
  return (
    Object.values(own(shared.runs, flow) ?? {}).some((run) => real(run) && isLike(run)) ||
    Object.values(own(shared.past, flow) ?? {}).some(wasLike)
  );
}

/** Whether the person has seen the flow. */
export const wasSeen = (state: State, flow: string): boolean =>
  hasRun(
    state,
    flow,
    (run) => run.seen !== undefined,
    (past) => past.exposed > 0,
  );

function elementTruth(node: LeafNode, { state }: Asked): Truth {
  const element = own(state.local.elements, node.key);
  if (!element) return null;
  switch (node.leaf.is) {
    case "present":
      return element.present;
    case "visible":
      return element.visible;
    case "hidden":
      return !element.visible;
    case "enabled":
      return element.present && element.enabled;
    default:
      return element.present && !element.enabled;
  }
}
