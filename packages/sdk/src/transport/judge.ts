import type { Outcome } from "./queue.ts";

/** What follows a request that went wrong: pure functions, so that every fault can be tried without a network. */

const BASE_DELAY_MS = 5_000;
const MAX_DELAY_MS = 300_000;
export const MAX_RETRY_AFTER_MS = 86_400_000;

/**
 * What to do with a batch after its request: forget it, because it will never be accepted; send it again in halves; send it again after so many milliseconds; or nothing more on this page (wrong key, wrong address), so that
 * the events stay for the next one.
 */
export type Verdict = "refused" | "split" | "stop" | number;

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

/**
 * Judges a request that the server has not accepted; `outcome` is `undefined` where no answer came. `attempt` counts
 * failures in a row from 0; `random` is from 0 to 1. Never before the server's `Retry-After`, and spread out after it:
 * all clients may have been told the same moment.
 */
export function judge(
  outcome: Outcome | undefined,
  { batchSize, attempt, random, now }: { batchSize: number; attempt: number; random: number; now: number },
): Verdict {
  const delay = backoff(attempt, random);
  if (!outcome) return delay;
  const { status, retryAfter } = outcome;
  if (status === 413 && batchSize > 1) return "split";
  if (status === 413 || status === 400) return "refused";
  if (status >= 300 && status < 500 && ![408, 425, 429].includes(status)) return "stop";
  const later = retryAfterMs(retryAfter, now);
  return later + Math.max(delay, random * Math.min(later, MAX_DELAY_MS));
}
