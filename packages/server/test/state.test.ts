import { compile, createState, deserialise, type State, serialise, transition } from "@cairn/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinPersonState } from "../src/people/person-state.ts";
import { createTestServer, NOW, OTHER_SECRET_KEY, PUBLIC_KEY, SECRET_KEY } from "./test-server.ts";
import { edToken, goodToken, installKeys } from "./user-token.ts";

const HOUR = 3_600_000;
const ENV = { now: NOW, timezone: "UTC", device: { width: 1280, height: 800, touch: false } };
const COMPILED = compile({ schemaVersion: 1, flows: [] });

async function server() {
  const test = createTestServer();
  await installKeys(test.deps.storage);
  const ask = (method: string, token: string, body?: unknown, key = PUBLIC_KEY) =>
    test.app.request(`/v1/state?key=${key}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const put = async (token: string, state: State) => {
    const response = await ask("PUT", token, { state: serialise(state) });
    expect(response.status).toBe(200);
    return stateIn(((await response.json()) as { state: string }).state);
  };
  const get = async (token: string) =>
    (await (await ask("GET", token)).json()) as {
      state: string | null;
      facts: {
        upto: number;
        user: Record<string, { n: number; at: number[] }>;
        account: { id: string; book: Record<string, { n: number }> } | null;
      };
      traits?: object;
      account?: object;
    };
  return { ...test, ask, put, get };
}
const stateIn = (text: string): State => {
  const state = deserialise(text);
  if (state === undefined) throw new Error("no state");
  return state;
};
function device(id: string, events: readonly (readonly [name: string, at: number])[], userId = "u1"): State {
  const state = createState({
    device: id,
    anonymousId: `a-${id}`,
    now: Math.min(NOW, ...events.map(([, at]) => at)),
    userId,
  });
  transition(COMPILED, state, { type: "config" }, { ...ENV, now: state.now });
  for (const [event, at] of [...events].sort((a, b) => a[1] - b[1]))
    transition(COMPILED, state, { type: "track", event }, { ...ENV, now: at });
  return state;
}

describe("PUT /v1/state", () => {
  it("joins what devices know, in any order and however often, into the same state", async () => {
    const { ask, put } = await server();
    let runs = 0;
    const event = fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: NOW - 50 * HOUR, max: NOW }));
    const devices = fc.array(fc.array(event, { maxLength: 6 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(devices, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), async (all, order) => {
        const states = all.map((events, i) => device(`d${i}`, events));
        const user = `p${++runs}`;
        const own = states.map((state) => ({ ...state, person: { ...state.person, userId: user } }));
        for (const at of order) await put(goodToken(user), own[at % own.length] as State);
        let last: State | undefined;
        for (const state of own) last = await put(goodToken(user), state);
        const naive = createState({ device: "*", anonymousId: "", now: 0, userId: user });
        for (const state of own)
          transition(COMPILED, naive, { type: "merge", state: structuredClone(state) }, ENV);
        expect(last?.shared).toEqual(JSON.parse(JSON.stringify(naive.shared)));
        const again = await ask("PUT", goodToken(user), { state: serialise(last as State) });
        expect(stateIn(((await again.json()) as { state: string }).state).shared).toEqual(last?.shared);
      }),
      { numRuns: 60 },
    );
    expect(runs).toBeGreaterThanOrEqual(60);
  });

  it("loses nothing when devices write at once", async () => {
    const { deps, get } = await server();
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        joinPersonState(deps, "production", "u1", serialise(device(`d${i}`, [["a", NOW - i]]))),
      ),
    );
    const { shared } = stateIn((await get(goodToken("u1"))).state ?? "");
    expect(Object.keys(shared.books).filter((id) => id !== "*")).toHaveLength(8);
  });

  it("keeps what devices share, and nothing of the page, the person or the device", async () => {
    const { deps, put } = await server();
    const state = device("d", [["a", NOW - HOUR]]);
    state.person.user = { email: "anna@example.com" };
    state.local.url = "https://app.example.com/secret";
    await put(goodToken("u1"), state);
    const kept = (await deps.storage.document("production", "state", "u1"))?.body ?? "";
    expect(kept).toContain("e:a");
    expect(kept).not.toMatch(/anna|secret|a-d/);
  });

  it("cuts back the moments of a clock that is ahead, but not a snooze", async () => {
    const { put } = await server();
    const state = device("d", [["a", NOW]]);
    const year = 365 * 24 * HOUR;
    state.shared.snoozes = { f: NOW + year };
    state.shared.preferences.at = NOW + year;
    const times = state.shared.books.d?.["e:a"];
    if (times) Object.assign(times, { last: NOW + year, at: [NOW + year] });
    const { shared } = await put(goodToken("u1"), state);
    expect(shared.preferences.at).toBe(NOW + 300_000);
    expect(shared.books.d?.["e:a"]?.at).toEqual([NOW + 300_000]);
    expect(shared.snoozes).toEqual({ f: NOW + year });
  });

  it("keeps people and environments apart", async () => {
    const { put, get, deps } = await server();
    await put(goodToken("u1"), device("d", [["a", NOW]]));
    expect((await get(goodToken("u2"))).state).toBeNull();
    expect(await deps.storage.document("staging", "state", "u1")).toBeUndefined();
  });

  it("refuses another person's state, what is no state, and what is too large", async () => {
    const { ask, deps } = await server();
    const status = async (body: unknown) => (await ask("PUT", goodToken("u1"), body)).status;
    expect(await status({ state: serialise(device("d", [], "u2")) })).toBe(400);
    const good = serialise(device("d", []));
    const bad = [
      "",
      "x",
      "null",
      "[]",
      "{}",
      good.replace('"version":1', '"version":2'),
      good.slice(0, -1),
      "[".repeat(5_000),
    ];
    for (const state of bad)
      expect([state.slice(0, 20), await status({ state })]).toEqual([state.slice(0, 20), 400]);
    expect(await status({ state: good.replace('"runs":{', '"runs":{"__proto__":{}') })).toBe(400);
    for (const body of ["", "null", "[]", "{}", '{"state":1}', '{"state":null}', "{"])
      expect([body, await status(body)]).toEqual([body, 400]);
    expect(await status({ state: `${good}${" ".repeat(524_288)}` })).toBe(413);
    expect(await status({ state: `"${"\\".repeat(600_000)}"` })).toBe(413);
    expect(await deps.storage.document("production", "state", "u1")).toBeUndefined();
  });

  it("answers rubbish inside a state with an answer, never with a failure", async () => {
    const { ask, reported } = await server();
    const rubbish = fc.oneof(
      fc.constant(null),
      fc.integer(),
      fc.string(),
      fc.jsonValue({ maxDepth: 3 }),
      fc.constant([{}]),
    );
    const fields = ["books", "runs", "past", "seen", "goals", "items", "snoozes", "arms", "lost"] as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), rubbish, rubbish, async (field, value, inner) => {
        for (const shape of [value, { x: value }, { x: { y: value, z: inner } }]) {
          const state = device("d", [["a", NOW]]);
          (state.shared as unknown as Record<string, unknown>)[field] = shape;
          const response = await ask("PUT", goodToken("u9"), {
            state: JSON.stringify({ ...state, person: { ...state.person, userId: "u9" } }),
          });
          expect([200, 400]).toContain(response.status);
        }
      }),
      { numRuns: 150 },
    );
    expect(reported).toEqual([]);
  });
});

describe("GET /v1/state", () => {
  it("needs a public key and a token, and says what is wrong in a way that a page can read", async () => {
    const { app, ask } = await server();
    const bare = await app.request(`/v1/state?key=${PUBLIC_KEY}`);
    expect(bare.status).toBe(401);
    expect(bare.headers.get("access-control-allow-origin")).toBe("*");
    expect(((await bare.json()) as { error: { code: string } }).error.code).toBe("token_invalid");
    for (const key of ["", "pk_unknown0123456789", SECRET_KEY, OTHER_SECRET_KEY])
      expect((await ask("GET", goodToken("u1"), undefined, key)).status).toBe(401);
  });

  it("answers a browser's preflight, which no other route has with Authorization", async () => {
    const { app } = await server();
    const preflight = await app.request("/v1/state", { method: "OPTIONS" });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-max-age")).toBe("7200");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("Authorization, Content-Type");
    expect(preflight.headers.get("access-control-allow-methods")).toBe("GET, PUT");
    const other = await app.request("/v1/config", { method: "OPTIONS" });
    expect(other.headers.get("access-control-allow-headers")).toBe("Content-Type");
  });

  it("hands back what the host signed about the person and the account", async () => {
    const { get } = await server();
    const token = edToken("u1", { traits: { plan: "pro" }, account: "acme", accountTraits: { seats: 5 } });
    expect(await get(token)).toEqual({
      state: null,
      facts: { upto: -1, user: {}, account: { id: "acme", book: {} } },
      traits: { plan: "pro" },
      account: { id: "acme", traits: { seats: 5 } },
    });
    expect(await get(goodToken("u1"))).toEqual({ state: null, facts: { upto: -1, user: {}, account: null } });
  });

  it("tells what the events tell: of the person under all their names, and of the account", async () => {
    const { get, send } = await server();
    const at = (minutes: number) => new Date(NOW - HOUR + minutes * 60_000).toISOString();
    const track = (id: number, event: string, who: object, more: object = {}) => ({
      type: "track",
      messageId: `m${id}`,
      event,
      timestamp: at(id),
      ...who,
      ...more,
    });
    const inAcme = { context: { groupId: "acme" } };
    await send("POST", "/v1/batch", {
      batch: [
        track(1, "a", { anonymousId: "x" }),
        { type: "identify", messageId: "i", anonymousId: "x", userId: "u1", timestamp: at(2) },
        track(3, "a", { userId: "u1", anonymousId: "x" }, inAcme),
        track(
          4,
          "cairn.feature.used",
          { userId: "u1" },
          { properties: { feature: "export", action: "click" } },
        ),
        track(5, "cairn.flow.shown", { userId: "u1" }, { ...inAcme, properties: { flow: "hint" } }),
        // Later on the same device: somebody else.
        track(6, "a", { userId: "u2", anonymousId: "x" }, inAcme),
        track(7, "b", { userId: "u2" }, inAcme),
        track(8, "b", { userId: "u3" }),
        // This clock is a year ahead.
        { ...track(9, "late", { userId: "u1" }), timestamp: "2027-11-20T12:00:00.000Z" },
      ],
    });
    const { facts } = await get(goodToken("u1", { account: "acme" }));
    const seen = (book: Record<string, { n: number }>) =>
      Object.fromEntries(Object.entries(book).map(([key, { n }]) => [key, n]));
    expect(seen(facts.user)).toEqual({ "e:a": 2, "f:export": 1, "e:late": 1 });
    expect(facts.user["e:a"]).toEqual({
      n: 2,
      first: Date.parse(at(1)),
      last: Date.parse(at(3)),
      from: -1,
      since: -1,
      at: [Date.parse(at(1)), Date.parse(at(3))],
    });
    expect(facts.upto).toBe(NOW + 300_000);
    expect(seen(facts.account?.book ?? {})).toEqual({
      "e:a": 2,
      "e:b": 1,
      "shown:hint": 1,
      // They name no account, and their person no other one.
      "f:export": 1,
      "e:late": 1,
    });
    // Whoever came later to the device owns only what is under their own name.
    expect(seen((await get(goodToken("u2"))).facts.user)).toEqual({ "e:a": 1, "e:b": 1 });
  });

  it("lets nobody without the person's token change what is told of them or of their account", async () => {
    const { app, get } = await server();
    const at = (minutes: number) => new Date(NOW - HOUR + minutes * 60_000).toISOString();
    let ids = 0;
    const post = async (token: string | undefined, messages: readonly object[]) => {
      const batch = messages.map((one) => ({ type: "track", messageId: `m${++ids}`, event: "a", ...one }));
      const body = JSON.stringify({ writeKey: PUBLIC_KEY, token, batch });
      const response = await app.request("/v1/batch", { method: "POST", body });
      expect(await response.json()).toEqual({ accepted: messages.length, duplicate: 0, rejected: [] });
    };
    const inAcme = { context: { groupId: "acme" } };
    await post(undefined, [{ anonymousId: "device", timestamp: at(0) }]);
    await post(goodToken("victim"), [
      { userId: "victim", anonymousId: "device", timestamp: at(1), ...inAcme },
      { userId: "victim", timestamp: at(2) },
    ]);
    const before = await get(goodToken("victim", { account: "acme" }));
    expect(before.facts.user["e:a"]?.at).toEqual([at(0), at(1), at(2)].map((text) => Date.parse(text)));
    expect(before.facts.account?.book["e:a"]?.n).toBe(2);

    const forged = Array.from({ length: 5 }, (_, i) => ({
      userId: "victim",
      anonymousId: "forger",
      timestamp: at(3 + i),
      ...inAcme,
    }));
    const shown = {
      event: "cairn.flow.dismissed",
      properties: { flow: "hint" },
      userId: "x",
      timestamp: at(1),
    };
    // Also with somebody else's token, of another's device, and of a device of the forger's own.
    await post(undefined, [...forged, { ...shown, ...inAcme }, { anonymousId: "forger", timestamp: at(1) }]);
    await post(goodToken("x"), [...forged, { userId: "victim", event: "b", timestamp: at(20) }]);
    await post(undefined, [{ userId: "x", anonymousId: "device", timestamp: at(-9) }]);
    expect(await get(goodToken("victim", { account: "acme" }))).toEqual(before);
  });

  it("counts beyond what it lists", async () => {
    const { get, send } = await server();
    const batch = Array.from({ length: 60 }, (_, i) => ({
      type: "track",
      event: "a",
      userId: "u1",
      messageId: `m${i}`,
      timestamp: new Date(NOW - HOUR + i * 1_000).toISOString(),
    }));
    await send("POST", "/v1/batch", { batch });
    const { facts } = await get(goodToken("u1"));
    expect(facts.user["e:a"]).toMatchObject({ n: 60, from: -1, since: NOW - HOUR + 9_000 });
    expect(facts.user["e:a"]?.at).toHaveLength(50);
    // The engine reads it as its own.
    const state = device("d", []);
    transition(COMPILED, state, { type: "merge", facts: facts as never }, ENV);
    expect(state.shared.books["*"]?.["e:a"]?.n).toBe(60);
  });
});

describe("a batch with a user token", () => {
  const messages = [
    { type: "identify", messageId: "1", userId: "u1", traits: { plan: "free", city: "Riga" } },
    { type: "track", messageId: "2", userId: "u1", event: "a" },
    { type: "track", messageId: "3", userId: "u2", event: "a" },
    { type: "track", messageId: "4", anonymousId: "x", event: "a" },
    { type: "group", messageId: "5", userId: "u1", groupId: "acme", traits: { plan: "free" } },
    { type: "group", messageId: "6", userId: "u1", groupId: "other", traits: { plan: "pro" } },
    { type: "track", messageId: "7", userId: "u1", event: "a", context: { groupId: "other" } },
  ].map((one) => ({ timestamp: "2026-11-20T10:00:00.000Z", ...one }));
  const batch = async (token: unknown, lane: string) => {
    const test = await server();
    const response = await test.app.request("/v1/batch", {
      method: "POST",
      headers: { "content-type": lane },
      body: JSON.stringify({ writeKey: PUBLIC_KEY, token, batch: messages }),
    });
    const stored = (await (await test.send("GET", "/v1/events")).text())
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { messageId: string; verified: boolean; traits?: object });
    return { response, stored };
  };

  it.each(["text/plain", "application/json"])(
    "vouches for its person's messages, and what is signed wins (%s)",
    async (lane) => {
      const token = goodToken("u1", {
        traits: { plan: "pro" },
        account: "acme",
        accountTraits: { plan: "team" },
      });
      const { response, stored } = await batch(token, lane);
      expect(await response.json()).toEqual({ accepted: 7, duplicate: 0, rejected: [] });
      expect(stored.map(({ messageId, verified }) => [messageId, verified])).toEqual([
        ["1", true],
        ["2", true],
        ["3", false],
        ["4", false],
        ["5", true],
        ["6", false],
        ["7", false],
      ]);
      expect(stored[0]?.traits).toEqual({ plan: "pro", city: "Riga" });
      expect(stored[4]?.traits).toEqual({ plan: "team" });
      expect(stored[5]?.traits).toEqual({ plan: "pro" });
    },
  );

  it.each([
    ["token_expired", goodToken("u1", { exp: NOW / 1000 - 1 })],
    ["token_invalid", `${goodToken("u1")}x`],
    ["token_invalid", 7],
  ])("is refused whole where the token is bad: %s", async (code, token) => {
    const { response, stored } = await batch(token, "text/plain");
    expect(response.status).toBe(401);
    expect(((await response.json()) as { error: { code: string } }).error.code).toBe(code);
    expect(stored).toEqual([]);
  });

  it("vouches for nothing that a page says of an account where the host has signed none", async () => {
    const { stored } = await batch(goodToken("u1"), "text/plain");
    const verified = stored.filter((one) => one.verified).map(({ messageId }) => messageId);
    expect(verified).toEqual(["1", "2", "7"]);
  });

  it("is unverified without one", async () => {
    for (const token of [undefined, null, ""]) {
      const { stored } = await batch(token, "text/plain");
      expect(stored.map(({ verified }) => verified)).toEqual(Array(7).fill(false));
    }
  });
});
