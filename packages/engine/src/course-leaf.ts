import type { Leaf, Truth } from "./condition.ts";
import { own } from "./own.ts";
import { hasRun, wasSeen } from "./seen.ts";
import { timeTruth } from "./time-window.ts";
import type { Asked } from "./truth.ts";

/** The leaves that few conditions have. */
export function courseLeafTruth(node: Leaf, asked: Asked): Truth {
  switch (node.op) {
    case "time":
      return timeTruth(node, asked.now, asked.env.timezone);
    case "flow":
      return flowTruth(node, asked);
    default:
      return elementTruth(node, asked);
  }
}

function flowTruth(node: Leaf, { state, now }: Asked): Truth {
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

function elementTruth(node: Leaf, { state }: Asked): Truth {
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
