import { expect, it } from "vitest";
import type { Store } from "../src/ports.ts";

/** What every store must do. `open` gives a new view of the same storage, as another tab would have it. */
export function storeContract(setUp: () => { open: () => Store }): void {
  it("gives back what was put, and nothing for an unknown key", async () => {
    const store = setUp().open();
    await store.put([
      ["a", { n: 1 }],
      ["b", "two"],
    ]);
    expect(await store.get("a")).toEqual({ n: 1 });
    expect(await store.get("b")).toBe("two");
    expect(await store.get("c")).toBeUndefined();
  });

  it("lists the values of a prefix in the order of keys, up to the limit", async () => {
    const store = setUp().open();
    await store.put([
      ["event|k|3", 3],
      ["event|k|1", 1],
      ["event|other|0", 0],
      ["event|k|2", 2],
      ["state|k", "s"],
    ]);
    expect(await store.list("event|k|", 10)).toEqual([1, 2, 3]);
    expect(await store.list("event|k|", 2)).toEqual([1, 2]);
    expect(await store.list("nothing|", 2)).toEqual([]);
  });

  it("removes single keys and whole prefixes, and leaves the rest", async () => {
    const store = setUp().open();
    await store.put([
      ["a|1", 1],
      ["a|2", 2],
      ["b|1", 3],
    ]);
    await store.put([
      ["a|1", undefined],
      ["never-there", undefined],
    ]);
    expect(await store.list("a|", 9)).toEqual([2]);
    await store.clear("a|");
    expect(await store.list("a|", 9)).toEqual([]);
    expect(await store.get("b|1")).toBe(3);
  });

  it("updates in one step, so that no write of two tabs is lost", async () => {
    const { open } = setUp();
    const [one, two] = [open(), open()];
    const add = (store: Store) => store.update("count", (old) => ((old as number | undefined) ?? 0) + 1);
    await Promise.all(Array.from({ length: 100 }, (_, i) => add(i % 2 === 0 ? one : two)));
    expect(await one.get("count")).toBe(100);
  });

  it("removes the key where an update gives nothing", async () => {
    const store = setUp().open();
    await store.put([["a", 1]]);
    await store.update("a", () => undefined);
    expect(await store.list("a", 9)).toEqual([]);
  });

  it("does nothing where an update throws, and says so", async () => {
    const store = setUp().open();
    await store.put([["a", 1]]);
    const fails = store.update("a", () => {
      throw new Error("no");
    });
    await expect(fails).rejects.toThrow("no");
    expect(await store.get("a")).toBe(1);
  });
}
