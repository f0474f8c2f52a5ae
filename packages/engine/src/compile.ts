import type { Config, FlowId, StepId } from "@cairn/flow-schema";
import { resolveSettings } from "@cairn/flow-schema";
import { type Compile, compileFlow, named } from "./compile-flow.ts";
import type { Compiled, CompiledFlow, CompileOptions, Problem } from "./compiled.ts";
import {
  compileCondition,
  type Draft,
  durationOf,
  fail,
  listensTo,
  type Node,
  planFor,
} from "./condition.ts";
import type { CompiledFeature } from "./plan.ts";
import type { StageLeaf } from "./stage-leaf.ts";

/** Stands in for a flow that cannot be compiled, so that its gate can say so on each page. */
const STUB = { schemaVersion: 1, kind: "tooltip", steps: [{ id: "none" as StepId }] } as const;

const STAGE_LEAVES: readonly string[] = ["time", "device", "locale", "flow", "element"] satisfies StageLeaf[];

const asksStage = (node: Node): boolean => STAGE_LEAVES.includes(node.op) || !!node.of?.some(asksStage);

function push<T>(map: Map<string, Set<T>>, keys: readonly string[], value: T): void {
  for (const key of keys) map.set(key, (map.get(key) ?? new Set()).add(value));
}

/** Makes the definitions ready to decide with. Never throws: what is broken is listed in `problems`. */
export function compileCore(config: Config, { supported, stage = null }: CompileOptions = {}): Compiled {
  const settings = resolveSettings(config.settings);
  const features = new Map<string, CompiledFeature>();
  const flows = new Map<string, CompiledFlow>();
  const uses = new Map<string, Set<CompiledFeature>>();
  const triggers = new Map<string, Set<CompiledFlow>>();
  const progress = new Map<string, Set<CompiledFlow>>();
  const segments = new Map<string, Node | null>();
  const problems: Problem[] = [];
  let eager = false;
  const draft: Draft = {
    events: new Map(),
    timers: new Map(),
    times: new Map(),
    targets: new Map(),
    features,
    segments(id) {
      const known = segments.get(id);
      if (known) return known;
      if (known === null) fail("contains itself: segment", id);
      const { where } = config.segments?.find((one) => one.id === id) ?? fail("no segment", id);
      segments.set(id, null);
      const node = compileCondition(where, draft);
      segments.set(id, node);
      return node;
    },
  };
  const condition: Compile = (raw) => (raw ? compileCondition(raw, draft) : null);
  /** Runs one definition's compilation; a broken one is a problem, not an error. */
  const attempt = (flow: unknown, make: () => void, otherwise?: (message: string) => void): void => {
    try {
      make();
    } catch (error) {
      const { message } = error as Error;
      problems.push({ flow: `${flow}`, message });
      otherwise?.(message);
    }
  };

  for (const { id, level, uses: counted, activated, lapsed } of config.features ?? [])
    attempt(id, () => {
      const rule = {
        count: activated.count,
        within: durationOf(activated.within),
        lapsedAfter: durationOf(lapsed?.after, -1),
      };
      const feature: CompiledFeature = { id: named(id), level, availableTo: null, uses: counted, rule };
      for (const use of counted)
        if ("event" in use) planFor(draft, use.event).features.push({ feature, where: use.where });
        else push(uses, listensTo(compileCondition(use, draft)), feature);
      features.set(id, feature);
    });
  // Only now, because a feature's `availableTo` may ask about other features.
  for (const { id, availableTo } of config.features ?? [])
    attempt(id, () => {
      const feature = features.get(id);
      if (feature) feature.availableTo = condition(availableTo);
    });

  for (const written of config.flows)
    attempt(written?.id, () => {
      const id: FlowId = named(written.id);
      if (flows.has(id)) fail("two flows are called", id);
      const add = (flow: CompiledFlow) => {
        flows.set(id, flow);
        eager ||= [flow.trigger, ...flow.goal].some(asksStage);
        push(triggers, listensTo(flow.trigger), flow);
        const steps = [flow, ...flow.variants].flatMap((arm) => arm.steps);
        const later = [
          ...flow.goal,
          ...flow.items.flatMap(({ done, lockedUntil }) => [done, lockedUntil]),
          ...steps.map((step) => step.advanceWhen),
        ];
        for (const node of later) if (node) push(progress, listensTo(node), flow);
      };
      attempt(
        id,
        () => add(compileFlow(written, condition, !supported || supported.includes(written.kind), stage)),
        (invalid) =>
          add({
            ...compileFlow({ ...STUB, id }, condition, true, stage),
            enabled: written.enabled !== false,
            invalid,
          }),
      );
    });
  const targets = [...draft.targets.values()];
  const quiet: Compiled["quiet"][number][] = [];
  for (const { id, when, except } of settings.quiet)
    attempt(id, () =>
      quiet.push({ id, when: compileCondition(when, draft), exceptCritical: !!except?.length }),
    );
  let exclude: Node | null = null;
  attempt("exclude", () => {
    exclude = condition(settings.exclude);
    eager ||= !!exclude && asksStage(exclude);
  });
  const all = {
    ...draft,
    settings,
    flows,
    features,
    quiet,
    exclude,
    triggers,
    progress,
    uses,
    problems,
    stage,
    eager,
  };
  return {
    ...all,
    with: (other) => compileCore(config, { ...(supported && { supported }), stage: other }),
    interactions: targets.flatMap(({ key, target, op }) =>
      op === "element" || op === "signal" ? [] : [{ key, target, action: op }],
    ),
    elements: targets.filter(({ op }) => op === "element"),
    signalTargets: targets.filter(({ op }) => op === "signal"),
  };
}
