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
export const sizeOf = (message: Message): number =>
  new TextEncoder().encode(JSON.stringify(message)).length + 1;

/** The longest row of messages from the first on that fits into so many bytes; `skips`: without those that do not fit. */
export function takeBatch(messages: readonly Message[], bytes: number, skips = false): Message[] {
  let left = bytes;
  return messages.filter((message) => {
    const size = sizeOf(message);
    const fits = size <= left;
    if (fits || !skips) left -= size;
    return fits;
  });
}

/** Neither damaged nor older than a week. */
export const isFresh = (message: Partial<Message> | null | undefined, now: number): message is Message =>
  now - Date.parse(message?.timestamp ?? "") <= MAX_AGE_MS && typeof message?.messageId === "string";
