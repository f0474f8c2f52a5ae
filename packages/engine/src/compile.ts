import type { Condition, Config, Flow, FlowId, Id, LeafKey, Step } from "@cairn/flow-schema";
import { parseId, resolveSettings } from "@cairn/flow-schema";
import type { Compiled, CompiledFlow, CompileOptions, FlowRules, Problem } from "./compiled.ts";
import { type Draft, durationOf, fail, planFor, prepare } from "./condition.ts";
import type { CompiledFeature } from "./plan.ts";

/** A flow without a trigger is asked on each page. */
const EVERY_PAGE: Condition = { page: "/*" };

/** Leaves that the core cannot answer alone, or whose sensors come with the stage: in a trigger they need it from the start. */
const STAGE_LEAVES: readonly LeafKey[] = ["inactive", "feature", "device", "locale", "flow", "signal"];

const named = <T extends Id<string>>(id: T): T => parseId<T>(id) ?? fail("not an id:", id);

function push<T>(map: Map<string, Set<T>>, keys: readonly string[], value: T): void {
  for (const key of keys) map.set(key, (map.get(key) ?? new Set()).add(value));
}

/** Makes the definitions ready to decide with. Never throws: what is broken is listed in `problems`. */
export function compileCore(config: Config, options?: CompileOptions): Compiled {
  const steps = compileSteps(config, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same one definition at a time, for whoever has something else to do between two of them. */
export function* compileSteps(config: Config, options: CompileOptions = {}): Generator<undefined, Compiled> {
  const { supported, stage = null, course = null } = options;
  const settings = resolveSettings(config.settings);
  const features = new Map<string, CompiledFeature>();
  const flows = new Map<string, CompiledFlow>();
  const uses = new Map<string, Set<CompiledFeature>>();
  const triggers = new Map<string, Set<CompiledFlow>>();
  const progress = new Map<string, Set<CompiledFlow>>();
  const declared = new Set(config.features?.map(({ id }) => `${id}`));
  const problems: Problem[] = [];
  let eager: Compiled["eager"] = null;
  const quiet: Compiled["quiet"][number][] = [];
  const draft: Draft = {
    nodes: new Map(),
    events: new Map(),
    timers: new Map(),
    times: new Map(),
    targets: new Map(),
    readPage: course?.readPage,
    hasFeature: (id) => declared.has(id),
    segments: new Map(config.segments?.map(({ id, where }) => [`${id}`, { where }])),
  };
  const draws = (kind: string) => !supported || supported.includes(kind);
  /** Runs one definition's compilation; a broken one is a problem, not an error. */
  const attempt = (flow: unknown, make: () => void): string | null => {
    try {
      make();
      return null;
    } catch (error) {
      const { message } = error as Error;
      problems.push({ flow: `${flow}`, message });
      return message;
    }
  };
  const ready = (raw: Condition | null | undefined) => (raw ? prepare(raw, draft) : []);

  for (const { id, level, uses: counted, activated, lapsed, availableTo } of config.features ?? [])
    attempt(id, () => {
      const rule = {
        count: activated.count,
        within: durationOf(activated.within),
        lapsedAfter: durationOf(lapsed?.after, -1),
      };
      const feature: CompiledFeature = { id: named(id), level, availableTo, uses: counted, rule };
      ready(availableTo);
      for (const use of counted)
        if ("event" in use) planFor(draft, use.event).features.push({ feature, where: use.where });
        else push(uses, ready(use), feature);
      features.set(id, feature);
    });

  const asksStage = (raw: Condition): boolean => {
    const node = draft.nodes.get(raw);
    if (!node) return false;
    if ("parts" in node) return node.parts.some(asksStage);
    return STAGE_LEAVES.includes(node.op) || (!!node.where && asksStage(node.where));
  };
  function compileFlow(written: Flow): void {
    const { kind, trigger = EVERY_PAGE, variants = [] } = written;
    const [steps, items] = kind === "checklist" ? [[], written.items] : [written.steps, []];
    const all = [...steps, ...variants.flatMap((arm): readonly Step[] => arm.steps ?? [])];
    if (!all.length && !items.length) fail("nothing to show in", written.id);
    const flow: CompiledFlow = {
      ...written,
      // Without a stage nobody asks for them.
      ...(stage?.rules(written) as FlowRules),
      invalid: null,
      supported: draws(kind),
      trigger,
      triggered: trigger !== EVERY_PAGE,
      steps,
      items,
    };
    for (const { id } of [...all, ...items]) named(id);
    for (const { done } of items) if (!done) fail("never done in", written.id);
    for (const step of all) [step.showWhen, ...(step.next ?? []).map(({ when }) => when)].forEach(ready);
    ready(written.audience);
    const later = [
      written.goal?.reach,
      ...items.flatMap(({ done, lockedUntil }) => [done, lockedUntil]),
      ...all.map(({ advanceWhen }) => advanceWhen),
    ].flatMap(ready);
    push(triggers, ready(trigger), flow);
    push(progress, later, flow);
    if (asksStage(trigger)) eager = "stage";
    flows.set(flow.id, flow);
  }
  for (const written of config.flows) {
    yield;
    attempt(written?.id, () => {
      const id: FlowId = named(written.id);
      if (flows.has(id)) fail("two flows are called", id);
      const invalid = attempt(id, () => compileFlow(written));
      if (invalid === null) return;
      // Its gate can say so on each page.
      const stub = {
        id,
        kind: written.kind,
        enabled: written.enabled !== false,
        supported: draws(written.kind),
        invalid,
        trigger: EVERY_PAGE,
      };
      const flow = { ...stub, steps: [], items: [] } as unknown as CompiledFlow;
      flows.set(id, flow);
      push(triggers, ready(EVERY_PAGE), flow);
    });
  }
  for (const { id, when, except } of settings.quiet)
    attempt(id, () => {
      ready(when);
      quiet.push({ id, when, exceptCritical: !!except?.length });
    });
  const { exclude } = settings;
  const unclear = attempt("exclude", () => ready(exclude));
  const targets = [...draft.targets.values()];
  return {
    ...draft,
    settings,
    flows,
    features,
    quiet,
    exclude: unclear === null ? exclude : null,
    triggers,
    progress,
    uses,
    problems,
    stage,
    course,
    eager: [...draft.nodes.values()].some(
      (node) => node.op === "time" || node.op === "element" || (node.op === "page" && !node.pages),
    )
      ? "course"
      : eager,
    with: (parts) => compileCore(config, { ...options, ...parts }),
    interactions: targets.flatMap(({ key, target, op }) =>
      op === "element" || op === "signal" ? [] : [{ key, target, action: op }],
    ),
    elements: targets.filter(({ op }) => op === "element"),
    signalTargets: targets.filter(({ op }) => op === "signal"),
  };
}
