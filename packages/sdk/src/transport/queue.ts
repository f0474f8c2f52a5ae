import type { Message } from "@cairn/flow-schema";

/** Decisions of the event queue: pure functions, so that every fault can be tried without a network. */

export const MAX_BATCH_EVENTS = 100;
export const MAX_BATCH_BYTES = 200_000;
/** Browsers refuse keepalive bodies that exceed 64 KiB in all. */
export const MAX_COPY_BYTES = 60_000;
/** What may wait on one device; the least valuable goes first. */
export const MAX_QUEUED_EVENTS = 5_000;
export const MAX_QUEUED_BYTES = 5_000_000;
export const MAX_AGE_MS = 7 * 86_400_000;
const BASE_DELAY_MS = 1_000;
const MAX_DELAY_MS = 300_000;

/** What came of one request. `ok`: the server said, in its own words, that the events are stored. */
export type Outcome =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly ok: boolean;
      readonly retryAfter: string | null;
    }
  | { readonly kind: "lost" };

/** What to do with a batch after its request. */
export type Verdict =
  | { readonly kind: "delete" }
  | { readonly kind: "retry"; readonly afterMs: number }
  /** Send again in halves. */
  | { readonly kind: "split" }
  /** Will never be accepted: set aside and count. */
  | { readonly kind: "drop" }
  /** Nothing will be accepted on this page (wrong key, wrong address); the events stay for the next one. */
  | { readonly kind: "stop" };

/** Milliseconds until the moment in a `Retry-After` header, in either form; 0 where there is none. */
export function retryAfterMs(header: string | null, now: number): number {
  const text = header?.trim() ?? "";
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  // A day at most: a header with a mistake in it must not silence a device for good.
  return ms > 0 ? Math.min(ms, 86_400_000) : 0;
}

/**
 * Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), never before the
 * server's `Retry-After`. `attempt` counts failures in a row from 0; `random` is from 0 to 1.
 */
export function judge(
  outcome: Outcome,
  context: { attempt: number; batchSize: number; random: number; now: number },
): Verdict {
  const backoff = context.random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** Math.min(context.attempt, 20));
  if (outcome.kind === "lost") return { kind: "retry", afterMs: backoff };
  const { status, ok, retryAfter } = outcome;
  if (ok) return { kind: "delete" };
  if (status === 413) return { kind: context.batchSize > 1 ? "split" : "drop" };
  if (status === 400) return { kind: "drop" };
  if (status < 300 || status >= 500 || status === 408 || status === 425 || status === 429)
    return { kind: "retry", afterMs: retryAfterMs(retryAfter, context.now) + backoff };
  return { kind: "stop" };
}

const encoder = () => {
  const text = new TextEncoder();
  return (message: Message) => text.encode(JSON.stringify(message)).length + 1;
};

/** The longest row of messages from the first on that fits; always at least one where `force` is set. */
export function takeBatch(
  messages: readonly Message[],
  limit: { events: number; bytes: number; force: boolean },
): Message[] {
  const sizeOf = encoder();
  const batch: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    bytes += sizeOf(message);
    if (batch.length >= limit.events || (bytes > limit.bytes && !(limit.force && batch.length === 0))) break;
    batch.push(message);
  }
  return batch;
}

/** The lower, the sooner it goes. What people did is worth more than why something was not shown. */
function worth({ type, event = "" }: Message): number {
  if (event === "cairn.flow.held" || event === "cairn.flow.decided") return 0;
  if (event.startsWith("cairn.target.") || event === "cairn.error") return 1;
  if (type === "page") return 2;
  return event.startsWith("cairn.step.") ? 3 : 4;
}

/** Ids of the messages that must go to keep the caps: too old first, then least worth, then oldest. */
export function evict(messages: readonly Message[], now: number): string[] {
  const sizeOf = encoder();
  const gone: string[] = [];
  const kept: { message: Message; bytes: number }[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (now - Date.parse(message.timestamp) > MAX_AGE_MS) gone.push(message.messageId);
    else {
      const size = sizeOf(message);
      bytes += size;
      kept.push({ message, bytes: size });
    }
  }
  let count = kept.length;
  // The sort is stable, and messages come oldest first.
  for (const { message, bytes: size } of kept.sort((a, b) => worth(a.message) - worth(b.message))) {
    if (count <= MAX_QUEUED_EVENTS && bytes <= MAX_QUEUED_BYTES) break;
    gone.push(message.messageId);
    count--;
    bytes -= size;
  }
  return gone;
}
