import type { Message } from "@cairn/flow-schema";
import type { Store } from "../ports.ts";
import { isFresh, sizeOf } from "./queue.ts";

/** What may wait on one device; the least valuable goes first. */
export const MAX_QUEUED_EVENTS = 5_000;
export const MAX_QUEUED_BYTES = 5_000_000;
/** Where it is too much, so many more go: looking through it all takes a while, and is not for every single event. */
const SPARE_EVENTS = 100;
const SPARE_BYTES = 100_000;

/** The lower, the sooner it goes. What people did is worth more than why something was not shown. */
function worth({ type, event = "" }: Message): number {
  if (event === "cairn.flow.held" || event === "cairn.flow.decided") return 0;
  if (event.startsWith("cairn.target.") || event === "cairn.error") return 1;
  if (type === "page") return 2;
  return event.startsWith("cairn.step.") ? 3 : 4;
}

export interface Eviction {
  /** The messages that must go to keep the caps: too old first, then least worth, then oldest. */
  readonly gone: readonly Message[];
  /** With so many more, it may be too much again. */
  readonly room: number;
}

export function evict(messages: readonly Message[], now: number): Eviction {
  const isYoung = (message: Message): boolean => isFresh(message, now);
  const gone = messages.filter((message) => !isYoung(message));
  const kept = messages.filter(isYoung).map((message) => ({ message, bytes: sizeOf(message) }));
  let count = kept.length;
  let bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
  const isTooMuch = count > MAX_QUEUED_EVENTS || bytes > MAX_QUEUED_BYTES;
  // The sort is stable, and messages come oldest first.
  for (const one of isTooMuch ? kept.sort((a, b) => worth(a.message) - worth(b.message)) : []) {
    if (count <= MAX_QUEUED_EVENTS - SPARE_EVENTS && bytes <= MAX_QUEUED_BYTES - SPARE_BYTES) break;
    gone.push(one.message);
    count--;
    bytes -= one.bytes;
  }
  const mean = bytes / count || 1;
  const room = Math.min(MAX_QUEUED_EVENTS - count, Math.floor((MAX_QUEUED_BYTES - bytes) / mean)) + 1;
  return { gone, room };
}

/** Takes out of the queue what is damaged, too old or too much. */
export async function tidyQueue(
  store: Store,
  prefix: string,
  now: number,
): Promise<Eviction & { dropped: number }> {
  const values = (await store.list(prefix, 2 ** 31)) as (Message | null)[];
  const messages = values.filter((value) => typeof value?.messageId === "string") as Message[];
  const eviction = evict(messages, now);
  const damaged = values.length - messages.length;
  // They cannot be named, and would stand at the head of the queue for ever.
  if (damaged) {
    await store.clear(prefix);
    await store.put(messages.map((message) => [prefix + message.messageId, message]));
  }
  await store.put(eviction.gone.map(({ messageId }) => [prefix + messageId, undefined]));
  return { ...eviction, dropped: damaged + eviction.gone.length };
}
