import type { Duration } from "./duration.ts";
import type { FeatureId, FlowId, SegmentId } from "./ids.ts";
import type { Target } from "./target.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Attribute rule, MongoDB style with GrowthBook's semantics: attribute paths to values or operator objects,
 * with `$and $or $nor $not` around them.
 */
export type AttributeRule = { readonly [pathOrOperator: string]: Json };

export const ATTRIBUTE_OPERATORS = [
  "$eq",
  "$ne",
  "$lt",
  "$lte",
  "$gt",
  "$gte",
  "$in",
  "$nin",
  "$ini",
  "$nini",
  "$exists",
  "$type",
  "$size",
  "$elemMatch",
  "$all",
  "$not",
  "$veq",
  "$vne",
  "$vlt",
  "$vlte",
  "$vgt",
  "$vgte",
  "$contains",
  "$startsWith",
  "$endsWith",
  "$ago",
  "$ahead",
] as const;
export type AttributeOperator = (typeof ATTRIBUTE_OPERATORS)[number];

export type Level = "user" | "account";
export type FeatureState = "untried" | "tried" | "activated" | "lapsed";
export type FlowState = "unseen" | "seen" | "active" | "completed" | "dismissed" | "snoozed";
export type ElementState = "present" | "visible" | "hidden" | "enabled" | "disabled";
export type Interaction = "click" | "hover" | "focus" | "input";
export type SignalName =
  | "idle"
  | "rage-click"
  | "dead-click"
  | "form-error"
  | "exit-intent"
  | "dwell"
  | "scroll";
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

export interface EventLeaf {
  readonly event: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly exactly?: number;
  readonly within?: Duration;
  readonly where?: AttributeRule;
  readonly by?: Level;
}
export interface SequenceLeaf {
  readonly sequence: readonly string[];
  readonly without?: string;
  readonly within: Duration;
  readonly wait?: Duration;
}
export interface InactiveLeaf {
  readonly inactive: { readonly event: string } | { readonly feature: FeatureId };
  readonly for: Duration;
  readonly by?: Level;
}
export interface FeatureLeaf {
  readonly feature: FeatureId;
  readonly is: FeatureState;
  readonly by?: Level;
}
export interface FlowLeaf {
  readonly flow: FlowId;
  readonly is: FlowState;
}
export interface SegmentLeaf {
  readonly segment: SegmentId;
}
export interface UserLeaf {
  readonly user: AttributeRule;
}
export interface AccountLeaf {
  readonly account: AttributeRule;
}
export interface PageLeaf {
  readonly page: string | readonly string[];
}
export interface ElementLeaf {
  readonly element: Target;
  readonly is: ElementState;
}
export type InteractionLeaf =
  | { readonly click: Target }
  | { readonly hover: Target }
  | { readonly focus: Target }
  | { readonly input: Target };
export interface SignalLeaf {
  readonly signal: SignalName;
  readonly for?: Duration;
  readonly target?: Target;
  /** Scroll depth in percent, 1–100; for `scroll` only. */
  readonly depth?: number;
}
export interface TimeLeaf {
  readonly time: {
    readonly from?: string;
    readonly to?: string;
    readonly days?: readonly Weekday[];
    readonly hours?: readonly [string, string];
    readonly timezone?: string;
  };
}
export interface LocaleLeaf {
  readonly locale: readonly string[];
}
export interface DeviceLeaf {
  readonly device: AttributeRule;
}

export type Leaf =
  | EventLeaf
  | SequenceLeaf
  | InactiveLeaf
  | FeatureLeaf
  | FlowLeaf
  | SegmentLeaf
  | UserLeaf
  | AccountLeaf
  | PageLeaf
  | ElementLeaf
  | InteractionLeaf
  | SignalLeaf
  | TimeLeaf
  | LocaleLeaf
  | DeviceLeaf;

/** The one grammar of conditions: groups around leaves; a leaf is named by its first key. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Leaf;

/** The keys that name a leaf, each in exactly one leaf type. */
export const LEAF_KEYS = [
  "event",
  "sequence",
  "inactive",
  "feature",
  "flow",
  "segment",
  "user",
  "account",
  "page",
  "element",
  "click",
  "hover",
  "focus",
  "input",
  "signal",
  "time",
  "locale",
  "device",
] as const;
export type LeafKey = (typeof LEAF_KEYS)[number];
