import type { Store } from "../ports.ts";
import { createLocalStore } from "./local-store.ts";

/**
 * Brings back what an earlier page kept in `localStorage` because the database failed it: events into the queue, and
 * a person's state to whoever joins it. The rest, who the person is, the database knows better.
 */
export async function bringBack(ports: {
  store: Store;
  storage: Storage;
  environment: string;
  /** The state under a person's key. */
  heard(person: string, text: string): void;
}): Promise<void> {
  const { store, environment } = ports;
  // Still the rung in use.
  if (store.kind !== "indexeddb") return;
  const local = createLocalStore(ports.storage);
  const events = (await local.list(`${environment}|event|`, 2 ** 31)) as ({ messageId?: unknown } | null)[];
  await store.put(
    events.flatMap((event) =>
      typeof event?.messageId === "string"
        ? [[`${environment}|event|${event.messageId}`, event] as const]
        : [],
    ),
  );
  for (const key of local.keys(`${environment}|state|`)) {
    const saved = (await local.get(key)) as { text?: unknown } | null;
    if (typeof saved?.text === "string") ports.heard(key, saved.text);
  }
  await local.clear(`${environment}|`);
}
