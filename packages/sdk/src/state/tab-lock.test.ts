import { describe, expect, it } from "vitest";
import * as rare from "../rare.ts";
import { createFakeClock } from "../testing.ts";
import { contest } from "./contest.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createStoreLocks } from "./store-locks.ts";
import { createTabLock, type Locks, type TabLock } from "./tab-lock.ts";

/** The browser's own locks, as far as they are used. */
function webLocks(): Locks {
  const held = new Map<string, { end: (error?: Error) => void; freed: Promise<void> }>();
  return {
    async request(name, { steal = false, signal }, callback) {
      signal?.throwIfAborted();
      const holder = held.get(name);
      if (holder && !steal) {
        const aborted = new Promise((_, reject) =>
          signal?.addEventListener("abort", () => reject(new DOMException("given up", "AbortError"))),
        );
        await Promise.race([holder.freed, aborted]);
        return this.request(name, signal ? { signal } : {}, callback);
      }
      holder?.end(new DOMException("stolen", "AbortError"));
      let freed = () => {};
      const me = { end: (_?: Error) => {}, freed: new Promise<void>((done) => (freed = done)) };
      held.set(name, me);
      try {
        return await new Promise((resolve, reject) => {
          me.end = (error) => reject(error);
          Promise.resolve(callback({ name, mode: "exclusive" })).then(resolve, reject);
        });
      } finally {
        if (held.get(name) === me) held.delete(name);
        freed();
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

describe.each(kinds)("a lock over %s", (kind, make) => {
  function setUp() {
    const clock = createFakeClock();
    const locksOf = make();
    const tabs = new Map<string, TabLock>();
    const lost: string[] = [];
    const open = (tab: string, yields = false) => {
      const lock = createTabLock({
        name: "pk|word",
        locks: kind === "Web Locks" ? locksOf(tab) : undefined,
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
    /** Whoever is refused learns it when the lock has not come. */
    const take = async (lock: TabLock) => {
      const taken = lock.take();
      await clock.advance(250);
      return taken;
    };
    return { clock, open, lost, take, freeze: (tab: string) => tabs.delete(tab) };
  }

  it("is one tab's at a time, and goes on when that lets go", async () => {
    const { open, take } = setUp();
    const [a, b] = [open("a"), open("b")];
    expect(await Promise.all([a.take(), take(b)])).toEqual([true, false]);
    expect(await a.take()).toBe(true);
    a.release();
    await Promise.resolve();
    expect(await b.take()).toBe(true);
    expect([a.held(), b.held()]).toEqual([false, true]);
  });

  it("stays with a tab that answers, for as long as it likes", async () => {
    const { open, clock, lost, take } = setUp();
    const [a, b] = [open("a"), open("b")];
    await a.take();
    for (let n = 0; n < 100; n++) {
      expect(await take(b)).toBe(false);
      await clock.advance(1_750);
    }
    expect([a.held(), ...lost]).toEqual([true]);
  });

  it("is taken from a tab that is silent for two seconds, which learns it when it wakes", async () => {
    const { open, clock, lost, take, freeze } = setUp();
    const [a, b] = [open("a"), open("b")];
    await a.take();
    freeze("a");
    expect(await take(b)).toBe(false);
    await clock.advance(1_749);
    expect(await take(b)).toBe(false);
    await clock.advance(1);
    expect(await take(b)).toBe(true);
    a.hear({ mine: "pk|word" });
    await clock.advance(0);
    expect([a.held(), b.held(), ...lost]).toEqual([false, true, "a"]);
    // What woke up late takes nothing from its new holder.
    expect(await take(open("c"))).toBe(false);
  });

  it("is not taken on the strength of a question asked long ago", async () => {
    const { open, clock, take, freeze } = setUp();
    const [a, b] = [open("a"), open("b")];
    await a.take();
    freeze("a");
    await take(b);
    await clock.advance(3_600_000);
    expect(await take(b)).toBe(false);
  });

  it("is known to be lost by a tab that hears nothing of the others, where the browser says so", async () => {
    const { open, clock, lost, take, freeze } = setUp();
    const [a, b] = [open("a"), open("b")];
    await a.take();
    freeze("a");
    await take(b);
    await clock.advance(2_000);
    expect(await take(b)).toBe(true);
    // Nobody tells over the shared store.
    expect([a.held(), ...lost]).toEqual(kind === "Web Locks" ? [false, "a"] : [true]);
  });

  it("is not taken from a tab that was never asked, where the one that was has let go", async () => {
    const { open, clock, take } = setUp();
    const [a, b, c] = [open("a", true), open("b"), open("c")];
    await a.take();
    expect(await take(b)).toBe(false);
    a.release();
    expect(await take(c)).toBe(true);
    await clock.advance(2_000);
    expect(await take(b)).toBe(false);
    expect([b.held(), c.held()]).toEqual([false, true]);
  });

  it("is given back by no tab from which it was taken meanwhile", async () => {
    const { open, clock, take, freeze } = setUp();
    const [a, b] = [open("a"), open("b")];
    await a.take();
    freeze("a");
    await take(b);
    await clock.advance(2_000);
    expect(await take(b)).toBe(true);
    a.release();
    await clock.advance(0);
    expect(await take(open("c"))).toBe(false);
  });

  it("gives no answer where it will be let go", async () => {
    const { open, clock, take } = setUp();
    const [a, b] = [open("a", true), open("b")];
    await a.take();
    await take(b);
    await clock.advance(2_000);
    expect(await take(b)).toBe(true);
  });

  it("is no longer waited for once it is given up: a page that goes hears no answer, and asks nobody", async () => {
    const { open, clock, take, lost } = setUp();
    const [a, b] = [open("a"), open("b")];
    await a.take();
    const taken = b.take();
    b.release();
    expect(await taken).toBe(false);
    a.release();
    await clock.advance(5_000);
    expect([b.held(), ...lost]).toEqual([false]);
    expect(await take(open("c"))).toBe(true);
    // Nobody was asked by it: two seconds of silence are no reason to take it away.
    expect(await take(b)).toBe(false);
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

it("does not mistake a request that fails once for locks that are refused: two kinds of locks would give two tabs the word", async () => {
  let fails = true;
  const locks = webLocks();
  const lock = createTabLock({
    name: "n",
    locks: {
      async request(...given) {
        if (fails) throw new DOMException("not active", "InvalidStateError");
        return locks.request(...given);
      },
    },
    loadRare: async () => ({
      contest: async () => false,
      createStoreLocks: () => expect.unreachable("another kind of lock"),
    }),
    store: createMemoryStore(),
    tab: "t",
    tabs: { post() {} },
    clock: createFakeClock(),
    lost() {},
  });
  expect(await lock.take()).toBe(false);
  fails = false;
  expect(await lock.take()).toBe(true);
});

it("is not had, and nothing is thrown, where the file that asks other tabs for it does not come", async () => {
  const locks = webLocks();
  let isOffline = true;
  const open = () =>
    createTabLock({
      name: "n",
      locks,
      loadRare: async () => {
        if (isOffline) throw new TypeError("Failed to fetch dynamically imported module");
        return { ...rare, contest: async () => true };
      },
      store: createMemoryStore(),
      tab: "t",
      tabs: { post() {} },
      clock,
      lost() {},
    });
  const clock = createFakeClock();
  const take = async (lock: ReturnType<typeof open>) => {
    const taken = lock.take();
    await clock.advance(1_000);
    return taken;
  };
  expect(await take(open())).toBe(true);
  const other = open();
  expect(await take(other)).toBe(false);
  isOffline = false;
  expect(await take(other)).toBe(true);
});
