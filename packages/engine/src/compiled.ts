import type {
  Action,
  FlowHead,
  FlowKind,
  Item,
  ResolvedSettings,
  Step,
  StepId,
  TargetKey,
  Text,
  VariantId,
} from "@cairn/flow-schema";
import type { Draft, Node } from "./condition.ts";
import type { FrequencyRule } from "./frequency.ts";
import type { CompiledFeature, Watched, WatchedInteraction } from "./plan.ts";
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

type Made =
  | "audience"
  | "trigger"
  | "goal"
  | "frequency"
  | "patience"
  | "priority"
  | "rollout"
  | "variants"
  | "targetWait";

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
  readonly targetWait: number;
  /** What it takes up on screen; `null` = any number may be open. */
  readonly slot: string | null;
  /** All words of the flow. */
  readonly texts: readonly Text[];
}

/** A flow made ready to be decided about; what is not listed here is as written. */
export interface CompiledFlow extends Omit<FlowHead, Made>, FlowRules {
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
  readonly steps: readonly CompiledStep[];
  readonly variants: readonly {
    readonly id: VariantId;
    readonly weight: number;
    readonly steps: readonly CompiledStep[];
  }[];
  readonly items: readonly CompiledItem[];
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
  /** Something that only the stage can tell is part of what sets flows off: it is needed from the start. */
  readonly eager: boolean;
  /** What decides, and deals with the screen; `null` while it is not loaded. */
  readonly stage: Stage | null;
  /** The same definitions with this stage. */
  with(stage: Stage): Compiled;
  /** Flows that could not be compiled; their gate is `invalid`. */
  readonly problems: readonly Problem[];
}

export interface CompileOptions {
  /** Kinds that this host can draw; flows of others are held as `unsupported`. @default all */
  readonly supported?: readonly string[];
  /** For `@cairn/engine/core` only: see {@link Stage}. */
  readonly stage?: Stage | null;
}
