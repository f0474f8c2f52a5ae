import { describe, expect, it, vi } from "vitest";
import { createFakeClock, settle } from "../testing.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createStateKeeper, personKey } from "./state-keeper.ts";
import { createTabSync } from "./tab-sync.ts";

/** A state that joins as sets do. */
function tab(values: Map<string, unknown>, clock = createFakeClock(), person = "pk|state|user|u1") {
  let numbers: number[] = [];
  const posted: string[] = [];
  const join = (text: string) => {
    numbers = [...new Set([...numbers, ...(JSON.parse(text) as number[])])].sort();
    return undefined;
  };
  const keeper = createStateKeeper({
    store: createMemoryStore(values),
    clock,
    tabs: { post: ({ text = "" }) => posted.push(text) },
    person: () => person,
    text: () => JSON.stringify(numbers),
    join,
    isFirst: () => true,
    leaveNote() {},
    report: (error) => {
      throw error;
    },
  });
  const add = (n: number) => {
    numbers.push(n);
    keeper.changed();
  };
  return { keeper, add, clock, posted, numbers: () => numbers };
}

describe("a person's state", () => {
  it("is written at once, and then at most every 300 ms, and told to the other tabs", async () => {
    const one = tab(new Map());
    one.add(0);
    one.add(1);
    await settle();
    expect(await one.keeper.read("pk|state|user|u1")).toBe("[0,1]");
    for (let n = 2; n < 5; n++) one.add(n);
    await one.clock.advance(299);
    expect(await one.keeper.read("pk|state|user|u1")).toBe("[0,1]");
    await one.clock.advance(1);
    expect(await one.keeper.read("pk|state|user|u1")).toBe("[0,1,2,3,4]");
    expect(one.posted).toEqual(["[0,1]", "[0,1,2,3,4]"]);
    await one.clock.advance(1_000);
    expect(one.clock.pending()).toBe(0);
  });

  it("is written without a question when the page goes, also while a save is under way", async () => {
    const values = new Map<string, unknown>();
    const one = tab(values);
    one.add(1);
    void one.keeper.save();
    one.add(2);
    one.keeper.leave();
    one.keeper.dispose();
    expect((values.get("pk|state|user|u1") as { text: string }).text).toBe("[1,2]");
    const writes = values.get("pk|state|user|u1");
    one.keeper.leave();
    expect(values.get("pk|state|user|u1")).toBe(writes);
  });

  it("joins what another tab has written meanwhile, in both directions", async () => {
    const values = new Map<string, unknown>();
    const [one, two] = [tab(values), tab(values)];
    one.add(1);
    await one.keeper.save();
    two.add(2);
    await two.keeper.save();
    one.add(3);
    await one.keeper.save();
    expect(one.numbers()).toEqual([1, 2, 3]);
    two.keeper.changed();
    await two.keeper.save();
    expect(two.numbers()).toEqual([1, 2, 3]);
  });

  it("is not written where nothing has changed", async () => {
    const one = tab(new Map());
    await one.keeper.save();
    expect(one.posted).toEqual([]);
  });

  it("is kept apart per person", async () => {
    const values = new Map<string, unknown>();
    const one = tab(values);
    const two = tab(values, createFakeClock(), "pk|state|user|u2");
    one.add(1);
    two.add(2);
    await Promise.all([one.keeper.save(), two.keeper.save()]);
    expect(await one.keeper.read("pk|state|user|u1")).toBe("[1]");
    expect(await one.keeper.read("pk|state|user|u2")).toBe("[2]");
  });

  it("is not joined again with what this tab has read or written itself", async () => {
    const values = new Map<string, unknown>();
    const one = tab(values);
    one.add(1);
    await one.keeper.save();
    const two = tab(values);
    await two.keeper.read("pk|state|user|u1");
    two.add(2);
    await two.keeper.save();
    two.add(3);
    await two.keeper.save();
    expect(two.numbers()).toEqual([2, 3]);
  });

  it("survives damaged values", async () => {
    const values = new Map<string, unknown>([["pk|state|user|u1", "mess"]]);
    const one = tab(values);
    expect(await one.keeper.read("pk|state|user|u1")).toBeUndefined();
    one.add(1);
    await one.keeper.save();
    expect(await one.keeper.read("pk|state|user|u1")).toBe("[1]");
  });

  it("of a user and of an anonymous visitor never share a key", () => {
    expect(personKey("pk", { anonymousId: "x" })).not.toBe(
      personKey("pk", { anonymousId: "y", userId: "x" }),
    );
  });
});

describe("news between tabs", () => {
  const none = async () => undefined;

  it("reach the other tabs of the same environment, and not the sender", async () => {
    const got: string[] = [];
    const open = (environment: string, name: string) =>
      createTabSync(BroadcastChannel, environment, (news) => got.push(`${name}:${news.text}`), none);
    const tabs = [open("pk", "one"), open("pk", "two"), open("pk2", "three")];
    tabs[0]?.post({ person: "p", text: "hello" });
    await vi.waitFor(() => expect(got).toEqual(["two:hello"]));
    for (const one of tabs) one.dispose();
  });

  it("are done without where there is no channel, or none is allowed", async () => {
    class Refused {
      constructor() {
        throw new Error("SecurityError");
      }
    }
    for (const channel of [undefined, Refused as unknown as typeof BroadcastChannel]) {
      const tabs = createTabSync(channel, "e", () => {}, none);
      expect(() => tabs.post({ person: "p", text: "" })).not.toThrow();
    }
    await settle();
  });
});
