import type { Entries, Store } from "../ports.ts";

/** What the keys begin with, so that nothing of the host's is touched. */
export const LOCAL_PREFIX = "cairn:";

/**
 * The second rung: `localStorage`, for browsers whose IndexedDB fails. Each operation is one synchronous stretch of
 * code, as atomic as browsers make it. Throws where it may not be used, rejects where it is full.
 */
export function createLocalStore(storage: Storage): Store & { keys(prefix: string): string[] } {
  // Refused here, as where cookies are blocked, and not at the first event; and a mark for the pages after this one.
  storage.setItem(LOCAL_PREFIX, "1");
  const read = (key: string): unknown => {
    const text = storage.getItem(LOCAL_PREFIX + key);
    try {
      return text === null ? undefined : JSON.parse(text);
    } catch {
      // Damaged: for the reader to judge, as any other value that makes no sense.
      return null;
    }
  };
  const write = (key: string, value: unknown) => {
    if (value === undefined) storage.removeItem(LOCAL_PREFIX + key);
    else storage.setItem(LOCAL_PREFIX + key, JSON.stringify(value));
  };
  /** All or nothing: what was written before the one that does not fit is taken back. */
  function writeAll(entries: Entries): void {
    const before: [string, string | null][] = [];
    try {
      for (const [key, value] of entries) {
        before.unshift([key, storage.getItem(LOCAL_PREFIX + key)]);
        write(key, value);
      }
    } catch (error) {
      for (const [key] of before) storage.removeItem(LOCAL_PREFIX + key);
      for (const [key, text] of before) if (text !== null) storage.setItem(LOCAL_PREFIX + key, text);
      throw error;
    }
  }
  const keysWith = (prefix: string): string[] =>
    Array.from({ length: storage.length }, (_, n) => storage.key(n) ?? "")
      .filter((key) => key.startsWith(LOCAL_PREFIX + prefix))
      .map((key) => key.slice(LOCAL_PREFIX.length))
      .sort();
  return {
    kind: "localstorage",
    keys: keysWith,
    async get(key) {
      return read(key);
    },
    async update(key, fn, also = []) {
      writeAll([[key, fn(read(key))], ...also]);
    },
    async put(entries) {
      writeAll(entries);
    },
    async list(prefix, limit) {
      return keysWith(prefix).slice(0, limit).map(read);
    },
    async clear(prefix) {
      for (const key of keysWith(prefix)) write(key, undefined);
      if (keysWith("").length === 1) storage.removeItem(LOCAL_PREFIX);
    },
  };
}
