import { RESERVED_PREFIX } from "@cairn/flow-schema";
import { validateMessage } from "@cairn/flow-schema/message";
import { markOf } from "../storage/guidance-mark.ts";
import { sightingsOf } from "../storage/sightings.ts";
import { isDots, isStorable } from "../storage/storable.ts";
import type { ArrivingEvent } from "../storage/storage.ts";
import { momentOf } from "./moment-of.ts";
import { skewOf, withoutSkew } from "./skew.ts";

/** Why a message cannot be stored. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export type RecordOrRefusal =
  | { readonly record: ArrivingEvent; readonly refusal?: never }
  | { readonly refusal: Refusal; readonly record?: never };

export interface Arrival {
  readonly receivedAt: number;
  readonly verified: boolean;
  readonly newId: () => string;
  /** Whether texts may hold control characters or half characters. @default true */
  readonly escaped?: boolean;
  /**
   * Milliseconds that the sender's clock is ahead of ours, from the batch's `sentAt`; `undefined`: it has none, and each
   * message's own is asked. @default undefined
   */
  readonly skew?: number | undefined;
}

const FEATURE_USED = "cairn.feature.used";
const ID_LIMIT = 256;
/** Most characters in one message, as JSON; Segment takes 32 kB. */
const MESSAGE_LIMIT = 65_536;

/**
 * One message of the Segment spec as it is stored, or why it cannot be. `timestamp` and `messageId` are filled in
 * where they are missing, and times are put right where the sender's clock is wrong; a bad value is refused, never
 * mended. `text`: the message as it was written, kept where
 * nothing had to be filled in or left out.
 */
export function toRecord(sent: unknown, arrival: Arrival, text?: string): RecordOrRefusal {
  const completed = complete(sent, arrival);
  const checked = validateMessage(completed);
  if (!checked.ok) {
    const { code, message, fix } = checked.problem;
    return { refusal: { code, message: `${message}; ${fix}` } };
  }
  const message = checked.value;
  const { messageId, type, userId = null, anonymousId = null } = message;
  const name = type === "track" ? (message.event ?? "") : `$${type}`;
  const accountId = (type === "group" ? message.groupId : message.context?.groupId) ?? null;
  if (accountId !== null && (typeof accountId !== "string" || accountId.length > ID_LIMIT))
    return refuse("wrong-type", `"context.groupId" must be text of 1 to ${ID_LIMIT} characters`);
  if (arrival.escaped !== false && ![messageId, name, userId, anonymousId, accountId].every(isStorable))
    return refuse("not-allowed-value", "an id or a name holds control characters or half a character");
  if (isDots(userId) || isDots(anonymousId) || isDots(accountId))
    return refuse(
      "not-allowed-value",
      'an id is "." or "..", which no address can hold: nobody could erase it',
    );

  const asSent = text !== undefined && text.length <= MESSAGE_LIMIT && (message as unknown) === sent;
  const body = asSent ? text : JSON.stringify(message);
  if (body.length > MESSAGE_LIMIT)
    return refuse("too-large", `the message is longer than ${MESSAGE_LIMIT} characters`);
  const recorded = name.startsWith(RESERVED_PREFIX);
  const mark = recorded && type === "track" ? markOf(name, message) : undefined;
  return {
    record: {
      messageId,
      type,
      name,
      at: momentOf(message.timestamp),
      receivedAt: arrival.receivedAt,
      verified: arrival.verified,
      userId,
      anonymousId,
      accountId: accountId === "" ? null : accountId,
      active: type === "page" || (type === "track" && (!recorded || name === FEATURE_USED)),
      body,
      sightings: sightingsOf(message, isStorable),
      ...(mark === undefined ? {} : { mark }),
    },
  };
}

/** Copies only where something is missing or not the sender's to say; most messages come back as they are. */
function complete(sent: unknown, { receivedAt, newId, skew: known }: Arrival): unknown {
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) return sent;
  const message = sent as { readonly [key: string]: unknown };
  const skew = known ?? (message.sentAt === undefined ? 0 : (skewOf(message.sentAt, receivedAt) ?? 0));
  if (
    skew === 0 &&
    typeof message.messageId === "string" &&
    message.timestamp !== undefined &&
    message.receivedAt === undefined &&
    message.verified === undefined
  )
    return sent;
  // What was received before (an export that comes back) was put right then, whatever clock sends it now.
  const mended =
    skew === 0 || message.receivedAt !== undefined ? message : withoutSkew(message, skew, receivedAt);
  const { receivedAt: _, verified: __, ...rest } = mended;
  return {
    ...rest,
    messageId: rest.messageId ?? newId(),
    timestamp: rest.timestamp ?? rest.originalTimestamp ?? new Date(receivedAt).toISOString(),
  };
}

function refuse(code: string, message: string): RecordOrRefusal {
  return { refusal: { code, message } };
}
