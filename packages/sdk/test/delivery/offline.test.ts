import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject, Message } from "@cairn/flow-schema";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serve } from "../../../server/src/index.ts";
import * as rare from "../../src/rare.ts";
import { createMemoryStore } from "../../src/state/memory-store.ts";
import { createUuid } from "../../src/state/random-id.ts";
import { createTabLock, type TabLock } from "../../src/state/tab-lock.ts";
import { createFakeClock, type FakeClock } from "../../src/testing.ts";
import { createDelivery } from "../../src/transport/delivery.ts";
import { createRequest } from "../../src/transport/request.ts";
import { createSend } from "../../src/transport/send.ts";
import { tried } from "../guards/tried.ts";
import { createRandom } from "./random.ts";

/**
 * A day without network, then a bad one: 5,000 events over 24 hours of a clock that the test owns, 20 reloads and 20 killed
 * tabs, and after that 30 % errors, timeouts and lost answers. The store is one browser's; the server is the real one.
 */
const EVENTS = 5_000;
const RELOADS = 20;
const KILLED = 20;
/** More than may wait on a device. */
const TOO_MANY = 5_200;
const KEY = "pk_0123456789abcdef";
const SECRET = "sk_0123456789abcdef";

let folder: string;
let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cairn-offline-"));
  server = await serve({ port: 0, dataDir: folder, publicKey: KEY, secretKey: SECRET, report() {} });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const random = createRandom(11);
/** What the network does to one request. */
type Fate = "ok" | "error" | "timeout" | "answer-lost";
let online = false;
const fates: { [fate in Fate]: number } = { ok: 0, error: 0, timeout: 0, "answer-lost": 0 };
function fate(): Fate {
  const dice = random();
  const bad = dice < 0.1 ? "error" : dice < 0.2 ? "timeout" : dice < 0.3 ? "answer-lost" : "ok";
  fates[bad]++;
  return bad;
}
/** Real requests that a test can wait for. */
const underway = new Set<Promise<unknown>>();
const network =
  (tab: { alive: boolean }): typeof fetch =>
  async (input, init) => {
    if (!online) throw new TypeError("offline");
    const happens = fate();
    if (happens === "error")
      return new Response("{}", { status: [500, 502, 503, 429, 408][Math.floor(random() * 5)] ?? 500 });
    if (happens === "timeout")
      return new Promise((_, reject) =>
        init?.signal?.addEventListener("abort", () => reject(new TypeError("aborted"))),
      );
    const { signal: _, keepalive: __, body, ...rest } = init ?? {};
    // The device's clock is right; it is only the test's that runs faster.
    const sentAt = `"sentAt":"${new Date().toISOString()}"`;
    const sent = { ...rest, body: String(body).replace(/"sentAt":"[^"]+"/, sentAt) };
    const asked = fetch(input, sent).then(async (answer) => new Response(await answer.text(), answer));
    underway.add(asked);
    const answer = await asked.finally(() => underway.delete(asked));
    if (!tab.alive) return new Promise(() => {});
    if (happens === "answer-lost") throw new TypeError("lost");
    return answer;
  };

const values = new Map<string, unknown>();
const tabs = new Set<TabLock>();
let opened = 0;
let sessions = 0;
let made = 0;
const fill = (bytes: Uint8Array) => {
  for (let i = 0; i < bytes.length; i++) bytes[i] = random() * 256;
};

/** A tab with a session of its own, over the store that all share. */
function openTab(clock: FakeClock) {
  const me = { alive: true };
  const tab = `t${++opened}`;
  const session = `s${++sessions}`;
  // Killed tabs run nothing any more.
  const own: FakeClock = {
    ...clock,
    after: (ms, fn) => clock.after(ms, () => me.alive && fn()),
  };
  const store = createMemoryStore(values);
  const uuid = createUuid(fill);
  let seq = 0;
  const lock = createTabLock({
    name: `${KEY}|sender`,
    locks: undefined,
    loadRare: async () => rare,
    store,
    tab,
    tabs: {
      post(news) {
        for (const one of [...tabs]) if (one !== lock) one.hear(news);
      },
    },
    clock: own,
    lost() {},
  });
  tabs.add(lock);
  const errors: unknown[] = [];
  const delivery = createDelivery({
    store,
    environment: KEY,
    expose: (entry) => void store.put([entry]),
    send: createSend({
      request: createRequest({ fetch: network(me), clock: own, host: server.url }),
      clock: own,
      key: KEY,
      toText: JSON.stringify,
    }),
    lock,
    clock: own,
    random,
    loadTrouble: async () => rare,
    tell: (count) => add("cairn.error", { code: "dropped", count }),
    report: (error) => errors.push(error),
  });
  const add = (event: string, properties?: JsonObject) =>
    delivery.add({
      type: "track",
      event,
      messageId: uuid(clock.now()),
      timestamp: new Date(clock.now()).toISOString(),
      anonymousId: "a1",
      ...(properties && { properties }),
      context: {
        page: { url: "https://p.test/", path: "/", title: "", referrer: "" },
        cairn: { session, seq: ++seq, tab, sdk: "0" },
      },
    } as Message);
  return {
    delivery,
    errors,
    add,
    session,
    /** How many events it has made. */
    made: () => seq,
    act() {
      made++;
      add(`act-${made % 7}`);
    },
    /** As a page that is left: a copy goes, and what has been made is in the store. */
    async leave() {
      delivery.copy();
      await delivery.saved();
      lock.release();
      this.kill();
    },
    /** As a tab that crashes: its lock stays behind. */
    kill() {
      me.alive = false;
      tabs.delete(lock);
    },
  };
}

const waiting = () => [...values.keys()].filter((key) => key.startsWith(`${KEY}|event|`)).length;
/** Until nothing waits any more. */
async function goOnline(clock: FakeClock): Promise<void> {
  online = true;
  for (let n = 0; waiting() > 0 && n < 5_000; n++) {
    await clock.advance(1_000);
    // The real server answers in real time.
    while (underway.size > 0) {
      await Promise.all(underway);
      await clock.advance(0);
    }
  }
  expect(waiting()).toBe(0);
}
async function readStored(): Promise<Message[]> {
  const answer = await fetch(`${server.url}/v1/events`, { headers: { authorization: `Bearer ${SECRET}` } });
  return (await answer.text())
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Message);
}

