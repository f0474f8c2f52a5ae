import { createStore, promisifyRequest } from "idb-keyval";
import type { Clock, Store } from "../ports.ts";

/** Longer than this means that the database hangs (a blocked upgrade, a broken profile). Milliseconds. */
export const STORE_TIMEOUT_MS = 1_000;

/** Everything that Cairn keeps in IndexedDB: one database, one object store, keys that begin with their kind. */
export function createIdbStore(): Store {
  const store = createStore("cairn", "cairn");
  const range = (prefix: string) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const write = (keys: IDBObjectStore, key: string, value: unknown) =>
    value === undefined ? keys.delete(key) : keys.put(value, key);
  const done = (keys: IDBObjectStore) => promisifyRequest(keys.transaction);
  return {
    kind: "indexeddb",
    get: (key) =>
      store("readonly", (keys) => {
        const { db } = keys.transaction;
        // Without this an open page would block whoever wants to delete the database.
        db.onversionchange = () => db.close();
        return promisifyRequest(keys.get(key));
      }),
    // One transaction for reading and writing: `get` then `set` from two tabs loses writes.
    update: (key, fn) =>
      store("readwrite", async (keys) => {
        write(keys, key, fn(await promisifyRequest(keys.get(key))));
        return done(keys);
      }),
    put: (entries) =>
      store("readwrite", (keys) => {
        for (const [key, value] of entries) write(keys, key, value);
        // Without this the browser drops the transaction of a page that goes before its answers have come.
        keys.transaction.commit?.();
        return done(keys);
      }),
    list: (prefix, limit) => store("readonly", (keys) => promisifyRequest(keys.getAll(range(prefix), limit))),
    clear: (prefix) => store("readwrite", (keys) => promisifyRequest(keys.delete(range(prefix)))),
  };
}

/**
 * Uses `first` until it fails or hangs once, `second` from then on; the operation that failed is repeated there.
 * What `first` held stays behind for the next page.
 */
export function createLadder(ports: {
  first: () => Store;
  second: () => Promise<Store>;
  clock: Clock;
}): Store {
  let first: Store | undefined;
  let second: Promise<Store> | undefined;
  try {
    first = ports.first();
  } catch {
    // Refused at once, as where cookies are blocked.
  }
  async function run<T>(act: (store: Store) => Promise<T>): Promise<T> {
    let cancel = () => {};
    if (first)
      try {
        const late = new Promise<never>((_, reject) => {
          cancel = ports.clock.after(STORE_TIMEOUT_MS, reject);
        });
        return await Promise.race([act(first), late]);
      } catch {
        first = undefined;
      } finally {
        cancel();
      }
    second ??= ports.second();
    return act(await second);
  }
  return {
    get kind() {
      return first ? "indexeddb" : "memory";
    },
    get: (key) => run((store) => store.get(key)),
    update: (key, fn) => run((store) => store.update(key, fn)),
    put: (entries) => run((store) => store.put(entries)),
    list: (prefix, limit) => run((store) => store.list(prefix, limit)),
    clear: (prefix) => run((store) => store.clear(prefix)),
  };
}
