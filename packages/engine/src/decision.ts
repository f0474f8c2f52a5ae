import type { FlowId } from "@cairn/flow-schema";
import type { RunId } from "./input.ts";

/** Why a flow was not shown, in the order in which the gates are asked. */
export const REASONS = [
  "disabled",
  "unsupported",
  "invalid",
  "schedule",
  "consent",
  "preferences",
  "quiet",
  "audience",
  "unknown",
  "goal-reached",
  "rollout",
  "frequency",
  "snoozed",
  "active",
  "budget",
  "guard",
  "outranked",
  "locale-missing",
  "variable-missing",
  "target-missing",
  "expired",
  "holdout",
] as const;
export type Reason = (typeof REASONS)[number];

/** Why a run ended: exactly one per run. */
export const END_REASONS = [
  "completed",
  "dismissed",
  "snoozed",
  "replaced",
  "goal-reached",
  "target-missing",
  "navigated",
  "stopped",
  "unpublished",
  "audience-left",
  "superseded",
  "error",
] as const;
export type EndReason = (typeof END_REASONS)[number];

export type Outcome = "shown" | "held" | "withheld";

/** The engine's answer for one flow at one moment. */
export interface Decision {
  /** Epoch milliseconds. */
  readonly at: number;
  /** User id, else anonymous id. */
  readonly user: string;
  readonly flow: FlowId;
  readonly outcome: Outcome;
  /** None when shown; `holdout` when withheld. */
  readonly reason?: Reason | undefined;
  /** What exactly: the leaf that is unknown, the limit that is full, the flow that outranked. */
  readonly detail?: string | undefined;
  /** What set it off. */
  readonly start: "trigger" | "manual" | "forced";
  readonly run?: RunId | undefined;
}
