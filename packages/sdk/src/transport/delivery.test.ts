import type { Message } from "@cairn/flow-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Store } from "../ports.ts";
import * as rare from "../rare.ts";
import { createMemoryStore } from "../state/memory-store.ts";
import { createTabLock, type TabLock } from "../state/tab-lock.ts";
import { createFakeClock, type FakeClock, settle } from "../testing.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import type { Outcome } from "./queue.ts";
import { createSend, type Send } from "./send.ts";

const OK: Outcome = { status: 200, ok: true, retryAfter: null };
const refusal = (status: number, retryAfter: string | null = null): Outcome => ({
  status,
  ok: false,
  retryAfter,
});

const message = (n: number, fields: Partial<Message> = {}): Message => ({
  type: "track",
  messageId: String(n).padStart(6, "0"),
  timestamp: "2026-01-05T09:00:00.000Z",
  event: `e${n}`,
  ...fields,
});

/** A server that stores each id once, and notes every batch. */
function fakeServer() {
  const stored: string[] = [];
  const batches: string[][] = [];
  const take = (batch: readonly Message[]) => {
    batches.push(batch.map(({ messageId }) => messageId));
    for (const { messageId } of batch) if (!stored.includes(messageId)) stored.push(messageId);
  };
  return { stored, batches, take };
}

function setUp(
  send: Send,
  options: {
    clock?: FakeClock;
    values?: Map<string, unknown>;
    tab?: string;
    offline?: boolean;
    tabs?: Set<TabLock>;
    store?: Store;
    copied?: (batch: readonly Message[]) => void;
  } = {},
) {
  const { clock = createFakeClock(), values = new Map<string, unknown>(), tab = "t1" } = options;
  const copies: string[][] = [];
  const { store = createMemoryStore(values) } = options;
  const errors: unknown[] = [];
  const told: number[] = [];
  // All tabs of one test hear each other.
  const { tabs = new Set<TabLock>() } = options;
  const lock = createTabLock({
    name: "pk|sender",
    locks: undefined,
    loadRare: async () => rare,
    store,
    tab,
    tabs: {
      post(news) {
        for (const one of [...tabs]) if (one !== lock) one.hear(news);
      },
    },
    clock,
    lost() {},
  });
  tabs.add(lock);
  const delivery = createDelivery({
    store,
    environment: "pk",
    expose: (entry) => void store.put([entry]),
    async send(batch, keepalive) {
      if (!keepalive) return send(batch);
      copies.push(batch.map(({ messageId }) => messageId));
      options.copied?.(batch);
      return undefined;
    },
    lock,
    loadTrouble: async () => {
      if (options.offline) throw new Error("offline");
      return rare;
    },
    clock,
    random: () => 0.5,
    tell: (count) => told.push(count),
    report: (error) => errors.push(error),
  });
  const waiting = () => [...values.keys()].filter((key) => key.startsWith("pk|event|")).length;
  return { delivery, clock, values, copies, errors, waiting, told, lock };
}

