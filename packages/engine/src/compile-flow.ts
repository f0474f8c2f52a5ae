import type { Condition, Flow, Step } from "@cairn/flow-schema";
import { FLOW_KINDS, parseId, targetKey } from "@cairn/flow-schema";
import type { CompiledFlow, CompiledItem, CompiledStep, FlowRules } from "./compiled.ts";
import { durationOf, fail, type Node } from "./condition.ts";
import type { Stage } from "./turn.ts";

/** Prepares a condition where one is written. */
export type Compile = (raw: Condition | null | undefined) => Node | null;

export const named = <T extends string>(id: T): T =>
  parseId(id) === undefined ? fail("not an id:", id) : id;

/** Makes one flow ready, its rules only where there is a stage; throws an `Error` where it is broken. */
export function compileFlow(
  flow: Flow,
  condition: Compile,
  supported: boolean,
  stage: Stage | null,
): CompiledFlow {
  const { kind, variants = [] } = flow;
  if (!FLOW_KINDS.includes(kind)) fail("no kind", kind);
  const compileSteps = (steps: readonly Step[]): readonly CompiledStep[] =>
    steps.map((step, index) => ({
      ...step,
      id: named(step.id),
      index,
      actions: [...(step.actions ?? [])],
      key: step.target ? targetKey(step.target) : null,
      showWhen: condition(step.showWhen),
      advanceWhen: condition(step.advanceWhen),
      next: (step.next ?? []).map((route) => ({ step: route.step, when: condition(route.when) })),
    }));
  const steps = kind === "checklist" ? [] : compileSteps(flow.steps);
  const items = (kind === "checklist" ? flow.items : []).map(
    (item): CompiledItem => ({
      ...item,
      id: named(item.id),
      done: condition(item.done) ?? fail("never done:", item.id),
      lockedUntil: condition(item.lockedUntil),
    }),
  );
  if (!steps.length && !items.length) fail("nothing to show in", flow.id);
  const goal = condition(flow.goal?.reach);
  return {
    ...flow,
    // Without a stage nobody asks for them.
    ...(stage?.rules(flow) as FlowRules),
    invalid: null,
    supported,
    audience: condition(flow.audience),
    trigger: condition(flow.trigger ?? { page: "/*" }) as Node,
    triggered: !!flow.trigger,
    goal: goal === null ? [] : goal.op === "any" ? (goal.of ?? []) : [goal],
    goalWithin: durationOf(flow.goal?.within, Number.POSITIVE_INFINITY),
    steps,
    variants: variants.map((one) => ({ ...one, steps: one.steps ? compileSteps(one.steps) : steps })),
    items,
  };
}
