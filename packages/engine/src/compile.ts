import type {
  Config,
  Feature,
  Flow,
  FlowId,
  Interaction,
  ItemId,
  Json,
  Level,
  ResolvedSettings,
  Step,
  StepId,
  Target,
  TargetKey,
  Text,
} from "@cairn/flow-schema";
import {
  FLOW_KINDS,
  parseDuration,
  parseId,
  parseShare,
  resolveSettings,
  targetKey,
} from "@cairn/flow-schema";
import { compileCondition, type LeafNode, listensTo, type Needs, type Node } from "./condition.ts";
import type { FeatureRule } from "./feature-state.ts";
import { type FrequencyRule, frequencyRule } from "./frequency.ts";
import { parseMoment } from "./moment.ts";
import type { SequenceSpec } from "./sequence.ts";
import { expressionsIn } from "./text.ts";

export interface CompiledStep {
  readonly step: Step;
  readonly index: number;
  readonly key: TargetKey | null;
  readonly showWhen: Node | null;
  readonly advanceWhen: Node | null;
  readonly routes: readonly { readonly when: Node | null; readonly step: StepId }[];
}
export interface CompiledItem {
  readonly id: ItemId;
  readonly done: Node;
  readonly lockedUntil: Node | null;
  readonly retroactive: boolean;
}

/** A flow made ready to be decided about. An invalid one has `invalid` set, and may lack the rest. */
export interface CompiledFlow {
  readonly id: FlowId;
  readonly flow: Flow;
  /** Why it could not be compiled. */
  readonly invalid: string | null;
  readonly supported: boolean;
  readonly audience: Node | null;
  readonly trigger: Node;
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
  readonly holdout: { readonly share: number; readonly by: Level | undefined } | null;
  readonly targetWait: number;
  /** What it takes up on screen; `null` = any number may be open. */
  readonly slot: string | null;
  readonly steps: readonly CompiledStep[];
  readonly variants: readonly {
    readonly id: string;
    readonly weight: number;
    readonly steps: readonly CompiledStep[];
  }[];
  readonly items: readonly CompiledItem[];
  /** All words of the flow. */
  readonly texts: readonly Text[];
}

export interface CompiledFeature {
  readonly id: string;
  readonly level: Level;
  readonly availableTo: Node | null;
  readonly rule: FeatureRule;
  readonly uses: Feature["uses"];
}

/** What one event name means to those who listen. */
export interface EventPlan {
  readonly series: Map<string, { readonly where: Json | undefined; keep: number }>;
  readonly features: { readonly feature: CompiledFeature; readonly where: Json | undefined }[];
  readonly sequences: SequenceSpec[];
}

export interface Problem {
  readonly flow: string;
  readonly message: string;
}

export interface Watched {
  readonly key: TargetKey;
  readonly target: Target;
}

/** The definitions, indexed by what they listen to. Never changed after {@link compile}. */
export interface Compiled {
  readonly settings: ResolvedSettings;
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly features: ReadonlyMap<string, CompiledFeature>;
  readonly quiet: readonly { readonly id: string; readonly when: Node; readonly exceptCritical: boolean }[];
  readonly exclude: Node | null;
  readonly holdout: { readonly share: number; readonly by: Level | undefined } | null;
  /** Key of what happened → flows whose trigger listens to it. */
  readonly triggers: ReadonlyMap<string, readonly CompiledFlow[]>;
  /** The same for goals, items and `advanceWhen`. */
  readonly progress: ReadonlyMap<string, readonly CompiledFlow[]>;
  readonly events: ReadonlyMap<string, EventPlan>;
  /** Interaction key (`click:anchor`) → features that it uses. */
  readonly uses: ReadonlyMap<string, readonly CompiledFeature[]>;
  /** History key → timers that its next event starts. */
  readonly timers: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly times: ReadonlyMap<string, LeafNode>;
  /** Interactions with the host's page that somebody listens to. */
  readonly interactions: readonly (Watched & { readonly action: Interaction })[];
  /** Elements whose changes somebody asks about: each change is an `element` input. */
  readonly elements: readonly Watched[];
  /** Targets that `signal` inputs are to name when they are hit. */
  readonly signalTargets: readonly Watched[];
  /** Flows that could not be compiled; their gate is `invalid`. */
  readonly problems: readonly Problem[];
}

export interface CompileOptions {
  /** Kinds that this host can draw; flows of others are held as `unsupported`. @default all */
  readonly supported?: readonly string[];
}

const INTERACTIONS: readonly Interaction[] = ["click", "hover", "focus", "input"];
const ON_PAGE: Node = {
  op: "page",
  leaf: { page: "*" },
  keys: ["page"],
  key: "",
  ms: -1,
  account: false,
  pages: [{}],
};

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (!list) map.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

const ms = (value: unknown, fallback: number): number => {
  if (value === undefined) return fallback;
  const parsed = parseDuration(value);
  if (parsed === undefined) throw new Error(`not a duration: ${JSON.stringify(value)}`);
  return parsed;
};

