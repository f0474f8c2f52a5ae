import type { EventRecord } from "../storage/storage.ts";

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export type RecordOrRefusal =
  | { readonly record: EventRecord; readonly refusal?: never }
  | { readonly refusal: Refusal; readonly record?: never };

interface Arrival {
  readonly receivedAt: number;
  readonly verified: boolean;
  readonly newId: () => string;
}

const RECORDED_PREFIX = "cairn.";
const FEATURE_USED = "cairn.feature.used";
const ID_LIMIT = 256;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f]/;

/**
 * One message of the Segment spec as it is stored, or why it cannot be. `timestamp` and `messageId` are filled in
 * where they are missing; a bad value is refused, never mended.
 */
export function toRecord(value: unknown, arrival: Arrival): RecordOrRefusal {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse("wrong-type", "a message is an object");
  const message = value as Record<string, unknown>;
  const { type } = message;
  if (type !== "track" && type !== "identify" && type !== "group" && type !== "page")
    return refuse(
      "wrong-type",
      `type is ${JSON.stringify(type) ?? "missing"}; write track, identify, group or page`,
    );

  const messageId =
    message.messageId === undefined || message.messageId === null ? arrival.newId() : message.messageId;
  if (!isName(messageId)) return refuse("bad-id", `messageId must be 1–${ID_LIMIT} printable characters`);
  const { userId = null, anonymousId = null } = message;
  if ((userId !== null && !isName(userId)) || (anonymousId !== null && !isName(anonymousId)))
    return refuse("bad-id", `userId and anonymousId must be 1–${ID_LIMIT} printable characters`);
  if (userId === null && anonymousId === null)
    return refuse("missing-field", "userId or anonymousId is needed");

  const stamp = message.timestamp ?? message.originalTimestamp;
  const at = stamp === undefined ? arrival.receivedAt : parseTimestamp(stamp);
  if (at === undefined) return refuse("bad-time", "timestamp must be ISO 8601 with a zone");

  let name = `$${type}`;
  if (type === "track") {
    if (!isName(message.event)) return refuse("missing-field", "event must be the name of what happened");
    name = message.event;
  }
  const accountId = accountOf(message, type);
  if (accountId === undefined) return refuse("bad-id", `groupId must be 1–${ID_LIMIT} printable characters`);

  const { receivedAt: _, verified: __, ...rest } = message;
  return {
    record: {
      messageId,
      type,
      name,
      at,
      receivedAt: arrival.receivedAt,
      verified: arrival.verified,
      userId,
      anonymousId,
      accountId,
      active:
        type === "page" || (type === "track" && (!name.startsWith(RECORDED_PREFIX) || name === FEATURE_USED)),
      body: JSON.stringify({ ...rest, messageId, timestamp: stamp ?? new Date(at).toISOString() }),
    },
  };
}

/** The account a message names; `null` for none, `undefined` for one that cannot be an id. */
function accountOf(message: Record<string, unknown>, type: EventRecord["type"]): string | null | undefined {
  if (type === "group") return isName(message.groupId) ? message.groupId : undefined;
  const { context } = message;
  const groupId =
    typeof context === "object" && context !== null ? (context as { groupId?: unknown }).groupId : null;
  if (groupId === undefined || groupId === null) return null;
  return isName(groupId) ? groupId : undefined;
}

/** Half of a pair: no store can keep it as UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function isName(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.length > 0 &&
    value.length <= ID_LIMIT &&
    !UNPRINTABLE.test(value) &&
    !LONE_SURROGATE.test(value)
  );
}

const ISO_WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

function parseTimestamp(value: unknown): number | undefined {
  if (typeof value !== "string" || !ISO_WITH_ZONE.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}

function refuse(code: string, message: string): RecordOrRefusal {
  return { refusal: { code, message } };
}
