import { createStore, promisifyRequest } from "idb-keyval";
import type { Clock, Store } from "../ports.ts";

/** Longer than this means that the database hangs (a blocked upgrade, a broken profile). Milliseconds. */
export const STORE_TIMEOUT_MS = 1_000;

/** Everything that Cairn keeps in IndexedDB: one database, one object store, keys that begin with their kind. */
export function createIdbStore(): Store {
  let store = createStore("cairn", "cairn");
  /** Every transaction sees to it that an open page blocks nobody who wants to delete the database. */
  const run = <T>(mode: IDBTransactionMode, act: (keys: IDBObjectStore) => PromiseLike<T>): Promise<T> =>
    store(mode, (keys) => {
      const { db } = keys.transaction;
      db.onversionchange = () => {
        db.close();
        // What comes later opens what is there then.
        store = createStore("cairn", "cairn");
      };
      return act(keys);
    });
  const range = (prefix: string) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const write = (keys: IDBObjectStore, key: string, value: unknown) =>
    value === undefined ? keys.delete(key) : keys.put(value, key);
  const done = (keys: IDBObjectStore) => promisifyRequest(keys.transaction);
  return {
    kind: "indexeddb",
    get: (key) => run("readonly", (keys) => promisifyRequest(keys.get(key))),
    // One transaction for reading and writing: `get` then `set` from two tabs loses writes.
    update: (key, fn, also = []) =>
      run("readwrite", async (keys) => {
        write(keys, key, fn(await promisifyRequest(keys.get(key))));
        for (const [one, value] of also) write(keys, one, value);
        return done(keys);
      }),
    put: (entries) =>
      run("readwrite", (keys) => {
        for (const [key, value] of entries) write(keys, key, value);
        // Without this the browser drops the transaction of a page that goes before its answers have come.
        keys.transaction.commit?.();
        return done(keys);
      }),
    list: (prefix, limit) => run("readonly", (keys) => promisifyRequest(keys.getAll(range(prefix), limit))),
    clear: (prefix) => run("readwrite", (keys) => promisifyRequest(keys.delete(range(prefix)))),
  };
}

/**
 * Uses the first rung until it fails or hangs, then the next, for as long as the page lives; the operation that failed is
 * repeated there. A rung that fails once is tried once more, opened anew: browsers close databases for reasons of their
 * own. What a rung held stays behind for the next page.
 */
export function createLadder(ports: {
  /** The last one never fails. */
  rungs: readonly (() => Store | Promise<Store>)[];
  clock: Clock;
}): Store {
  const { rungs, clock } = ports;
  let at = 0;
  let tries = 0;
  let current: Store | Promise<Store> | undefined;
  let kind: Store["kind"] = "indexeddb";

  async function run<T>(act: (store: Store) => Promise<T>): Promise<T> {
    for (;;) {
      const mine = at;
      let cancel = () => {};
      let used: typeof current;
      try {
        current ??= rungs[at]?.();
        used = current;
        const late = new Promise<never>((_, reject) => {
          cancel = clock.after(STORE_TIMEOUT_MS, () => reject(0));
        });
        const store = await (used as Promise<Store>);
        kind = store.kind;
        const result = await (at === rungs.length - 1 ? act(store) : Promise.race([act(store), late]));
        tries = 0;
        return result;
      } catch (error) {
        if (mine >= rungs.length - 1) throw error;
        // Several operations may fail of the same fault: it counts once. What hangs is not tried again.
        if (mine === at && used === current) {
          current = undefined;
          if (!error || !used || ++tries > 1) {
            at++;
            tries = 0;
          }
        }
      } finally {
        cancel();
      }
    }
  }
  return {
    get kind() {
      return kind;
    },
    get: (key) => run((store) => store.get(key)),
    update: (key, fn, also) => run((store) => store.update(key, fn, also)),
    put: (entries) => run((store) => store.put(entries)),
    list: (prefix, limit) => run((store) => store.list(prefix, limit)),
    clear: (prefix) => run((store) => store.clear(prefix)),
  };
}
