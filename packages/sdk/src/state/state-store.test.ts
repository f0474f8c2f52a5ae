import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { describe, expect, it } from "vitest";
import { storeContract } from "../../test/store-contract.ts";
import type { Store } from "../ports.ts";
import { createFakeClock } from "../testing.ts";
import { createLocalStore } from "./local-store.ts";
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

/** `localStorage`, with room for so many characters. */
function fakeStorage(room = Number.POSITIVE_INFINITY): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (n) => [...values.keys()][n] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem(key, value) {
      const others = [...values].filter(([one]) => one !== key).flat();
      if ([...others, key, value].join("").length > room)
        throw new DOMException("full", "QuotaExceededError");
      values.set(key, value);
    },
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}

describe("localStorage store", () => {
  storeContract(() => {
    const storage = fakeStorage();
    return { open: () => createLocalStore(storage) };
  });

  it("writes all or nothing where it is full", async () => {
    const store = createLocalStore(fakeStorage(60));
    await store.put([["a", "old"]]);
    const full = store.put([
      ["a", "new"],
      ["c", "fresh"],
      ["b", "x".repeat(60)],
    ]);
    await expect(full).rejects.toThrow("full");
    const found = await Promise.all(["a", "b", "c"].map((key) => store.get(key)));
    expect(found).toEqual(["old", undefined, undefined]);
  });

  it("touches nothing of the host's, and leaves nothing behind when it is cleared", async () => {
    const storage = fakeStorage();
    storage.setItem("host", "1");
    const store = createLocalStore(storage);
    await store.put([["pk|a", 1]]);
    await store.clear("pk|");
    expect([storage.length, storage.getItem("host")]).toEqual([1, "1"]);
  });

  it("gives back what is damaged as nothing that makes sense", async () => {
    const storage = fakeStorage();
    storage.setItem("cairn:a", "{half");
    expect(await createLocalStore(storage).list("a", 9)).toEqual([null]);
  });
});

describe("ladder", () => {
  const clock = createFakeClock();
  const ladderOver = (first: () => Store) =>
    createLadder({ rungs: [first, async () => createMemoryStore()], clock });
  const failing = (act: () => Promise<never>): Store => ({
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
    ["rejects", () => failing(() => Promise.reject(new Error("UnknownError")))],
    [
      "throws at once",
      () =>
        failing(() => {
          throw new Error("InvalidStateError");
        }),
    ],
    ["hangs", () => failing(() => new Promise<never>(() => {}))],
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

  it("opens a rung anew twice before it leaves it, and leaves it for good", async () => {
    let opened = 0;
    const broken = () => {
      opened++;
      return failing(() => Promise.reject(new Error("closing")));
    };
    const store = createLadder({ rungs: [broken, broken, () => createMemoryStore()], clock });
    await Promise.all([store.put([["a", 1]]), store.put([["b", 2]])]);
    expect([opened, store.kind, await store.get("a"), await store.get("b")]).toEqual([6, "memory", 1, 2]);
  });

  it("goes on where opening it anew helps", async () => {
    let opened = 0;
    const good: Store = { ...createMemoryStore(), kind: "indexeddb" };
    const first = () =>
      opened++ < 2 ? failing(() => Promise.reject(new Error("closed by the browser"))) : good;
    const store = createLadder({ rungs: [first, () => createMemoryStore()], clock });
    await store.put([["a", 1]]);
    expect([store.kind, await good.get("a")]).toEqual(["indexeddb", 1]);
  });
});
