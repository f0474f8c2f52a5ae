import type { Message } from "@cairn/flow-schema";
import { judge } from "./judge.ts";
import { type Line, TIDY_EVERY } from "./line.ts";
import type { Outcome } from "./queue.ts";
import { tidyQueue } from "./tidy-queue.ts";

/** After so many failures in a row, batches are halved: the server may be failing on one event. */
const SUSPECT_AFTER = 3;
/** More than these failing alone means that the server fails on everything. */
const MAX_ASIDE = 20;
/** An event on which the server has failed so often, while it took others in between, is poison. */
const MAX_STRIKES = 10;

/** Brings the queue in order. It is too long by some where that fails: the next page tries again. */
export async function tidy(line: Line, now: number): Promise<void> {
  try {
    const { gone, room, dropped } = await tidyQueue(line.store, line.prefix, now);
    for (const { messageId } of gone) line.own.delete(messageId);
    line.room = Math.min(room, TIDY_EVERY);
    await count(line, dropped);
  } catch {}
}

/** So many more were given up. The page may end before the server can be told: the number is kept. */
async function count(line: Line, dropped: number): Promise<void> {
  if (!dropped) return;
  line.dropped += dropped;
  line.untold = dropped;
  await line.store.update(line.droppedKey, (before) => (Number(before) || 0) + dropped);
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
  // Without consent by now: nothing is written any more.
  if (line.stopped) return 0;
  const verdict = judge(outcome, { batchSize: batch.length, attempt: line.attempt, random, now });
  if (verdict === "split") line.size = Math.ceil(batch.length / 2);
  else if (verdict === "refused" || isPoison(line, batch, outcome)) {
    for (const { messageId } of batch) line.suspects.delete(messageId);
    await line.forget(batch);
    await count(line, batch.length);
  } else {
    if (verdict === "stop") line.stopped = true;
    else {
      line.attempt++;
      await suspect(line, batch, outcome);
      if (outcome) {
        line.notBefore = now + verdict;
        // For the other tabs, and for the page after this one.
        await line.store.put([[line.laterKey, line.notBefore]]);
      }
    }
    return verdict === "stop" ? 0 : verdict;
  }
  return undefined;
}

const isPoison = ({ suspects }: Line, [first, ...others]: readonly Message[], outcome?: Outcome): boolean =>
  outcome?.status === 500 && !others.length && (suspects.get(first?.messageId ?? "") ?? 0) >= MAX_STRIKES;

/** Looks for the one event on which a server fails: halves batches, and leaves out single events for a while. */
async function suspect(line: Line, batch: readonly Message[], outcome: Outcome | undefined): Promise<void> {
  const { aside, suspects, store, prefix } = line;
  const [first, ...others] = batch;
  if (outcome?.status !== 500 || !first || line.attempt <= SUSPECT_AFTER) return;
  if (others.length) line.size = Math.ceil(batch.length / 2);
  else if (aside.size < MAX_ASIDE) {
    // The only one that is left keeps its place: nothing can be learnt from leaving it out.
    const isLast = (await store.list(prefix, aside.size + 2)).length < aside.size + 2;
    if (isLast) return;
    suspects.set(first.messageId, suspects.get(first.messageId) ?? 0);
    aside.add(first.messageId);
  }
}

/**
 * The server has taken a batch after some that it has not: what it failed on alone is more suspect than before. It can be
 * told now how many were given up; when `save` resolves, the message that says so is stored.
 */
export async function afterTrouble(
  line: Line,
  batch: readonly Message[],
  tell: (dropped: number) => void,
  save: () => Promise<void>,
): Promise<void> {
  const { aside, suspects, store, droppedKey } = line;
  for (const { messageId } of batch) suspects.delete(messageId);
  for (const id of aside) suspects.set(id, (suspects.get(id) ?? 0) + 1);
  aside.clear();
  const dropped = Number(await store.get(droppedKey)) || 0;
  if (dropped) {
    tell(dropped);
    await save();
    await store.update(droppedKey, (all) => Number(all) - dropped || undefined);
  }
  line.untold = 0;
}