/** Makes the definitions ready to decide with. Never throws: what is broken is listed in `problems`. */
export function compile(config: Config, { supported }: CompileOptions = {}): Compiled {
  const settings = resolveSettings(config.settings);
  const events = new Map<string, EventPlan>();
  const features = new Map<string, CompiledFeature>();
  const uses = new Map<string, CompiledFeature[]>();
  const timers = new Map<string, Map<string, number>>();
  const times = new Map<string, LeafNode>();
  const watched = new Map<string, Watched & { readonly op: "element" | "signal" | Interaction }>();
  const segments = new Map<string, Node | null>();
  const triggers = new Map<string, CompiledFlow[]>();
  const progress = new Map<string, CompiledFlow[]>();
  const flows = new Map<string, CompiledFlow>();
  const problems: Problem[] = [];

  const planFor = (name: string): EventPlan => {
    const plan = events.get(name) ?? { series: new Map(), features: [], sequences: [] };
    events.set(name, plan);
    return plan;
  };
  const needs: Needs = {
    series(key, event, where, keep) {
      const { series } = planFor(event);
      series.set(key, { where, keep: Math.max(keep, series.get(key)?.keep ?? 0) });
    },
    sequence(spec) {
      for (const name of new Set([...spec.names, spec.without ?? spec.names[0] ?? ""])) {
        const { sequences } = planFor(name);
        if (!sequences.some((one) => one.key === spec.key)) sequences.push(spec);
      }
    },
    timer(timer, key, after) {
      const all = timers.get(key) ?? new Map();
      timers.set(key, all.set(timer, after));
    },
    time: (timer, leaf) => void times.set(timer, leaf),
    target: (op, key, target) => void watched.set(`${op}:${key}`, { op, key, target }),
    segment(id) {
      const known = segments.get(id);
      if (known) return known;
      const segment = config.segments?.find((one) => one.id === id);
      if (!segment) throw new Error(`no segment "${id}"`);
      if (known === null) throw new Error(`segment "${id}" contains itself`);
      segments.set(id, null);
      const node = compileCondition(segment.where, needs);
      segments.set(id, node);
      return node;
    },
    feature(id) {
      if (!features.has(id)) throw new Error(`no feature "${id}"`);
    },
  };
  const condition = (raw: Flow["audience"] | null): Node | null =>
    raw === undefined || raw === null ? null : compileCondition(raw, needs);

  /** Runs one definition's compilation; a broken one is a problem, not an error. */
  const attempt = <T>(id: unknown, make: () => T): T | undefined => {
    try {
      return make();
    } catch (error) {
      problems.push({ flow: String(id), message: (error as Error).message });
      return undefined;
    }
  };
  const ready: [CompiledFeature, Feature][] = [];
  for (const feature of config.features ?? []) {
    attempt(feature?.id, () => {
      const { id, activated, lapsed, level = "user" } = feature;
      if (parseId(id) === undefined) throw new Error(`not an id: ${id}`);
      const compiled: CompiledFeature = {
        id,
        level,
        availableTo: null,
        uses: feature.uses,
        rule: {
          count: activated.count,
          within: ms(activated.within, 0),
          lapsedAfter: ms(lapsed?.after, -1),
        },
      };
      for (const use of feature.uses) {
        if ("event" in use) planFor(use.event).features.push({ feature: compiled, where: use.where });
        else {
          const node = compileCondition(use, needs);
          for (const key of listensTo(node)) push(uses, key, compiled);
        }
      }
      features.set(id, compiled);
      ready.push([compiled, feature]);
    });
  }
  // Only now, because a feature's `availableTo` may ask about other features.
  for (const [compiled, feature] of ready)
    attempt(feature.id, () => Object.assign(compiled, { availableTo: condition(feature.availableTo) }));

  for (const flow of config.flows) {
    const id = parseId<FlowId>(flow?.id);
    if (id === undefined || flows.has(id)) {
      problems.push({ flow: String(flow?.id), message: id ? "two flows have this id" : "not an id" });
      continue;
    }
    const before = problems.length;
    const compiled =
      attempt(id, () => compileFlow(flow, condition, !supported || supported.includes(flow.kind))) ??
      invalidFlow(flow, problems[before]?.message ?? "");
    flows.set(id, compiled);
    for (const key of listensTo(compiled.trigger)) push(triggers, key, compiled);
    const later = [
      ...compiled.goal,
      ...compiled.items.flatMap(({ done, lockedUntil }) => (lockedUntil ? [done, lockedUntil] : [done])),
      ...[compiled, ...compiled.variants].flatMap(({ steps }) =>
        steps.flatMap((one) => one.advanceWhen ?? []),
      ),
    ];
    for (const node of later) for (const key of listensTo(node)) push(progress, key, compiled);
  }
  const of = (...ops: string[]) => [...watched.values()].filter(({ op }) => ops.includes(op));
  return {
    settings,
    flows,
    features,
    quiet: settings.quiet.flatMap(({ id, when, except }) => {
      const node = attempt(id, () => compileCondition(when, needs));
      return node ? [{ id, when: node, exceptCritical: except?.includes("critical") ?? false }] : [];
    }),
    exclude: attempt("exclude", () => condition(settings.exclude)) ?? null,
    holdout: settings.holdout && {
      share: parseShare(settings.holdout.share) ?? 0,
      by: settings.holdout.by,
    },
    triggers,
    progress,
    events,
    uses,
    timers,
    times,
    interactions: of(...INTERACTIONS).map(({ key, target, op }) => ({
      key,
      target,
      action: op as Interaction,
    })),
    elements: of("element").map(({ key, target }) => ({ key, target })),
    signalTargets: of("signal").map(({ key, target }) => ({ key, target })),
    problems,
  };
}

