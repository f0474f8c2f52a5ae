import type { Condition, Flow, Holdout, Item, Json, Step, Text } from "@cairn/flow-schema";
import { FLOW_KINDS, parseId, parseShare, targetKey } from "@cairn/flow-schema";
import type { Arm, CompiledFlow, CompiledItem, CompiledStep } from "./compiled.ts";
import { durationOf, fail, type Node } from "./condition.ts";
import { frequencyRule } from "./frequency.ts";
import { parseMoment } from "./moment.ts";
import { expressionsIn } from "./text.ts";

/** Prepares a condition where one is written. */
export type Compile = (raw: Condition | null | undefined) => Node | null;

const DEEDS = ["next", "back", "done", "dismiss", "preferences"];

export const named = <T extends string>(id: T): T =>
  parseId(id) === undefined ? fail("not an id:", id) : id;

const shareOf = (value: unknown): number => parseShare(value) ?? fail("not a share:", value);

export const armOf = (holdout: Holdout | null | undefined): Arm | null =>
  holdout ? { share: shareOf(holdout.share), by: holdout.by } : null;

const momentOf = (value: Json | undefined, fallback: number): number =>
  value === undefined ? fallback : (parseMoment(value) ?? fail("not a date:", value));

/** Makes one flow ready; throws an `Error` where it is broken. */
export function compileFlow(flow: Flow, condition: Compile, supported: boolean): CompiledFlow {
  const { kind, schedule, variants = [], priority = 50 } = flow;
  if (!FLOW_KINDS.includes(kind)) fail("no kind", kind);
  const texts: Text[] = [];
  const words = (...all: (Text | undefined)[]) => {
    for (const text of all) {
      if (text === undefined) continue;
      for (const one of typeof text === "string" ? [text] : Object.values(text)) expressionsIn(one);
      texts.push(text);
    }
  };
  const checkDeeds = (deeds: Item["do"]) => {
    for (const deed of deeds === undefined ? [] : [deeds].flat())
      if (typeof deed === "string") {
        if (!DEEDS.includes(deed)) fail("no such deed:", deed);
      } else if ("copy" in deed) words(deed.copy);
  };
  const compileSteps = (steps: readonly Step[]): readonly CompiledStep[] =>
    steps.map((step, index) => {
      words(step.title, step.body);
      if (step.media) words(step.media.alt ?? fail("no alt in", step.id));
      const actions = [...(step.actions ?? [])];
      for (const { label, do: deeds } of actions) {
        words(label ?? fail("no label in", step.id));
        checkDeeds(deeds);
      }
      return {
        ...step,
        id: named(step.id),
        index,
        actions,
        key: step.target ? targetKey(step.target) : null,
        showWhen: condition(step.showWhen),
        advanceWhen: condition(step.advanceWhen),
        next: (step.next ?? []).map((route) => ({ step: route.step, when: condition(route.when) })),
      };
    });
  words(flow.title);
  const steps = kind === "checklist" ? [] : compileSteps(flow.steps);
  const items = (kind === "checklist" ? flow.items : []).map((item): CompiledItem => {
    words(item.title ?? fail("no title in", item.id), item.body);
    checkDeeds(item.do);
    return {
      ...item,
      id: named(item.id),
      done: condition(item.done) ?? fail("never done:", item.id),
      lockedUntil: condition(item.lockedUntil),
    };
  });
  if (!steps.length && !items.length) fail("nothing to show in", flow.id);
  const goal = condition(flow.goal?.reach);
  const never = Number.POSITIVE_INFINITY;
  const edge = steps[0]?.placement?.startsWith("bottom") ? "bottom" : "top";
  return {
    ...flow,
    invalid: null,
    supported,
    audience: condition(flow.audience),
    trigger: condition(flow.trigger ?? { page: "/*" }) as Node,
    triggered: !!flow.trigger,
    goal: goal === null ? [] : goal.op === "any" ? (goal.of ?? []) : [goal],
    goalWithin: durationOf(flow.goal?.within, never),
    frequency: frequencyRule(kind, flow.frequency),
    patience: durationOf(flow.patience, 30 * 60_000),
    priority,
    published: momentOf(flow.publishedAt, never),
    from: momentOf(schedule?.from, -never),
    to: Math.min(momentOf(schedule?.to, never), momentOf(flow.expires, never)),
    rollout: shareOf(flow.rollout ?? "100%"),
    holdout: armOf(flow.holdout),
    targetWait: durationOf(flow.targetWait, 5_000),
    slot:
      kind === "hotspot"
        ? null
        : kind === "checklist"
          ? kind
          : kind === "banner"
            ? `banner:${edge}`
            : "focus",
    steps,
    variants: variants.map((one) => ({ ...one, steps: one.steps ? compileSteps(one.steps) : steps })),
    items,
    texts,
  };
}
