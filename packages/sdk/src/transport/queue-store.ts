import type { Message } from "@cairn/flow-schema";
import type { Store } from "../ports.ts";

/** Messages that wait for the server, oldest first. */
export interface QueueStore {
  add(messages: readonly Message[]): Promise<void>;
  /** The oldest messages, at most `limit`. */
  first(limit: number): Promise<Message[]>;
  remove(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
}

const isMessage = (value: unknown): value is Message =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as Message).messageId === "string" &&
  typeof (value as Message).timestamp === "string";

/**
 * One key per message: an array under one key would be read and written whole for each event. Ids are UUIDv7, so
 * the order of keys is the order in which they were made.
 */
export function createQueueStore(store: Store, environment: string): QueueStore {
  const prefix = `event|${environment}|`;
  return {
    add: (messages) => store.put(messages.map((message) => [prefix + message.messageId, message])),
    async first(limit) {
      const values = await store.list(prefix, limit);
      const messages = values.filter(isMessage);
      // Damaged entries cannot be named, and would stand at the head of the queue for ever.
      if (messages.length < values.length) {
        await store.clear(prefix);
        await this.add(messages);
      }
      return messages;
    },
    remove: (ids) => store.remove(ids.map((id) => prefix + id)),
    clear: () => store.clear(prefix),
  };
}