function fail(message: string): never {
  throw new Error(message);
}

function compileFlow(
  flow: Flow,
  condition: (raw: Flow["audience"] | null) => Node | null,
  supported: boolean,
): CompiledFlow {
  if (!FLOW_KINDS.includes(flow.kind)) throw new Error(`no kind "${flow.kind}"`);
  const texts: Text[] = [];
  const words = (...all: (Text | undefined)[]) => {
    for (const text of all) {
      if (text === undefined) continue;
      for (const one of typeof text === "string" ? [text] : Object.values(text)) expressionsIn(one);
      texts.push(text);
    }
  };
  const share = (value: unknown) => {
    const parsed = parseShare(value);
    if (parsed === undefined) throw new Error(`not a share: ${JSON.stringify(value)}`);
    return parsed;
  };
  const moment = (value: string | undefined, fallback: number) => {
    const parsed = value === undefined ? fallback : parseMoment(value);
    if (parsed === undefined) throw new Error(`not a date: ${value}`);
    return parsed;
  };
  const compileSteps = (steps: readonly Step[]): readonly CompiledStep[] => {
    if (steps.length === 0) throw new Error("a flow needs a step");
    return steps.map((step, index) => {
      if (parseId(step.id) === undefined) throw new Error(`not an id: ${step.id}`);
      words(step.title, step.body, step.media?.alt, ...(step.actions ?? []).map((action) => action.label));
      return {
        step,
        index,
        key: step.target ? targetKey(step.target) : null,
        showWhen: condition(step.showWhen),
        advanceWhen: condition(step.advanceWhen),
        routes: (step.next ?? []).map((route) => ({ when: condition(route.when), step: route.step })),
      };
    });
  };
  words(flow.title);
  const steps = flow.kind === "checklist" ? [] : compileSteps(flow.steps);
  const items = flow.kind === "checklist" ? flow.items : [];
  const goal = condition(flow.goal?.reach);
  const { kind, schedule, holdout } = flow;
  const edge = steps[0]?.step.placement?.startsWith("bottom") ? "bottom" : "top";
  return {
    id: flow.id,
    flow,
    invalid: null,
    supported,
    audience: condition(flow.audience),
    trigger: condition(flow.trigger) ?? ON_PAGE,
    goal: goal === null ? [] : goal.op === "any" ? (goal.of ?? []) : [goal],
    goalWithin: ms(flow.goal?.within, Number.POSITIVE_INFINITY),
    frequency: frequencyRule(kind, flow.frequency),
    patience: ms(flow.patience, 30 * 60_000),
    priority: flow.priority ?? 50,
    published: moment(flow.publishedAt, Number.POSITIVE_INFINITY),
    from: moment(schedule?.from, Number.NEGATIVE_INFINITY),
    to: Math.min(
      moment(schedule?.to, Number.POSITIVE_INFINITY),
      moment(flow.expires, Number.POSITIVE_INFINITY),
    ),
    rollout: flow.rollout === undefined ? 1 : share(flow.rollout),
    holdout: holdout ? { share: share(holdout.share), by: holdout.by } : null,
    targetWait: ms(flow.targetWait, 5_000),
    slot:
      kind === "hotspot"
        ? null
        : kind === "checklist"
          ? kind
          : kind === "banner"
            ? `banner:${edge}`
            : "focus",
    steps,
    variants: (flow.variants ?? []).map(({ id, weight, steps: own }) => ({
      id,
      weight,
      steps: own ? compileSteps(own) : steps,
    })),
    items: items.map((item) => {
      if (parseId(item.id) === undefined) throw new Error(`not an id: ${item.id}`);
      words(item.title, item.body);
      return {
        id: item.id,
        done: condition(item.done) ?? fail(`item ${item.id} has no "done"`),
        lockedUntil: condition(item.lockedUntil),
        retroactive: item.retroactive ?? false,
      };
    }),
    texts,
  };
}

const invalidFlow = (flow: Flow, message: string): CompiledFlow => ({
  id: flow.id,
  flow,
  invalid: message,
  supported: true,
  audience: null,
  trigger: ON_PAGE,
  goal: [],
  goalWithin: 0,
  frequency: { atMost: null, gap: 0, until: "none", perSession: false },
  patience: 0,
  priority: 0,
  published: 0,
  from: 0,
  to: 0,
  rollout: 0,
  holdout: null,
  targetWait: 0,
  slot: null,
  steps: [],
  variants: [],
  items: [],
  texts: [],
});
