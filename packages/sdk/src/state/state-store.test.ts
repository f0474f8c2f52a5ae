import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { describe, expect, it } from "vitest";
import { storeContract } from "../../test/store-contract.ts";
import type { Store } from "../ports.ts";
import { createFakeClock } from "../testing.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createIdbStore, createLadder, STORE_TIMEOUT_MS } from "./state-store.ts";

describe("memory store", () => {
  storeContract(() => {
    const values = new Map<string, unknown>();
    return { open: () => createMemoryStore(values) };
  });
});

describe("IndexedDB store", () => {
  storeContract(() => {
    globalThis.indexedDB = new IDBFactory();
    return { open: createIdbStore };
  });

  it("lets go of the database when somebody wants to delete it", async () => {
    globalThis.indexedDB = new IDBFactory();
    await createIdbStore().get("a");
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase("cairn");
      request.onsuccess = resolve;
      request.onblocked = reject;
    });
  });
});

describe("ladder", () => {
  const clock = createFakeClock();
  const ladderOver = (first: () => Store) =>
    createLadder({ rungs: [first, async () => createMemoryStore()], clock });
  const broken = (act: () => Promise<never>): Store => ({
    kind: "indexeddb",
    get: act,
    update: act,
    put: act,
    list: act,
    clear: act,
  });
  const failures: [name: string, first: () => Store][] = [
    [
      "cannot be opened",
      () => {
        throw new Error("SecurityError");
      },
    ],
    ["rejects", () => broken(() => Promise.reject(new Error("UnknownError")))],
    [
      "throws at once",
      () =>
        broken(() => {
          throw new Error("InvalidStateError");
        }),
    ],
    ["hangs", () => broken(() => new Promise<never>(() => {}))],
  ];

  it.each(failures)("goes on in memory where the database %s", async (_, first) => {
    const store = ladderOver(first);
    const put = store.put([["a", 1]]);
    await clock.advance(STORE_TIMEOUT_MS);
    await put;
    expect(await store.get("a")).toBe(1);
    expect(store.kind).toBe("memory");
  });

  it("stays with the database while that works, and leaves no timer behind", async () => {
    const store = ladderOver(() => ({ ...createMemoryStore(), kind: "indexeddb" }));
    await store.put([["a", 1]]);
    expect(await store.get("a")).toBe(1);
    expect(store.kind).toBe("indexeddb");
    expect(clock.pending()).toBe(0);
  });
});
