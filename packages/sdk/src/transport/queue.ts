import type { Message } from "@cairn/flow-schema";

/** The event queue's pure part. */

export const MAX_AGE_MS = 7 * 86_400_000;

/** What a server answered. */
export interface Outcome {
  readonly status: number;
  /** The server said, in its own words, that the events are stored. */
  readonly ok: boolean;
  readonly retryAfter: string | null;
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
