import type { Compiled, CompiledFlow } from "../compiled.ts";

type Uniform = { readonly [field in keyof Required<CompiledFlow>]: CompiledFlow[field] };

/** The same flow with each field that a flow may have, in one order. */
const shaped = (flow: CompiledFlow): CompiledFlow => {
  const one: Uniform = {
    $schema: flow.$schema,
    schemaVersion: flow.schemaVersion,
    id: flow.id,
    kind: flow.kind,
    version: flow.version,
    name: flow.name,
    owner: flow.owner,
    why: flow.why,
    category: flow.category,
    enabled: flow.enabled,
    supported: flow.supported,
    invalid: flow.invalid,
    from: flow.from,
    to: flow.to,
    expires: flow.expires,
    reviewBy: flow.reviewBy,
    schedule: flow.schedule,
    audience: flow.audience,
    trigger: flow.trigger,
    triggered: flow.triggered,
    goal: flow.goal,
    frequency: flow.frequency,
    patience: flow.patience,
    priority: flow.priority,
    published: flow.published,
    publishedAt: flow.publishedAt,
    critical: flow.critical,
    rollout: flow.rollout,
    holdout: flow.holdout,
    variants: flow.variants,
    locales: flow.locales,
    slot: flow.slot,
    texts: flow.texts,
    theme: flow.theme,
    targetWait: flow.targetWait,
    title: flow.title,
    steps: flow.steps,
    items: flow.items,
  };
  return one as CompiledFlow;
};

/**
 * The same definitions with flows of one shape: what an author leaves out is there as `undefined`. Flows are asked more
 * often than anything else, and a hundred shapes slow that down more than all that is asked.
 */
export function uniform(compiled: Compiled): Compiled {
  const flows = new Map([...compiled.flows].map(([id, flow]) => [id, shaped(flow)]));
  const again = (index: Compiled["triggers"]) =>
    new Map(
      [...index].map(([key, listeners]) => [
        key,
        new Set([...listeners].map((flow) => flows.get(flow.id) ?? flow)),
      ]),
    );
  return {
    ...compiled,
    roomy: false,
    silent: true,
    flows,
    triggers: again(compiled.triggers),
    progress: again(compiled.progress),
  };
}
