import type { Message } from "@cairn/flow-schema";
import { backoff, judge } from "./judge.ts";
import { type Line, TIDY_EVERY } from "./line.ts";
import type { Outcome } from "./queue.ts";
import { tidyQueue } from "./tidy-queue.ts";

/** Brings the queue in order. It is too long by some where that fails: the next page tries again. */
export async function tidy(line: Line, now: number): Promise<void> {
  line.sinceTidy = 0;
  try {
    const gone = await tidyQueue(line.store, line.prefix, now);
    for (const { messageId } of gone) line.own.delete(messageId);
    line.dropped += gone.length;
  } catch {}
}

/**
 * What to do about a batch that the server has not accepted: the pause before it is tried again, in milliseconds, or
 * `undefined` to go on at once.
 */
export async function afterFailure(
  line: Line,
  batch: readonly Message[],
  outcome: Outcome | undefined,
  random: number,
  now: number,
): Promise<number | undefined> {
  const delay = backoff(line.attempt, random);
  const verdict = judge(outcome, { batchSize: batch.length, delay, now });
  if (verdict === "split") line.size = Math.ceil(batch.length / 2);
  else if (verdict === "refused") {
    line.dropped += batch.length;
    await line.forget(batch);
  } else {
    if (verdict === "stop") line.stopped = true;
    else {
      line.attempt++;
      if (outcome) line.notBefore = now + verdict;
    }
    if (line.sinceTidy >= TIDY_EVERY) await tidy(line, now);
    return verdict === "stop" ? 0 : verdict;
  }
  return undefined;
}
