import type { Message } from "@cairn/flow-schema";

/** Decisions of the event queue: pure functions, so that every fault can be tried without a network. */

export const MAX_AGE_MS = 7 * 86_400_000;
const BASE_DELAY_MS = 1_000;
const MAX_DELAY_MS = 300_000;
const MAX_RETRY_AFTER_MS = 86_400_000;

/** What a server answered. */
export interface Outcome {
  readonly status: number;
  /** The server said, in its own words, that the events are stored. */
  readonly ok: boolean;
  readonly retryAfter: string | null;
}

/**
 * What to do with a batch after its request: forget it, because it is stored or will never be; send it again in
 * halves; send it again after so many milliseconds; or nothing more on this page (wrong key, wrong address), so that
 * the events stay for the next one.
 */
export type Verdict = "stored" | "refused" | "split" | "stop" | number;

/** Milliseconds until the moment in a `Retry-After` header, in either form; 0 where there is none. */
export function retryAfterMs(header: string | null, now: number): number {
  const text = header ?? "";
  const ms = /^\d+$/.test(text) ? +text * 1_000 : Date.parse(text) - now;
  // A day at most: a header with a mistake in it must not silence a device for good.
  return ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : 0;
}

/**
 * Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). `attempt` counts failures
 * in a row from 0; `random` is from 0 to 1.
 */
export const backoff = (attempt: number, random: number): number =>
  random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt);

/** Judges one request; `outcome` is `undefined` where no answer came. Never before the server's `Retry-After`. */
export function judge(outcome: Outcome | undefined, batchSize: number, delay: number, now: number): Verdict {
  if (!outcome) return delay;
  const { status, ok, retryAfter } = outcome;
  if (ok) return "stored";
  if (status === 413 && batchSize > 1) return "split";
  if (status === 413 || status === 400) return "refused";
  return status < 300 || status >= 500 || [408, 425, 429].includes(status)
    ? retryAfterMs(retryAfter, now) + delay
    : "stop";
}

/** What the message takes up in a batch, in bytes. */
export const sizeOf = (message: Message): number => new Blob([JSON.stringify(message)]).size + 1;

/** The longest row of messages from the first on that fits into so many bytes. */
export function takeBatch(messages: readonly Message[], bytes: number): Message[] {
  let left = bytes;
  let count = 0;
  for (const message of messages) {
    left -= sizeOf(message);
    if (left < 0) break;
    count++;
  }
  return messages.slice(0, count);
}

/** Neither damaged nor older than a week. */
export const isFresh = (message: Partial<Message> | null | undefined, now: number): message is Message =>
  now - Date.parse(message?.timestamp ?? "") <= MAX_AGE_MS && typeof message?.messageId === "string";
