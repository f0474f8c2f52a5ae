import type { Message } from "@cairn/flow-schema";
import type { Store } from "../ports.ts";
import { isFresh, sizeOf } from "./queue.ts";

/** What may wait on one device; the least valuable goes first. */
export const MAX_QUEUED_EVENTS = 5_000;
export const MAX_QUEUED_BYTES = 5_000_000;

/** The lower, the sooner it goes. What people did is worth more than why something was not shown. */
function worth({ type, event = "" }: Message): number {
  if (event === "cairn.flow.held" || event === "cairn.flow.decided") return 0;
  if (event.startsWith("cairn.target.") || event === "cairn.error") return 1;
  if (type === "page") return 2;
  return event.startsWith("cairn.step.") ? 3 : 4;
}

/** The messages that must go to keep the caps: too old first, then least worth, then oldest. */
export function evict(messages: readonly Message[], now: number): Message[] {
  const isYoung = (message: Message): boolean => isFresh(message, now);
  const gone = messages.filter((message) => !isYoung(message));
  const kept = messages.filter(isYoung).map((message) => ({ message, bytes: sizeOf(message) }));
  let count = kept.length;
  let bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
  // The sort is stable, and messages come oldest first.
  for (const one of kept.sort((a, b) => worth(a.message) - worth(b.message))) {
    if (count <= MAX_QUEUED_EVENTS && bytes <= MAX_QUEUED_BYTES) break;
    gone.push(one.message);
    count--;
    bytes -= one.bytes;
  }
  return gone;
}

/** Takes out of the queue what is damaged, too old or too much. Tells which messages had to go. */
export async function tidyQueue(store: Store, prefix: string, now: number): Promise<Message[]> {
  const values = (await store.list(prefix, 2 ** 31)) as (Message | null)[];
  const messages = values.filter((value) => typeof value?.messageId === "string") as Message[];
  const gone = evict(messages, now);
  // Damaged entries cannot be named, and would stand at the head of the queue for ever.
  if (messages.length < values.length) {
    await store.clear(prefix);
    await store.put(messages.map((message) => [prefix + message.messageId, message]));
  }
  await store.put(gone.map(({ messageId }) => [prefix + messageId, undefined]));
  return gone;
}
