import type { Condition, Flow } from "@cairn/flow-schema";
import { parseMoment } from "../moment.ts";
import type { LintContext } from "./context.ts";
import { and, type Formula } from "./formula.ts";
import { leavesOf } from "./places.ts";

/** Pairs asked per flow: among a thousand flows set off by one event a few examples say enough. */
const MAX_PAIRS = 30;

interface Contender {
  readonly flow: Flow;
  readonly keys: ReadonlySet<string>;
  readonly formula: Formula;
}

/**
 * Flows that meet in one contest with nothing to choose between them: same place on screen, same priority, a common
 * wake, and people who can be in both audiences at one moment: code `priority-tie`.
 */
export function lintPriorityTies(context: LintContext): void {
  const groups = new Map<string, Contender[]>();
  for (const flow of context.flows) {
    const slot = slotOf(flow);
    if (slot === null || flow.enabled === false) continue;
    const formula = and(context.formulaOf(flow.audience), context.formulaOf(flow.trigger ?? { page: "/*" }));
    if (context.isNever(formula)) continue;
    const key = `${slot}|${flow.priority ?? 50}`;
    groups.set(key, [...(groups.get(key) ?? []), { flow, keys: wakesOf(flow.trigger, context), formula }]);
  }
  for (const group of groups.values())
    for (const [i, one] of group.entries()) {
      const rivals = group
        .slice(0, i)
        .filter((other) => [...other.keys].some((key) => one.keys.has(key)) && overlap(one.flow, other.flow))
        .slice(-MAX_PAIRS)
        .filter((other) => !context.isNeverForSingleValues(and(one.formula, other.formula)))
        .map(({ flow }) => `"${flow.id}"`);
      if (rivals.length === 0) continue;
      const named =
        rivals.length > 3
          ? `${rivals.slice(0, 3).join(", ")} and ${rivals.length - 3} more`
          : rivals.join(", ");
      context.report(
        "priority-tie",
        { flow: one.flow.id },
        one.flow.priority === undefined ? "" : "/priority",
        `the same people can get ${named} at the same moment, and both have priority ${one.flow.priority ?? 50}`,
        "give them different priorities, or audiences that exclude each other",
      );
    }
}

/** What takes up one place on screen; `null` = any number fit. */
function slotOf(flow: Flow): string | null {
  if (flow.kind === "hotspot") return null;
  if (flow.kind === "checklist") return "checklist";
  if (flow.kind !== "banner") return "focus";
  return flow.steps[0]?.placement?.startsWith("bottom") ? "banner:bottom" : "banner:top";
}

/** What sets a trigger off, as names that are equal where the wake is. */
function wakesOf(trigger: Condition | undefined, context: LintContext, depth = 0): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { leaf } of leavesOf(trigger ?? { page: "/*" }, "")) {
    if ("event" in leaf) keys.add(`event:${leaf.event}`);
    else if ("sequence" in leaf)
      keys.add(leaf.wait === undefined ? `event:${leaf.sequence.at(-1)}` : JSON.stringify(leaf));
    else if ("feature" in leaf) keys.add(`feature:${leaf.feature}`);
    else if ("inactive" in leaf || "time" in leaf) keys.add("page");
    else if ("signal" in leaf) keys.add(`signal:${leaf.signal}`);
    else if ("flow" in leaf) keys.add(`flow:${leaf.flow}`);
    else if ("segment" in leaf) {
      const where = context.segments.get(leaf.segment)?.where;
      if (where && depth < 10) for (const key of wakesOf(where, context, depth + 1)) keys.add(key);
    } else if ("page" in leaf) keys.add("page");
    else keys.add(JSON.stringify(leaf));
  }
  return keys;
}

/** Whether both can be shown at one time at all. */
function overlap(a: Flow, b: Flow): boolean {
  const begin = (flow: Flow) => parseMoment(flow.schedule?.from) ?? Number.NEGATIVE_INFINITY;
  const end = (flow: Flow) =>
    Math.min(
      ...[flow.schedule?.to, flow.expires].map((date) => parseMoment(date) ?? Number.POSITIVE_INFINITY),
    );
  return Math.max(begin(a), begin(b)) < Math.min(end(a), end(b));
}
