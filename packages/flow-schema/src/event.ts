import type { Json } from "./condition.ts";

export type JsonObject = { readonly [key: string]: Json };

export const MESSAGE_TYPES = ["track", "identify", "group", "page"] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** Reserved for what Cairn itself records; hosts may not track names that begin so. */
export const RESERVED_PREFIX = "cairn.";

/** Names of the events that Cairn records, with the prefix. */
export const RECORDED_EVENTS = [
  "cairn.flow.decided",
  "cairn.flow.shown",
  "cairn.flow.withheld",
  "cairn.flow.held",
  "cairn.flow.completed",
  "cairn.flow.dismissed",
  "cairn.flow.snoozed",
  "cairn.flow.ended",
  "cairn.step.shown",
  "cairn.step.completed",
  "cairn.step.action",
  "cairn.target.missing",
  "cairn.target.fallback",
  "cairn.feature.used",
  "cairn.goal.reached",
  "cairn.error",
] as const;
export type RecordedEvent = (typeof RECORDED_EVENTS)[number];

/** What Cairn adds to `context` of each message it sends. */
export interface CairnContext {
  /** Session id; a session ends after 30 minutes without activity. */
  readonly session: string;
  /** Number of the message in its session and tab, from 1. */
  readonly seq: number;
  readonly tab: string;
  /** Version of the SDK. */
  readonly sdk: string;
  readonly run?: string;
  /** When the engine decided, ISO 8601; for recorded events of a run. */
  readonly decidedAt?: string;
}

export interface MessageContext {
  readonly page?: {
    readonly url?: string;
    readonly path?: string;
    readonly title?: string;
    readonly referrer?: string;
  };
  readonly locale?: string;
  readonly timezone?: string;
  readonly groupId?: string;
  readonly cairn?: CairnContext;
  readonly [key: string]: unknown;
}

/** One message of the Segment HTTP tracking spec (https://segment.com/docs/connections/spec/). */
export interface Message {
  readonly type: MessageType;
  readonly messageId: string;
  /** When it happened, ISO 8601 with zone. */
  readonly timestamp: string;
  readonly anonymousId?: string;
  readonly userId?: string;
  /** For `group`: the account's id. */
  readonly groupId?: string;
  /** For `track`. */
  readonly event?: string;
  /** For `page`. */
  readonly name?: string;
  readonly properties?: JsonObject;
  readonly traits?: JsonObject;
  readonly context?: MessageContext;
}

/** Body of `POST /v1/batch`. */
export interface Batch {
  readonly writeKey?: string;
  readonly sentAt?: string;
  readonly token?: string;
  readonly batch: readonly Message[];
}

/** One message that was refused for good; the others of its batch were stored. */
export interface Rejection {
  readonly id: string | null;
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

/** Answer to `POST /v1/batch`, given after commit. */
export interface BatchResult {
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: readonly Rejection[];
}
