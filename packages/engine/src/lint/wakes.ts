import type { Condition } from "@cairn/flow-schema";
import { conditionFormula } from "./condition-formula.ts";
import { brief, type LintContext } from "./context.ts";
import { and, type Formula, not, or } from "./formula.ts";
import { isStartedByButton } from "./links.ts";
import { leavesOf } from "./places.ts";

/**
 * Triggers that are never true when they are asked. A trigger is asked only at an input that one of its leaves listens
 * to, and that input brings facts with it: after an event its count is 1 at least, after a use a feature is neither
 * untried nor lapsed. If the trigger contradicts the facts of each of its wakes, it never fires: code `never-fires`.
 */
export function lintWakes(context: LintContext): void {
  for (const { id, trigger } of context.flows) {
    if (!trigger) continue;
    const whole = context.formulaOf(trigger);
    // That it can never be true at all is said elsewhere.
    if (context.isNever(whole) || !context.isNever(and(whole, wakeFacts(trigger, context)))) continue;
    const leaves = wakingLeaves(trigger, context);
    context.report(
      "never-fires",
      { flow: id },
      "/trigger",
      `the trigger is asked only when ${leaves} happens, and at that moment it is never true`,
      'put this condition into "audience", and let a page or another event set the flow off',
      isStartedByButton(context, id) ? "info" : "error",
    );
  }
}

/** What holds at the moment the trigger is asked: the facts of one of its wakes. */
export function wakeFacts(trigger: Condition, context: LintContext): Formula {
  return or(...leaves(trigger, context).map((leaf) => factsAfter(leaf, context)));
}

function leaves(condition: Condition, context: LintContext, depth = 0): readonly Condition[] {
  return leavesOf(condition, "").flatMap(({ leaf }) => {
    const segment = "segment" in leaf ? context.segments.get(leaf.segment) : undefined;
    // A segment wakes what its own leaves wake.
    return segment && depth < 10 ? leaves(segment.where, context, depth + 1) : [leaf];
  });
}

function factsAfter(leaf: Condition, context: LintContext): Formula {
  const count = (event: string, where?: unknown) =>
    conditionFormula(
      { event, within: "1s", ...(where !== undefined && { where }) } as unknown as Condition,
      context,
    );
  if ("event" in leaf) return leaf.by === "account" ? true : count(leaf.event, leaf.where);
  if ("sequence" in leaf) {
    const last = leaf.sequence.at(-1);
    return leaf.wait !== undefined || last === undefined ? true : count(last);
  }
  if ("feature" in leaf) {
    const feature = context.features.get(leaf.feature);
    if (!feature || leaf.by === "account" || feature.level === "account") return true;
    // The state alone: who may use it is another question.
    const { availableTo: _, ...open } = feature;
    const features = new Map([[feature.id, open]]);
    const is = (state: "untried" | "lapsed") =>
      conditionFormula({ feature: feature.id, is: state }, { ...context, features });
    return and(not(is("untried")), not(is("lapsed")));
  }
  return true;
}

function wakingLeaves(trigger: Condition, context: LintContext): string {
  const names = new Set(
    leaves(trigger, context).map((leaf) => {
      if ("event" in leaf) return `"${leaf.event}"`;
      if ("sequence" in leaf) return `"${leaf.sequence.at(-1)}"`;
      return "feature" in leaf ? `a use of "${leaf.feature}"` : brief(leaf);
    }),
  );
  return [...names].join(" or ");
}
