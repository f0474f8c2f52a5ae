// @vitest-environment happy-dom
import type { Config } from "@cairn/flow-schema";
import { afterEach, expect, it } from "vitest";
import { fakeBrowser } from "../test/fake-browser.ts";
import { createStateServer, signToken } from "../test/state-server.ts";
import type { Cairn, CairnOptions } from "./api.ts";
import { createClient } from "./client.ts";
import type { Platform } from "./ports.ts";
import { createFakeClock } from "./testing.ts";

const flow = { schemaVersion: 1, id: "hi", kind: "tooltip", steps: [{ id: "s", title: "Hi" }] };
const SOUND = { schemaVersion: 1, environment: "test", flows: [flow], settings: { budget: null } };

let cairn: Cairn | undefined;
afterEach(() => cairn?.destroy());
function open(options: Partial<CairnOptions> = {}, config: object = SOUND) {
  const page = fakeBrowser({ config: config as Config });
  const known = { key: "pk", host: "https://cairn.test", debug: true, ...options } as CairnOptions;
  cairn = createClient(known, page.platform);
  return { page, cairn };
}

it("asks nothing, stores nothing and waits for nothing where it is destroyed before it has started", async () => {
  for (const options of [{}, { privacy: {} }]) {
    const { page, cairn } = open(options);
    cairn.destroy();
    // Longer than definitions keep.
    await page.clock.advance(700_000);
    expect(page.requests).toEqual([]);
    expect([...page.values.keys()]).toEqual([]);
    expect(page.clock.pending()).toBe(0);
  }
});

it("asks nothing and stores nothing where consent is denied at once", async () => {
  const { page, cairn } = open();
  cairn.track("x");
  cairn.consent("denied");
  await page.clock.advance(20_000);
  expect(page.requests).toEqual([]);
  expect([...page.values.keys()]).toEqual([]);
  expect((await cairn.explain()).consent).toBe("denied");
  cairn.consent("granted");
  cairn.track("y");
  await page.clock.advance(20_000);
  expect(page.stored.flatMap(({ event }) => event ?? [])).toEqual(["y"]);
});

it.each([
  ["who it was", "pk|who", { anonymousId: 7 }],
  ["a person's state", "pk|state|user|u1", { text: "{" }],
])(
  "says in explain() that %s lies damaged in the store, and goes on as with somebody new",
  async (_, key, value) => {
    const page = fakeBrowser({ config: SOUND as unknown as Config });
    page.values.set("pk|who", { anonymousId: "a1", userId: "u1" });
    page.values.set(key, value);
    cairn = createClient({ key: "pk", host: "https://cairn.test" }, page.platform);
    cairn.track("x");
    await page.clock.advance(20_000);
    expect((await cairn.explain()).errors).toEqual(["state"]);
    expect(page.stored.flatMap(({ event }) => event ?? [])).toContain("x");
    expect([...page.values.keys()].some((one) => one.startsWith("pk|state|"))).toBe(true);
  },
);

it("asks nothing once it is destroyed while consent is being taken down", async () => {
  const { page, cairn } = open({ consent: "pending" });
  await page.clock.advance(1_000);
  cairn.consent("granted");
  cairn.destroy();
  await page.clock.advance(700_000);
  expect(page.requests).toEqual([]);
  expect(page.clock.pending()).toBe(0);
});

it("tells the server and the page of an error, each kind once, also of one before the start", async () => {
  const { page, cairn } = open({}, { ...SOUND, features: 7 });
  const heard: unknown[] = [];
  cairn.on("error", (detail) => heard.push(detail));
  cairn.identify("u1");
  const told = () => page.stored.filter(({ event }) => event === "cairn.error");
  await page.clock.advance(5_000);
  expect(heard).toEqual([{ code: "config" }]);
  expect(told().map(({ properties, userId }) => [properties, userId])).toEqual([[{ code: "config" }, "u1"]]);
  // Another of the same kind, and one of another.
  page.publish({ ...SOUND, features: 8 } as unknown as Config);
  await page.clock.advance(300_000);
  const { filter } = Array.prototype;
  Array.prototype.filter = () => {
    throw new Error("broken by the page");
  };
  cairn.decisions();
  Array.prototype.filter = filter;
  await page.clock.advance(5_000);
  expect(heard).toEqual([{ code: "config" }, { code: "api" }]);
  expect(told().map(({ properties }) => properties?.code)).toEqual(["config", "api"]);
});

it("numbers what is told of a visit in one row, over pages and from one person to another and back", async () => {
  const { page, cairn: first } = open();
  const told = () => page.stored.map(({ context }) => `${context?.cairn?.session} ${context?.cairn?.seq}`);
  for (const user of ["u1", "u2", "u1"]) {
    first.identify(user);
    first.track("x");
    await page.clock.advance(5_000);
  }
  first.destroy();
  await page.clock.advance(1_000);
  cairn = createClient({ key: "pk", host: "https://cairn.test", debug: true }, page.platform);
  cairn.track("x");
  await page.clock.advance(5_000);
  expect(told().length).toBeGreaterThan(8);
  expect([...new Set(told())]).toEqual(told());
  // Of each visit none is missing.
  for (const id of new Set(page.stored.map(({ context }) => context?.cairn?.session))) {
    const numbers = page.stored.flatMap(({ context }) =>
      context?.cairn?.session === id ? (context?.cairn?.seq ?? 0) : [],
    );
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  }
});

/** A browser in which nothing that takes time is done at once. */
function slowly(platform: Platform): Platform {
  const { clock } = platform;
  const late =
    <A extends unknown[], R>(fn: (...args: A) => Promise<R>, ms: number) =>
    async (...args: A): Promise<R> => {
      await new Promise<void>((go) => void clock.after(ms, go));
      return fn(...args);
    };
  return {
    ...platform,
    fetch: late(platform.fetch, 3),
    loadRare: late(platform.loadRare, 2),
    loadVerified: late(platform.loadVerified, 2),
    loadPrivacy: late(platform.loadPrivacy, 2),
    loadScreen: late(platform.loadScreen, 2),
    loadCourse: late(platform.loadCourse, 2),
    openStore(given) {
      const store = platform.openStore(given);
      return {
        ...store,
        get: late(store.get, 1),
        update: late(store.update, 1),
        put: late(store.put, 1),
        list: late(store.list, 1),
        clear: late(store.clear, 1),
      };
    },
  };
}

it.each(["granted", "pending"] as const)(
  "ends what is under way, and begins nothing, at whichever moment it is destroyed (%s)",
  async (consent) => {
    // Later than all of it has settled.
    for (let moment = 0; moment < 40; moment++) {
      const clock = createFakeClock();
      const server = createStateServer(clock);
      const page = fakeBrowser({ config: SOUND as unknown as Config, clock, answer: server.answer });
      const privacy = moment % 2 ? {} : undefined;
      const one = createClient(
        { key: "pk_test", host: "https://cairn.test", consent, privacy },
        slowly(page.platform),
      );
      const exp = Math.floor(clock.now() / 1_000) + 3_000;
      one.identify("u1", { plan: "pro" }, { token: signToken({ sub: "u1", exp }) });
      one.track("x");
      one.consent("granted");
      await clock.advance(moment);
      one.destroy();
      await clock.advance(20);
      const { length } = page.requests;
      await clock.advance(700_000);
      expect([moment, page.requests.slice(length).map(({ url }) => url), clock.pending()]).toEqual([
        moment,
        [],
        0,
      ]);
    }
  },
);
