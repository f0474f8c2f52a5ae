import { createStore, promisifyRequest, type UseStore } from "idb-keyval";
import type { Clock, Store } from "../ports.ts";

/** Longer than this means that the database hangs (a blocked upgrade, a broken profile). Milliseconds. */
export const STORE_TIMEOUT_MS = 1_000;

/** Everything that Cairn keeps in IndexedDB: one database, one object store, keys that begin with their kind. */
export function createIdbStore(): Store {
  const store: UseStore = createStore("cairn", "cairn");
  const range = (prefix: string) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const write = (fn: (keys: IDBObjectStore) => void): Promise<void> =>
    store("readwrite", (keys) => {
      fn(keys);
      // Without this the browser drops the transaction of a page that goes before its answers have come.
      keys.transaction.commit?.();
      return promisifyRequest(keys.transaction);
    });
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
      store(
        "readwrite",
        (keys) =>
          new Promise<void>((resolve, reject) => {
            const request: IDBRequest<unknown> = keys.get(key);
            request.onerror = () => reject(request.error);
            request.onsuccess = () => {
              try {
                const value = fn(request.result);
                if (value === undefined) keys.delete(key);
                else keys.put(value, key);
                resolve(promisifyRequest(keys.transaction));
              } catch (error) {
                reject(error);
              }
            };
          }),
      ),
    put: (entries) =>
      write((keys) => {
        for (const [key, value] of entries) keys.put(value, key);
      }),
    remove: (names) =>
      write((keys) => {
        for (const name of names) keys.delete(name);
      }),
    list: (prefix, limit) =>
      store("readonly", (keys) => promisifyRequest<unknown[]>(keys.getAll(range(prefix), limit))),
    clear: (prefix) =>
      write((keys) => {
        keys.delete(range(prefix));
      }),
  };
}

/**
 * Uses `first` until it fails or hangs once, `second` from then on; the operation that failed is repeated there.
 * What `first` held stays behind for the next page.
 */
export function createLadder(ports: { first: () => Store; second: Store; clock: Clock }): Store {
  let current: Store;
  try {
    current = ports.first();
  } catch {
    current = ports.second;
  }
  const run = async <T>(act: (store: Store) => Promise<T>): Promise<T> => {
    const store = current;
    if (store === ports.second) return act(store);
    let cancel = () => {};
    try {
      return await Promise.race([
        act(store),
        new Promise<never>((_, reject) => {
          cancel = ports.clock.after(STORE_TIMEOUT_MS, () => reject(new Error("storage hangs")));
        }),
      ]);
    } catch {
      current = ports.second;
      return act(current);
    } finally {
      cancel();
    }
  };
  return {
    get kind() {
      return current.kind;
    },
    get: (key) => run((store) => store.get(key)),
    update: (key, fn) => run((store) => store.update(key, fn)),
    put: (entries) => run((store) => store.put(entries)),
    remove: (keys) => run((store) => store.remove(keys)),
    list: (prefix, limit) => run((store) => store.list(prefix, limit)),
    clear: (prefix) => run((store) => store.clear(prefix)),
  };
}
