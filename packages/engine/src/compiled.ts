import type { Condition, FlowHead, FlowKind, Item, ResolvedSettings, Step, Text } from "@cairn/flow-schema";
import type { Draft, Nodes } from "./condition.ts";
import type { FrequencyRule } from "./frequency.ts";
import type { CompiledFeature, Watched, WatchedInteraction } from "./plan.ts";
import type { Course, Stage } from "./turn.ts";

/** What the gates and the screen need of a flow; there only where a stage was given. */
export interface FlowRules {
  readonly frequency: FrequencyRule;
  readonly patience: number;
  readonly priority: number;
  readonly published: number;
  /** Shown from here on (inclusive) … */
  readonly from: number;
  /** … up to here (exclusive), by schedule or `expires`. */
  readonly to: number;
  readonly rollout: number;
  /** What it takes up on screen; `null` = any number may be open. */
  readonly slot: string | null;
  /** All words of the flow. */
  readonly texts: readonly Text[];
}

/** A flow made ready to be decided about; what is not listed here is as written. */
export interface CompiledFlow extends Omit<FlowHead, keyof FlowRules | "trigger">, FlowRules {
  readonly kind: FlowKind;
  /** Why it could not be compiled. */
  readonly invalid: string | null;
  readonly supported: boolean;
  readonly trigger: Condition;
  /** Whether the author wrote a trigger; without one a flow is asked on each page. */
  readonly triggered: boolean;
  /** None for a checklist. */
  readonly steps: readonly Step[];
  /** None but for a checklist. */
  readonly items: readonly Item[];
}

export interface Problem {
  readonly flow: string;
  readonly message: string;
}

/** The parts of the engine that can be loaded later; `null` = not there yet. */
export interface Parts {
  readonly stage: Stage | null;
  readonly course: Course | null;
}

/** The definitions, indexed by what they listen to. Never changed after `compile`. */
export interface Compiled extends Parts, Pick<Draft, "events" | "timers" | "times"> {
  readonly settings: ResolvedSettings;
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly features: ReadonlyMap<string, CompiledFeature>;
  readonly nodes: Nodes;
  readonly quiet: readonly {
    readonly id: string;
    readonly when: Condition;
    readonly exceptCritical: boolean;
  }[];
  readonly exclude: Condition | null;
  /** Key of what happened → flows whose trigger listens to it. */
  readonly triggers: ReadonlyMap<string, ReadonlySet<CompiledFlow>>;
  /** The same for goals, items and `advanceWhen`. */
  readonly progress: ReadonlyMap<string, ReadonlySet<CompiledFlow>>;
  /** Interaction key (`click:anchor`) → features that it uses. */
  readonly uses: ReadonlyMap<string, ReadonlySet<CompiledFeature>>;
  /** Interactions with the host's page that somebody listens to. */
  readonly interactions: readonly WatchedInteraction[];
  /** Elements whose changes somebody asks about: each change is an `element` input. */
  readonly elements: readonly Watched[];
  /** Targets that `signal` inputs are to name when they are hit. */
  readonly signalTargets: readonly Watched[];
  /** The part that somebody asks something of that only it can tell: it is needed from the start. */
  readonly eager: keyof Parts | null;
  /** No book has as many event names as may be remembered, so none need be counted: only a replay knows. */
  roomy?: boolean;
  /** Nobody hears what would be recorded, or reads the log of decisions: only a replay says so. */
  silent?: boolean;
  /** The same definitions with all parts that are given. */
  with(parts: Partial<Parts>): Compiled;
  /** Flows that could not be compiled; their gate is `invalid`. */
  readonly problems: readonly Problem[];
}

export interface CompileOptions extends Partial<Parts> {
  /** Kinds that this host can draw; flows of others are held as `unsupported`. @default all */
  readonly supported?: readonly string[];
}