describe("delivery", () => {
  it("collects for a second, sends one batch, and deletes after the answer", async () => {
    const server = fakeServer();
    const { delivery, clock, waiting } = setUp(async (batch) => {
      server.take(batch);
      return OK;
    });
    delivery.add(message(1));
    delivery.add(message(2));
    await clock.advance(999);
    expect(server.batches).toEqual([]);
    expect(waiting()).toBe(2);
    await clock.advance(1);
    expect(server.batches).toEqual([["000001", "000002"]]);
    expect(waiting()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it("keeps events over a failure and sends them later, in order", async () => {
    const outcomes = [undefined, refusal(500), OK, OK];
    const server = fakeServer();
    const { delivery, clock, waiting } = setUp(async (batch) => {
      const outcome = outcomes.shift();
      if (outcome === OK) server.take(batch);
      return outcome;
    });
    delivery.add(message(1));
    await clock.advance(1_000);
    delivery.add(message(2));
    await clock.advance(10_000);
    expect(server.stored).toEqual(["000001", "000002"]);
    expect(waiting()).toBe(0);
  });

  it("tries again within a minute where the code for trouble cannot be loaded either", async () => {
    const server = fakeServer();
    const outcomes = [undefined, refusal(500)];
    const { delivery, clock, errors } = setUp(
      async (batch) => {
        if (outcomes.length > 0) return outcomes.shift();
        server.take(batch);
        return OK;
      },
      { offline: true },
    );
    delivery.add(message(1));
    await clock.advance(1_000 + 30_000 - 1);
    expect(outcomes).toHaveLength(1);
    await clock.advance(30_001);
    expect(server.stored).toEqual(["000001"]);
    expect(errors).toEqual([]);
  });

  it("does not come back before Retry-After, whatever is added or asked", async () => {
    const asked: number[] = [];
    const { delivery, clock } = setUp(async () => {
      asked.push(clock.now());
      return asked.length === 1 ? refusal(429, "60") : OK;
    });
    delivery.add(message(1));
    await clock.advance(1_000);
    for (let n = 2; n < 20; n++) {
      delivery.add(message(n));
      delivery.flush();
      await clock.advance(1_000);
    }
    expect(asked).toHaveLength(1);
    await clock.advance(90_000);
    expect(asked).toHaveLength(2);
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  it("halves a batch that is too large, and gives up the one event that is", async () => {
    const server = fakeServer();
    const { delivery, clock, waiting } = setUp(async (batch) => {
      if (batch.some(({ messageId }) => messageId === "000003")) return refusal(413);
      server.take(batch);
      return OK;
    });
    for (let n = 1; n <= 5; n++) delivery.add(message(n));
    await clock.advance(1_000);
    expect(server.stored).toEqual(["000001", "000002", "000004", "000005"]);
    expect(delivery.dropped()).toBe(1);
    expect(waiting()).toBe(0);
  });

  it("stops on a wrong key, and leaves the events to the next page", async () => {
    let asked = 0;
    const { delivery, clock, waiting } = setUp(async () => {
      asked++;
      return refusal(401);
    });
    delivery.add(message(1));
    await clock.advance(1_000);
    delivery.add(message(2));
    await clock.advance(600_000);
    expect(asked).toBe(1);
    expect(waiting()).toBe(2);
  });

  it("sends a copy on leaving that deletes nothing, and none twice", async () => {
    const { delivery, clock, copies, waiting } = setUp(async () => undefined);
    delivery.add(message(1));
    delivery.copy();
    delivery.copy();
    delivery.add(message(2));
    delivery.copy();
    await clock.advance(0);
    expect(copies).toEqual([["000001"], ["000002"]]);
    expect(waiting()).toBe(2);
  });

  it("keeps a copy within what browsers allow for a page that goes", async () => {
    const { delivery, copies } = setUp(async () => OK);
    for (let n = 0; n < 100; n++) delivery.add(message(n, { name: "x".repeat(5_000) }));
    delivery.copy();
    expect(copies[0]?.length).toBeGreaterThan(5);
    expect(copies[0]?.length).toBeLessThan(12);
  });

  it("leaves out of the copy what does not fit, and takes what comes after it", async () => {
    const { delivery, copies } = setUp(async () => OK);
    for (let n = 0; n < 20; n++) delivery.add(message(n, n % 10 ? {} : { name: "x".repeat(30_000) }));
    delivery.add(message(20, { name: "x".repeat(60_000) }));
    delivery.add(message(21));
    delivery.copy();
    delivery.copy();
    const ids = (numbers: number[]) => numbers.map((n) => message(n).messageId);
    // The second of the large ones goes with the next copy, the one that fits into none stays.
    expect(copies).toEqual([
      ids([...Array.from({ length: 20 }, (_, n) => n).filter((n) => n !== 10), 21]),
      ids([10]),
    ]);
  });

  it("keeps a copy within 60,000 bytes with the longest user token, and with a small state within 64 KiB", () => {
    let body = "";
    const clock = createFakeClock();
    const post = createSend({
      async request(_, init) {
        body = String(init.body);
        return undefined;
      },
      clock,
      key: `pk_${"0".repeat(61)}`,
      toText: JSON.stringify,
    });
    const { delivery } = setUp(async () => OK, {
      clock,
      copied: (batch) => void post(batch, true, "t".repeat(8_192)),
    });
    for (let n = 0; n < 400; n++) delivery.add(message(n, { name: "я".repeat(n % 50) }));
    delivery.copy();
    const bytes = new TextEncoder().encode(body).length;
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(65_536 - 8_000);
  });

  it("goes on after a moment in which the lock could not be given back", async () => {
    const server = fakeServer();
    const { delivery, clock, errors, lock } = setUp(async (batch) => {
      server.take(batch);
      return OK;
    });
    const { release } = lock;
    let fails = 1;
    lock.release = () => {
      release();
      if (fails-- > 0) throw new Error("the channel is closed");
    };
    delivery.add(message(1));
    await delivery.flush();
    delivery.add(message(2));
    await clock.advance(60_000);
    expect(server.stored).toEqual(["000001", "000002"]);
    expect(errors.map(String)).toEqual(["Error: the channel is closed"]);
  });

  it("keeps Retry-After over pages and tabs, and sends no copy before", async () => {
    const asked: number[] = [];
    const send: Send = async () => {
      asked.push(0);
      return asked.length === 1 ? refusal(503, "600") : OK;
    };
    const first = setUp(send);
    first.delivery.add(message(1));
    await first.clock.advance(1_000);
    first.delivery.add(message(2));
    first.delivery.copy();
    await settle();
    expect(first.copies).toEqual([]);
    first.delivery.dispose();
    const next = setUp(send, { clock: first.clock, values: first.values, tab: "t2" });
    next.delivery.flush();
    await first.clock.advance(599_000);
    expect(asked).toHaveLength(1);
    await first.clock.advance(301_000);
    expect(asked).toHaveLength(2);
    expect(next.waiting()).toBe(0);
  });

  it("lets one tab send at a time, however long it takes, while that tab answers", async () => {
    const clock = createFakeClock();
    const values = new Map<string, unknown>();
    const tabs = new Set<TabLock>();
    let answer = (_: Outcome) => {};
    const asked: string[] = [];
    const slow = setUp(
      (batch) => {
        asked.push(...batch.map(({ messageId }) => messageId));
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      { clock, values, tabs, tab: "slow" },
    );
    slow.delivery.add(message(1));
    await clock.advance(1_000);
    const server = fakeServer();
    const other = setUp(
      async (batch) => {
        server.take(batch);
        return OK;
      },
      { clock, values, tabs, tab: "other" },
    );
    other.delivery.add(message(2));
    await clock.advance(60_000);
    expect(asked).toEqual(["000001"]);
    answer(OK);
    await clock.advance(5_000);
    expect(asked).toEqual(["000001", "000002"]);
    expect(server.stored).toEqual([]);
  });

  it("replaces a tab that is silent within five seconds", async () => {
    const clock = createFakeClock();
    const values = new Map<string, unknown>();
    const tabs = new Set<TabLock>();
    const frozen = setUp(() => new Promise(() => {}), { clock, values, tabs, tab: "frozen" });
    frozen.delivery.add(message(1));
    await clock.advance(1_000);
    tabs.delete(frozen.lock);
    const server = fakeServer();
    const other = setUp(
      async (batch) => {
        server.take(batch);
        return OK;
      },
      { clock, values, tabs, tab: "other" },
    );
    other.delivery.flush();
    await clock.advance(5_000);
    expect(server.stored).toEqual(["000001"]);
  });

  it("stops sending where its place was taken while it waited for an answer", async () => {
    const clock = createFakeClock();
    const values = new Map<string, unknown>();
    const tabs = new Set<TabLock>();
    const asked: string[][] = [];
    let answer = (_: Outcome) => {};
    const asleep = setUp(
      (batch) => {
        asked.push(batch.map(({ messageId }) => messageId));
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      { clock, values, tabs, tab: "asleep" },
    );
    asleep.delivery.add(message(1));
    await clock.advance(1_000);
    asleep.delivery.add(message(2));
    tabs.delete(asleep.lock);
    const other = setUp(() => new Promise(() => {}), { clock, values, tabs, tab: "other" });
    other.delivery.flush();
    await clock.advance(5_000);
    expect(other.lock.held()).toBe(true);
    // It wakes up, and learns it before its answer comes.
    asleep.lock.hear({ mine: "pk|sender" });
    answer(OK);
    await clock.advance(500);
    expect([asleep.lock.held(), ...asked]).toEqual([false, ["000001"]]);
  });

  it("sets aside the one event on which the server fails, and tells of it", async () => {
    const server = fakeServer();
    let requests = 0;
    const { delivery, clock, waiting, told } = setUp(async (batch) => {
      requests++;
      if (batch.some(({ messageId }) => messageId === "000007")) return refusal(500);
      server.take(batch);
      return OK;
    });
    for (let n = 0; n < 60; n++) delivery.add(message(n));
    await clock.advance(3_600_000);
    expect(server.stored).toHaveLength(59);
    expect(waiting()).toBe(0);
    expect(told).toEqual([1]);
    expect(requests).toBeLessThan(100);
  });

  it("gives up nothing when the server fails on everything for a day", async () => {
    const server = fakeServer();
    const clock = createFakeClock();
    const end = clock.now() + 86_400_000;
    const { delivery, waiting, told } = setUp(
      async (batch) => {
        if (clock.now() < end) return refusal(500);
        server.take(batch);
        return OK;
      },
      { clock },
    );
    for (let n = 0; n < 60; n++) delivery.add(message(n, { timestamp: new Date(end).toISOString() }));
    await clock.advance(86_400_000 + 600_000);
    await settle(5_000);
    expect(server.stored).toHaveLength(60);
    expect([waiting(), ...told]).toEqual([0]);
  });

  it("clears damaged entries out of the way, and counts them", async () => {
    const server = fakeServer();
    const values = new Map<string, unknown>([
      ["pk|event|000000", null],
      ["pk|event|000001", message(1)],
      ["pk|event|000002", "half a mess"],
    ]);
    const { delivery, errors, told } = setUp(
      async (batch) => {
        server.take(batch);
        return OK;
      },
      { values },
    );
    await delivery.flush();
    expect(server.stored).toEqual(["000001"]);
    expect([delivery.dropped(), ...told]).toEqual([2, 2]);
    expect(values.size).toBe(0);
    expect(errors).toEqual([]);
  });
});

const NO_WAY = [
  ["401", refusal(401)],
  ["429 for a day", refusal(429, "86400")],
  ["503", refusal(503)],
  ["no answer", undefined],
] as const;

describe("the caps, while the server takes nothing", () => {
  it.each(NO_WAY)("hold where the server says %s, and what goes is counted", async (_, outcome) => {
    const { delivery, clock, values, waiting } = setUp(async () => outcome);
    let made = 0;
    let most = 0;
    for (let minute = 0; minute < 30; minute++) {
      const timestamp = new Date(clock.now()).toISOString();
      for (let n = 0; n < 200; n++) delivery.add(message(made++, { timestamp }));
      await clock.advance(60_000);
      most = Math.max(most, waiting());
    }
    expect(made).toBe(6_000);
    expect(most).toBeLessThanOrEqual(5_000);
    expect(waiting()).toBeGreaterThan(4_500);
    expect(delivery.dropped()).toBe(made - waiting());
    // The oldest go first where all are worth the same.
    expect(values.has(`pk|event|${message(made - 1).messageId}`)).toBe(true);
    expect(values.has("pk|event|000000")).toBe(false);
  });

  it("hold over many short pages", async () => {
    const clock = createFakeClock();
    const values = new Map<string, unknown>();
    const timestamp = new Date(clock.now()).toISOString();
    for (let n = 0; n < 4_990; n++) values.set(`pk|event|${message(n).messageId}`, message(n, { timestamp }));
    for (let page = 0; page < 5; page++) {
      const one = setUp(async () => refusal(429, "86400"), { clock, values, tab: `t${page}` });
      one.delivery.flush();
      await clock.advance(1_000);
      for (let n = 0; n < 10; n++) one.delivery.add(message(5_000 + page * 10 + n, { timestamp }));
      await clock.advance(1_000);
      expect(one.waiting()).toBeLessThanOrEqual(5_000);
      one.delivery.dispose();
    }
  });

  it("are told by the page after, once, where this one cannot", async () => {
    const first = setUp(async () => refusal(413));
    first.delivery.add(message(1));
    await first.clock.advance(1_000);
    expect([first.delivery.dropped(), first.told]).toEqual([1, []]);
    first.delivery.dispose();
    const server = fakeServer();
    const take: Send = async (batch) => {
      server.take(batch);
      return OK;
    };
    for (const [tab, told] of [
      ["t2", [1]],
      ["t3", []],
    ] as const) {
      const next = setUp(take, { clock: first.clock, values: first.values, tab });
      next.delivery.add(message(tab === "t2" ? 2 : 3));
      await first.clock.advance(10_000);
      expect([next.told, next.delivery.dropped()]).toEqual([told, 0]);
      next.delivery.dispose();
    }
    expect(server.stored).toEqual(["000002", "000003"]);
    expect([...first.values.keys()].filter((key) => key.startsWith("pk|dropped"))).toEqual([]);
  });
});

describe("when consent is denied", () => {
  /** A database: one operation at a time, each takes a while. */
  function slow(values: Map<string, unknown>): Store {
    const memory = createMemoryStore(values);
    let line: Promise<unknown> = Promise.resolve();
    const queue = <T>(act: () => Promise<T>): Promise<T> => {
      const done = line.then(() => settle(10)).then(act);
      line = done.catch(() => {});
      return done;
    };
    return {
      kind: "indexeddb",
      get: (key) => queue(() => memory.get(key)),
      put: (entries) => queue(() => memory.put(entries)),
      update: (key, fn, also) => queue(() => memory.update(key, fn, also)),
      list: (prefix, limit) => queue(() => memory.list(prefix, limit)),
      clear: (prefix) => queue(() => memory.clear(prefix)),
    };
  }

  it("no event outlives it that was under way into the store", async () => {
    const values = new Map<string, unknown>();
    const store = slow(values);
    const { delivery } = setUp(async () => undefined, { store });
    delivery.add(message(1));
    await settle(3);
    delivery.add(message(2));
    await settle(1);
    await delivery.dispose(true);
    await store.clear("pk|");
    await settle(500);
    expect([...values]).toEqual([]);
  });

  it("nothing is written about an answer that comes after it", async () => {
    let answer = (_: Outcome) => {};
    const { delivery, clock, values } = setUp(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    delivery.add(message(1));
    await clock.advance(1_000);
    await delivery.dispose(true);
    values.clear();
    answer(refusal(429, "60"));
    await settle(500);
    expect([...values.keys()].filter((key) => !key.endsWith("sender"))).toEqual([]);
  });

  it("what was made before a page only ends is kept", async () => {
    const values = new Map<string, unknown>();
    const { delivery } = setUp(async () => undefined, { store: slow(values) });
    delivery.add(message(1));
    await settle(3);
    delivery.add(message(2));
    await delivery.dispose();
    expect([...values.keys()]).toEqual(["pk|event|000001", "pk|event|000002"]);
  });
});

/** What happens to one request: lost before or after the server stored it, refused, or accepted. */
type Fate = "ok" | "lost" | "answer-lost" | "500" | "429" | "413" | "login-page";
type Step =
  | { readonly do: "add"; readonly count: number }
  | { readonly do: "wait"; readonly ms: number }
  /** The tab is killed, and another opened over what it left. */
  | { readonly do: "kill" }
  | { readonly do: "leave" };

describe("delivery under random faults", () => {
  const fate = fc.constantFrom<Fate>("ok", "ok", "lost", "answer-lost", "500", "429", "413", "login-page");
  const step = fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ do: fc.constant("add" as const), count: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
    fc.constant({ do: "kill" as const }),
    fc.constant({ do: "leave" as const }),
  );

  it("stores every event exactly once, and sends those of a page in order", async () => {
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.array(fate, { maxLength: 60 }),
        async (steps, fates) => {
          cases++;
          const clock = createFakeClock();
          const values = new Map<string, unknown>();
          const server = fakeServer();
          const left = [...fates];
          let pages = 0;
          let made = 0;
          let alive = { page: 0 };
          let delivery: Delivery;
          function open() {
            const me = { page: ++pages };
            alive = me;
            const send: Send = async (batch) => {
              const next = left.shift() ?? "ok";
              // What a killed tab had under way never comes to an end for it.
              if (alive !== me) return new Promise(() => {});
              if (next === "413" && batch.length > 1) return refusal(413);
              if (next === "ok" || next === "answer-lost" || next === "413") server.take(batch);
              if (next === "500") return refusal(500);
              if (next === "429") return refusal(429, "7");
              if (next === "login-page") return { ...OK, ok: false };
              return next === "ok" || next === "413" ? OK : undefined;
            };
            ({ delivery } = setUp(send, { clock, values, tab: `t${pages}` }));
          }
          open();
          for (const one of steps) {
            if (one.do === "add") {
              for (let n = 0; n < one.count; n++) delivery!.add(message(made++));
              // An event counts as made once it is written; what a crash takes within the same task is lost.
              await delivery!.saved();
            } else if (one.do === "wait") await clock.advance(one.ms);
            else if (one.do === "leave") delivery!.copy();
            else {
              delivery!.dispose();
              open();
            }
          }
          left.length = 0;
          delivery!.flush();
          await clock.advance(3_600_000);
          await settle();
          expect([...server.stored].sort()).toEqual(
            Array.from({ length: made }, (_, n) => message(n).messageId),
          );
          // First arrivals are in the order in which the events were made.
          expect(server.stored).toEqual([...server.stored].sort());
          expect([...values.keys()].filter((key) => key.startsWith("pk|event|"))).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
    expect(cases).toBe(150);
  });
});
