import type { Feature, Interaction, Json, Level, Target, TargetKey } from "@cairn/flow-schema";
import type { Node } from "./condition.ts";
import type { FeatureRule } from "./feature-state.ts";
import type { SequenceSpec } from "./sequence.ts";

export interface CompiledFeature {
  readonly id: string;
  readonly level: Level | undefined;
  availableTo: Node | null;
  readonly rule: FeatureRule;
  readonly uses: Feature["uses"];
}

/** What one event name means to those who listen. */
export interface EventPlan {
  readonly series: Map<string, { readonly where: Json | undefined; readonly keep: number }>;
  readonly features: { readonly feature: CompiledFeature; readonly where: Json | undefined }[];
  readonly sequences: SequenceSpec[];
}

/** The condition behind a segment's name; throws where there is none, or where it contains itself. */
export type SegmentMap = (id: string) => Node;

export interface Watched {
  readonly key: TargetKey;
  readonly target: Target;
}
export interface WatchedInteraction extends Watched {
  readonly action: Interaction;
}
