import { createStore, promisifyRequest } from "idb-keyval";
import type { Clock, Store } from "../ports.ts";

/**
 * Longer than this means that the database hangs (a blocked upgrade, a broken profile), and not only a tab that has it
 * for itself just now: whoever leaves it for nothing becomes somebody new. Milliseconds.
 */
export const STORE_TIMEOUT_MS = 4_000;

/** Everything that Cairn keeps in IndexedDB: one database, one object store, keys that begin with their kind. */
export function createIdbStore(): Store {
  let store = createStore("cairn", "cairn");
  const open = new Set<IDBTransaction>();
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
  /**
   * Ends the transaction with this: the browser drops that of a page that goes before its answers have come, and that
   * of a page that is frozen would shut all other tabs out.
   */
  const only = async <T>(keys: IDBObjectStore, request: IDBRequest<T>): Promise<T> => {
    keys.transaction.commit?.();
    return promisifyRequest(request);
  };
  return {
    kind: "indexeddb",
    get: (key) => run("readonly", (keys) => only(keys, keys.get(key))),
    // One transaction for reading and writing: `get` then `set` from two tabs loses writes.
    update: (key, fn, also = []) =>
      run("readwrite", async (keys) => {
        const { transaction } = keys;
        open.add(transaction);
        try {
          write(keys, key, fn(await promisifyRequest(keys.get(key))));
          for (const [one, value] of also) write(keys, one, value);
          await done(keys);
        } finally {
          open.delete(transaction);
        }
      }),
    put: (entries) =>
      run("readwrite", (keys) => {
        for (const [key, value] of entries) write(keys, key, value);
        keys.transaction.commit?.();
        return done(keys);
      }),
    list: (prefix, limit) => run("readonly", (keys) => only(keys, keys.getAll(range(prefix), limit))),
    clear: (prefix) => run("readwrite", (keys) => only(keys, keys.delete(range(prefix)))),
    rest() {
      for (const transaction of open)
        try {
          transaction.abort();
        } catch {
          // It is over already.
        }
    },
  };
}

/**
 * Uses the first rung until it fails or hangs, then the next, for as long as the page lives; the operation that failed is
 * repeated there. A rung that fails is tried twice more, opened anew: browsers close databases for reasons of their own,
 * and several operations of one moment meet that more than once. What a rung held stays behind for the next page.
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
  let rest: Store["rest"];

  async function run<T>(act: (store: Store) => Promise<T>): Promise<T> {
    for (;;) {
      const mine = at;
      let cancel = () => {};
      let used: typeof current;
      try {
        current ??= rungs[at]?.();
        used = current;
        const late = new Promise<never>((_, reject) => {
          // In two parts: a page that stood still gets the answers that came meanwhile before it judges.
          const half = (fn: () => void) => {
            cancel = clock.after(STORE_TIMEOUT_MS / 2, fn);
          };
          half(() => half(() => reject(0)));
        });
        const store = await (used as Promise<Store>);
        ({ kind, rest } = store);
        const result = await (at === rungs.length - 1 ? act(store) : Promise.race([act(store), late]));
        tries = 0;
        return result;
      } catch (error) {
        if (mine >= rungs.length - 1) throw error;
        // Several operations may fail of the same fault: it counts once. What hangs is not tried again.
        if (mine === at && used === current) {
          current = undefined;
          if (!error || !used || ++tries > 2) {
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
    rest: () => rest?.(),
  };
}
