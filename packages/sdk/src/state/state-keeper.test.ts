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
    gone() {},
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

  it("is not written while the page stands still, and is when it goes on", async () => {
    const values = new Map<string, unknown>();
    const one = tab(values);
    one.add(1);
    one.keeper.leave();
    one.add(2);
    await one.clock.advance(1_000);
    expect(await one.keeper.read("pk|state|user|u1")).toBe("[1]");
    one.keeper.wake();
    await one.clock.advance(1_000);
    expect(await one.keeper.read("pk|state|user|u1")).toBe("[1,2]");
  });

  describe("that counts an exposure", () => {
    const message = { properties: { flow: "hint" }, context: { cairn: { run: "r1" } } };
    const entry = ["pk|event|e1", message] as const;
    const seen = (run: string) => JSON.stringify({ shared: { runs: { hint: { [run]: { seen: 7 } } } } });
    function teller(values: Map<string, unknown>) {
      let text = "{}";
      const puts: string[][] = [];
      const store = createMemoryStore(values);
      const keeper = createStateKeeper({
        store: {
          ...store,
          update: (key, fn, also) => store.update(key, fn, also).then(() => void puts.push([key])),
          put(entries) {
            puts.push(entries.map(([key]) => key));
            return store.put(entries);
          },
        },
        clock: createFakeClock(),
        tabs: { post() {} },
        person: () => "pk|state|user|u1",
        text: () => text,
        join: () => undefined,
        isFirst: () => true,
        gone() {},
        leaveNote() {},
        report() {},
      });
      return {
        keeper,
        puts,
        see() {
          text = seen("r1");
          keeper.expose(entry);
          keeper.changed();
        },
      };
    }

    it("is stored together with what tells it, by the save that comes first", async () => {
      const values = new Map<string, unknown>();
      const { keeper, see, puts } = teller(values);
      keeper.changed();
      see();
      await settle();
      expect([values.get(entry[0]), values.get("pk|state|user|u1")]).toEqual([message, { text: seen("r1") }]);
      expect(puts.every(([key]) => key === "pk|state|user|u1")).toBe(true);
    });

    it("is so too at the last moment", () => {
      const { keeper, see, puts } = teller(new Map());
      see();
      keeper.leave();
      expect(puts).toEqual([["pk|state|user|u1", "pk|event|e1"]]);
    });

    it("tells nothing where another tab has told the same exposure", async () => {
      for (const [run, told] of [
        ["r1", false],
        ["r2", true],
      ] as const) {
        const values = new Map<string, unknown>([["pk|state|user|u1", { text: seen(run) }]]);
        const { see } = teller(values);
        see();
        await settle();
        expect(values.has(entry[0])).toBe(told);
      }
    });
  });

  it("of a tab that goes without the word is told to the others and left as a note, and writes over nothing", async () => {
    const values = new Map<string, unknown>();
    const notes: string[] = [];
    const posted: unknown[] = [];
    const keeper = createStateKeeper({
      store: createMemoryStore(values),
      clock: createFakeClock(),
      tabs: { post: (news) => posted.push(news) },
      person: () => "p",
      text: () => "mine",
      join: () => undefined,
      isFirst: () => false,
      gone() {},
      leaveNote: (person, text) => notes.push(`${person} ${text}`),
      report() {},
    });
    keeper.changed();
    keeper.leave();
    await settle();
    expect([...values]).toEqual([]);
    expect(notes).toEqual(["p mine"]);
    expect(posted).toEqual([{ person: "p", text: "mine", last: true }]);
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
    for (const one of tabs) one.rest();
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

  it("another way that comes when the page rests already is closed again", async () => {
    let closed = 0;
    const other = async () => ({ onmessage: null, postMessage() {}, close: () => void closed++ });
    const tabs = createTabSync(undefined, "e", () => {}, other);
    tabs.rest();
    await settle();
    expect(closed).toBe(1);
  });
});
