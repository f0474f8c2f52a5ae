import { describe, expect, it } from "vitest";
import * as rare from "../rare.ts";
import { createFakeClock } from "../testing.ts";
import { contest } from "./contest.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createStoreLocks } from "./store-locks.ts";
import { createTabLock, type Locks, type TabLock } from "./tab-lock.ts";

/** The browser's own locks, as far as they are used. */
function webLocks(): Locks {
  const held = new Map<string, { end: (error?: Error) => void }>();
  return {
    async request(name, { steal = false }, callback) {
      const holder = held.get(name);
      if (holder && !steal) return callback(null);
      holder?.end(new DOMException("stolen", "AbortError"));
      const me = { end: (_?: Error) => {} };
      held.set(name, me);
      try {
        return await new Promise((resolve, reject) => {
          me.end = (error) => reject(error);
          Promise.resolve(callback({ name, mode: "exclusive" })).then(resolve, reject);
        });
      } finally {
        if (held.get(name) === me) held.delete(name);
      }
    },
  };
}

const kinds: [name: string, make: () => (tab: string) => Locks][] = [
  [
    "Web Locks",
    () => {
      const locks = webLocks();
      return () => locks;
    },
  ],
  [
    "the shared store",
    () => {
      const store = createMemoryStore();
      return (tab) => createStoreLocks({ store, tab });
    },
  ],
];

describe.each(kinds)("a lock over %s", (_, make) => {
  function setUp() {
    const clock = createFakeClock();
    const locksOf = make();
    const tabs = new Map<string, TabLock>();
    const lost: string[] = [];
    const open = (tab: string, yields = false) => {
      const lock = createTabLock({
        name: "pk|word",
        locks: undefined,
        loadRare: async () => ({ contest, createStoreLocks: () => locksOf(tab) }),
        store: createMemoryStore(),
        tab,
        tabs: {
          post(news) {
            for (const [other, one] of [...tabs]) if (other !== tab) one.hear(news);
          },
        },
        clock,
        lost: () => lost.push(tab),
        yields: () => yields,
      });
      tabs.set(tab, lock);
      return lock;
    };
    return { clock, open, lost, freeze: (tab: string) => tabs.delete(tab) };
  }

  it("is one tab's at a time, and goes on when that lets go", async () => {
    const { open } = setUp();
    const [a, b] = [open("a"), open("b")];
    expect(await Promise.all([a.take(), b.take()])).toEqual([true, false]);
    expect(await a.take()).toBe(true);
    a.release();
    await Promise.resolve();
    expect(await b.take()).toBe(true);
    expect([a.held(), b.held()]).toEqual([false, true]);
  });

  it("stays with a tab that answers, for as long as it likes", async () => {
    const { open, clock, lost } = setUp();
    const [a, b] = [open("a"), open("b")];
    await a.take();
    for (let n = 0; n < 100; n++) {
      expect(await b.take()).toBe(false);
      await clock.advance(2_000);
    }
    expect([a.held(), ...lost]).toEqual([true]);
  });

  it("is taken from a tab that is silent for two seconds, which learns it when it wakes", async () => {
    const { open, clock, lost, freeze } = setUp();
    const [a, b] = [open("a"), open("b")];
    await a.take();
    freeze("a");
    expect(await b.take()).toBe(false);
    await clock.advance(1_999);
    expect(await b.take()).toBe(false);
    await clock.advance(1);
    expect(await b.take()).toBe(true);
    a.hear({ mine: "pk|word" });
    await clock.advance(0);
    expect([a.held(), b.held(), ...lost]).toEqual([false, true, "a"]);
    // What woke up late takes nothing from its new holder.
    expect(await open("c").take()).toBe(false);
  });

  it("is not taken on the strength of a question asked long ago", async () => {
    const { open, clock, freeze } = setUp();
    const [a, b] = [open("a"), open("b")];
    await a.take();
    freeze("a");
    await b.take();
    await clock.advance(3_600_000);
    expect(await b.take()).toBe(false);
  });

  it("gives no answer where it will be let go", async () => {
    const { open, clock } = setUp();
    const [a, b] = [open("a", true), open("b")];
    await a.take();
    await b.take();
    await clock.advance(2_000);
    expect(await b.take()).toBe(true);
  });
});

it("falls back where Web Locks are refused", async () => {
  const refusing: Locks = {
    request() {
      throw new DOMException("opaque origin", "SecurityError");
    },
  };
  const lock = createTabLock({
    name: "n",
    locks: refusing,
    loadRare: async () => rare,
    store: createMemoryStore(),
    tab: "t",
    tabs: { post() {} },
    clock: createFakeClock(),
    lost() {},
  });
  expect(await lock.take()).toBe(true);
});
