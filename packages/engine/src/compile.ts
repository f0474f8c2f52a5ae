import type {
  Action,
  Condition,
  Config,
  Flow,
  FlowHead,
  FlowId,
  FlowKind,
  Holdout,
  Item,
  Json,
  ResolvedSettings,
  Step,
  StepId,
  TargetKey,
  Text,
  VariantId,
} from "@cairn/flow-schema";
import { FLOW_KINDS, parseId, parseShare, resolveSettings, targetKey } from "@cairn/flow-schema";
import {
  compileCondition,
  type Draft,
  durationOf,
  fail,
  listensTo,
  type Node,
  planFor,
} from "./condition.ts";
import { type FrequencyRule, frequencyRule } from "./frequency.ts";
import { parseMoment } from "./moment.ts";
import type { CompiledFeature, Watched, WatchedInteraction } from "./plan.ts";
import { expressionsIn } from "./text.ts";
import type { Stage } from "./turn.ts";

/** A step as written, with its conditions ready. */
export interface CompiledStep extends Omit<Step, "actions" | "showWhen" | "advanceWhen" | "next"> {
  readonly actions: readonly Action[];
  readonly index: number;
  readonly key: TargetKey | null;
  readonly showWhen: Node | null;
  readonly advanceWhen: Node | null;
  readonly next: readonly { readonly when: Node | null; readonly step: StepId }[];
}
export interface CompiledItem extends Omit<Item, "done" | "lockedUntil"> {
  readonly done: Node;
  readonly lockedUntil: Node | null;
}
export interface Arm {
  readonly share: number;
  readonly by: Holdout["by"];
}

type Made =
  | "audience"
  | "trigger"
  | "goal"
  | "frequency"
  | "patience"
  | "priority"
  | "rollout"
  | "holdout"
  | "variants"
  | "targetWait";

/** A flow made ready to be decided about; what is not listed here is as written. */
export interface CompiledFlow extends Omit<FlowHead, Made> {
  readonly kind: FlowKind;
  /** Why it could not be compiled. */
  readonly invalid: string | null;
  readonly supported: boolean;
  readonly audience: Node | null;
  readonly trigger: Node;
  /** Whether the author wrote a trigger; without one a flow is asked on each page. */
  readonly triggered: boolean;
  /** Alternatives, of which one is enough. */
  readonly goal: readonly Node[];
  readonly goalWithin: number;
  readonly frequency: FrequencyRule;
  readonly patience: number;
  readonly priority: number;
  readonly published: number;
  /** Shown from here on (inclusive) … */
  readonly from: number;
  /** … up to here (exclusive), by schedule or `expires`. */
  readonly to: number;
  readonly rollout: number;
  readonly holdout: Arm | null;
  readonly targetWait: number;
  /** What it takes up on screen; `null` = any number may be open. */
  readonly slot: string | null;
  readonly steps: readonly CompiledStep[];
  readonly variants: readonly {
    readonly id: VariantId;
    readonly weight: number;
    readonly steps: readonly CompiledStep[];
  }[];
  readonly items: readonly CompiledItem[];
  /** All words of the flow. */
  readonly texts: readonly Text[];
}

export interface Problem {
  readonly flow: string;
  readonly message: string;
}

/** The definitions, indexed by what they listen to. Never changed after `compile`. */
export interface Compiled extends Pick<Draft, "events" | "timers" | "times"> {
  readonly settings: ResolvedSettings;
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly features: ReadonlyMap<string, CompiledFeature>;
  readonly quiet: readonly { readonly id: string; readonly when: Node; readonly exceptCritical: boolean }[];
  readonly exclude: Node | null;
  readonly holdout: Arm | null;
  /** Key of what happened → flows whose trigger listens to it. */
  readonly triggers: ReadonlyMap<string, readonly CompiledFlow[]>;
  /** The same for goals, items and `advanceWhen`. */
  readonly progress: ReadonlyMap<string, readonly CompiledFlow[]>;
  /** Interaction key (`click:anchor`) → features that it uses. */
  readonly uses: ReadonlyMap<string, readonly CompiledFeature[]>;
  /** Interactions with the host's page that somebody listens to. */
  readonly interactions: readonly WatchedInteraction[];
  /** Elements whose changes somebody asks about: each change is an `element` input. */
  readonly elements: readonly Watched[];
  /** Targets that `signal` inputs are to name when they are hit. */
  readonly signalTargets: readonly Watched[];
  /** What deals with the screen; `null` while it is not loaded. */
  readonly stage: Stage | null;
  /** Flows that could not be compiled; their gate is `invalid`. */
  readonly problems: readonly Problem[];
}

export interface CompileOptions {
  /** Kinds that this host can draw; flows of others are held as `unsupported`. @default all */
  readonly supported?: readonly string[];
  /** For `@cairn/engine/core` only: see {@link Stage}. */
  readonly stage?: Stage | null;
}

function push<T>(map: Map<string, T[]>, keys: readonly string[], value: T): void {
  for (const key of keys) {
    const list = map.get(key) ?? [];
    if (!list.includes(value)) map.set(key, [...list, value]);
  }
}

type Compile = (raw: Condition | null | undefined) => Node | null;

/** Makes the definitions ready to decide with. Never throws: what is broken is listed in `problems`. */
export function compileCore(config: Config, { supported, stage = null }: CompileOptions = {}): Compiled {
  const settings = resolveSettings(config.settings);
  const features = new Map<string, CompiledFeature>();
  const flows = new Map<string, CompiledFlow>();
  const uses = new Map<string, CompiledFeature[]>();
  const triggers = new Map<string, CompiledFlow[]>();
  const progress = new Map<string, CompiledFlow[]>();
  const segments = new Map<string, Node | null>();
  const problems: Problem[] = [];
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
        () => add(compileFlow(written, condition, !supported || supported.includes(written.kind))),
        (invalid) =>
          add({
            ...compileFlow({ ...STUB, id }, condition, true),
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
  };
  return {
    ...all,
    holdout: armOf(settings.holdout),
    interactions: targets.flatMap(({ key, target, op }) =>
      op === "element" || op === "signal" ? [] : [{ key, target, action: op }],
    ),
    elements: targets.filter(({ op }) => op === "element"),
    signalTargets: targets.filter(({ op }) => op === "signal"),
  };
}

/** Stands in for a flow that cannot be compiled, so that its gate can say so on each page. */
const STUB = { schemaVersion: 1, kind: "tooltip", steps: [{ id: "none" as StepId }] } as const;

const DEEDS = ["next", "back", "done", "dismiss", "preferences"];

const named = <T extends string>(id: T): T => (parseId(id) === undefined ? fail("not an id:", id) : id);

const shareOf = (value: unknown): number => parseShare(value) ?? fail("not a share:", value);

const armOf = (holdout: Holdout | null | undefined): Arm | null =>
  holdout ? { share: shareOf(holdout.share), by: holdout.by } : null;

const momentOf = (value: Json | undefined, fallback: number): number =>
  value === undefined ? fallback : (parseMoment(value) ?? fail("not a date:", value));

function compileFlow(flow: Flow, condition: Compile, supported: boolean): CompiledFlow {
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
      const actions = step.actions ?? [];
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
