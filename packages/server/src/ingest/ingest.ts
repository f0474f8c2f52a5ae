import type { BatchResult, Rejection } from "@cairn/flow-schema";
import type { UserClaims } from "../access/user-tokens.ts";
import { httpError } from "../errors.ts";
import { prototypeKey } from "../middleware/read-body.ts";
import { vouch } from "../people/vouch.ts";
import type { Caller } from "../server-env.ts";
import type { ArrivingEvent, Storage } from "../storage/storage.ts";
import type { Watch } from "../watch.ts";
import { skewOf } from "./skew.ts";
import { toRecord } from "./to-record.ts";

interface Ports {
  readonly storage: Storage;
  readonly now: () => number;
  readonly newId: () => string;
  readonly watch?: Watch;
}

/** Messages of one request, and what a look at its text said of all of them. */
export interface Arrived {
  readonly messages: readonly unknown[];
  /** Of every message, how it was written, without white space; `undefined` where that is not known. */
  readonly texts: readonly string[] | undefined;
  /** A word that reaches into prototypes is in the text, so each message is searched for it. */
  readonly suspicious: boolean;
  /** The text may hold control characters or half characters, so ids and names are searched for them. */
  readonly escaped: boolean;
  /** What a host has signed about one person, whose messages are in here. @default nothing */
  readonly claims?: UserClaims | undefined;
  /** When the batch left its sender, by the sender's clock. @default not known */
  readonly sentAt?: unknown;
}

/**
 * Stores the good messages of a batch and says which are bad; resolves after commit. Nothing of the messages is held
 * while that is awaited: what outlives a commit is what the garbage collector has to carry about.
 */
export async function ingest(
  { storage, now, newId, watch }: Ports,
  caller: Caller,
  { messages, texts, suspicious, escaped, claims, sentAt }: Arrived,
): Promise<BatchResult> {
  if (caller.kind === "secret" && !caller.scopes.has("events:write"))
    throw httpError("forbidden", 'This needs the scope "events:write".');
  const receivedAt = now();
  const skew = skewOf(sentAt, receivedAt);
  const arrival = { receivedAt, verified: caller.kind === "secret", newId, escaped, skew };
  const records: ArrivingEvent[] = [];
  const rejected: Rejection[] = [];
  for (let index = 0; index < messages.length; index++) {
    const sent = messages[index];
    const { message, verified } = claims ? vouch(claims, sent) : { message: sent, verified: false };
    const key = suspicious ? prototypeKey(message) : undefined;
    const { record, refusal } =
      key === undefined
        ? toRecord(
            message,
            verified ? { ...arrival, verified } : arrival,
            message === sent ? texts?.[index] : undefined,
          )
        : { refusal: { code: "forbidden-key", message: `the key "${key}" is not allowed` } };
    if (record !== undefined) records.push(record);
    else rejected.push({ id: idOf(message), index, ...refusal });
  }
  const stored =
    records.length === 0
      ? Promise.resolve({ accepted: 0, duplicate: 0 })
      : storage.append(caller.environment, records);
  return stored.then(({ accepted, duplicate }) => {
    watch?.events({ accepted, duplicate, rejected: rejected.length });
    return { accepted, duplicate, rejected };
  });
}

function idOf(message: unknown): string | null {
  if (typeof message !== "object" || message === null) return null;
  const { messageId } = message as { messageId?: unknown };
  return typeof messageId === "string" ? messageId.slice(0, 256) : null;
}