it("stores 5,000 events, each once and each session in order, after a day offline and a bad network", async () => {
  const clock = createFakeClock(Date.now() - 2 * 86_400_000);
  let open = [openTab(clock), openTab(clock), openTab(clock)];
  const all = [...open];
  const moments = [
    ...Array.from({ length: RELOADS }, () => "reload" as const),
    ...Array.from({ length: KILLED }, () => "kill" as const),
  ].map((what) => ({ what, at: Math.floor(random() * EVENTS) }));
  let reloads = 0;
  let killed = 0;
  for (let n = 0; n < EVENTS; n++) {
    open[Math.floor(random() * open.length)]?.act();
    for (const { what } of moments.filter(({ at }) => at === n)) {
      const which = Math.floor(random() * open.length);
      const tab = open[which];
      // What a crash takes within the task that made it is lost; so nothing has been made until it is written.
      await tab?.delivery.saved();
      if (what === "reload") await tab?.leave();
      else tab?.kill();
      reloads += Number(what === "reload");
      killed += Number(what === "kill");
      const next = openTab(clock);
      all.push(next);
      open = open.map((one, at) => (at === which ? next : one));
      next.delivery.flush();
    }
    // Timers of the retries run in between; most of the day they find no network.
    if (n % 25 === 0) await clock.advance((86_400_000 / EVENTS) * 25);
  }
  for (const tab of open) await tab.delivery.saved();
  expect([reloads, killed, made]).toEqual([RELOADS, KILLED, EVENTS]);
  expect(waiting()).toBe(EVENTS);
  await goOnline(clock);
  expect(all.flatMap(({ errors }) => errors)).toEqual([]);

  const stored = await readStored();
  expect(stored).toHaveLength(EVENTS);
  expect(new Set(stored.map(({ messageId }) => messageId)).size).toBe(EVENTS);
  const last = new Map<string, number>();
  for (const { context } of stored) {
    const { session = "", seq = 0 } = context?.cairn ?? {};
    expect(seq).toBe((last.get(session) ?? 0) + 1);
    last.set(session, seq);
  }
  // One that was killed or left before its first event has nothing to be stored.
  expect(last.size).toBe(all.filter((tab) => tab.made() > 0).length);
  expect(all).toHaveLength(3 + RELOADS + KILLED);
  const bad = fates.error + fates.timeout + fates["answer-lost"];
  console.log(
    `${EVENTS} stored, ${last.size} sessions, ${fates.ok + bad} requests of which ${bad} went wrong`,
  );
  expect(Math.min(fates.error, fates.timeout, fates["answer-lost"])).toBeGreaterThan(0);
  tried(EVENTS);
});

it("gives up the least valuable of 5,200 events, and the server is told how many", async () => {
  values.clear();
  tabs.clear();
  online = false;
  const clock = createFakeClock(Date.now() - 2 * 86_400_000);
  let tab = openTab(clock);
  const sessions = new Set([tab.session]);
  const held = "cairn.flow.held";
  for (let n = 0; n < TOO_MANY; n++) {
    tab.add(n % 20 === 0 ? held : "act");
    if (n % 1_000 === 999) {
      await tab.leave();
      tab = openTab(clock);
      sessions.add(tab.session);
      tab.delivery.flush();
    }
    if (n % 25 === 0) {
      await clock.advance((86_400_000 / TOO_MANY) * 25);
      expect(waiting()).toBeLessThanOrEqual(EVENTS);
    }
  }
  // The page that gave them up is not the one that tells of it.
  await tab.leave();
  tab = openTab(clock);
  sessions.add(tab.session);
  tab.delivery.flush();
  await goOnline(clock);
  const stored = (await readStored()).filter(({ context }) => sessions.has(context?.cairn?.session ?? ""));
  const count = (event: string) => stored.filter((message) => message.event === event).length;
  const [told, ...more] = stored.filter(({ event }) => event === "cairn.error");
  expect(more).toEqual([]);
  const dropped = Number(told?.properties?.count);
  expect(dropped).toBeGreaterThanOrEqual(TOO_MANY - EVENTS);
  expect(dropped).toBeLessThan(TOO_MANY - EVENTS + 100);
  tried(TOO_MANY);
  expect([count("act"), count(held)]).toEqual([TOO_MANY * 0.95, TOO_MANY * 0.05 - dropped]);
});
