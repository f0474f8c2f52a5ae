import type { Condition, Feature, Interaction, Json, Level, Target, TargetKey } from "@cairn/flow-schema";
import type { FeatureRule } from "./feature-rule.ts";
import type { SequenceSpec } from "./sequence.ts";

export interface CompiledFeature {
  readonly id: string;
  readonly level: Level | undefined;
  readonly availableTo: Condition | undefined;
  readonly rule: FeatureRule;
  readonly uses: Feature["uses"];
}

/** What one event name means to those who listen. */
export interface EventPlan {
  /** Under which the event itself is remembered. */
  readonly key: string;
  readonly series: Map<string, { readonly where: Json | undefined; readonly keep: number }>;
  readonly features: { readonly feature: CompiledFeature; readonly where: Json | undefined }[];
  readonly sequences: SequenceSpec[];
}

export interface Watched {
  readonly key: TargetKey;
  readonly target: Target;
}
export interface WatchedInteraction extends Watched {
  readonly action: Interaction;
}
