// @vitest-environment happy-dom
import type { Config, Message } from "@cairn/flow-schema";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeBrowser } from "../test/fake-browser.ts";
import { createStateServer, signToken } from "../test/state-server.ts";
import type { Cairn, IdentifyOptions } from "./api.ts";
import { createClient } from "./client.ts";
import { createFakeClock, type FakeClock } from "./testing.ts";

const config = {
  schemaVersion: 1,
  environment: "test",
  flows: [
    {
      schemaVersion: 1,
      id: "welcome",
      kind: "tooltip",
      audience: { user: { plan: "pro" } },
      steps: [{ id: "hi", title: "Hi", actions: [{ id: "later", label: "Later", do: { snooze: "1d" } }] }],
    },
    {
      schemaVersion: 1,
      id: "often",
      kind: "tooltip",
      trigger: { event: "report.viewed", atLeast: 3 },
      steps: [{ id: "one", title: "One" }],
    },
    {
      schemaVersion: 1,
      id: "for-trials",
      kind: "tooltip",
      audience: { account: { plan: "trial" } },
      steps: [{ id: "one", title: "One" }],
    },
  ],
  settings: { budget: null },
} as unknown as Config;

let clock: FakeClock;
let server: ReturnType<typeof createStateServer>;
let open: Cairn[] = [];
beforeEach(() => {
  clock = createFakeClock();
  server = createStateServer(clock);
});
afterEach(() => {
  for (const cairn of open) cairn.destroy();
  open = [];
});

/** A browser of its own, with its own store; `visit` opens a page in it. */
function device(seed: number) {
  const values = new Map<string, unknown>();
  let page = fakeBrowser({ config, clock, values, seed, answer: (url, init) => server.answer(url, init) });
  return {
    values,
    shown: () => page.shown.filter((line) => line.startsWith("show")),
    ui: () => page.ui(),
    warnings: () => page.warnings,
    async visit(): Promise<Cairn> {
      page = fakeBrowser({
        config,
        clock,
        values,
        seed: seed++ * 7 + 1,
        answer: (url, init) => server.answer(url, init),
      });
      const cairn = createClient({ key: "pk_test", host: "https://cairn.test", debug: true }, page.platform);
      open.push(cairn);
      await clock.advance(100);
      return cairn;
    },
  };
}
const exp = (seconds = 3_000) => Math.floor(clock.now() / 1_000) + seconds;
const tokenFor = (sub: string, claims: object = {}) => signToken({ sub, exp: exp(), ...claims });
const PRO = { plan: "pro" };
const runOf = (cairn: Cairn) => cairn.decisions().find(({ outcome }) => outcome === "shown")?.run ?? "";
const outcome = (cairn: Cairn, flow: string) => {
  const { outcome: what, reason } = cairn.decisions().findLast((one) => one.flow === flow) ?? {};
  return reason ?? what;
};
async function see(first: ReturnType<typeof device>, cairn: Cairn, act: object): Promise<void> {
  first.ui().exposed(runOf(cairn), "hi" as never);
  first.ui().act(runOf(cairn), act as never);
  await clock.advance(5_000);
}

describe("two devices of one person", () => {
  it.each([
    ["dismissed", { kind: "close" }, "frequency"],
    ["snoozed", { kind: "button", id: "later" }, "snoozed"],
  ])("a hint %s on one is not shown on the other after identify", async (_, act, reason) => {
    const [first, second] = [device(1), device(2)];
    const a = await first.visit();
    a.identify("u1", PRO, { token: () => tokenFor("u1") });
    await clock.advance(100);
    expect(first.shown()).toEqual(["show welcome/hi"]);
    await see(first, a, act);

    const b = await second.visit();
    b.identify("u1", PRO, { token: tokenFor("u1") });
    await clock.advance(1_000);
    expect(second.shown()).toEqual([]);
    expect(outcome(b, "welcome")).toBe(reason);
    expect([...first.warnings(), ...second.warnings()]).toEqual([]);
  });

  it("without a token each device stays by itself, and nothing is asked of the server", async () => {
    const [first, second] = [device(1), device(2)];
    const a = await first.visit();
    a.identify("u1", PRO);
    await clock.advance(100);
    await see(first, a, { kind: "close" });
    const b = await second.visit();
    b.identify("u1", PRO);
    await clock.advance(1_000);
    expect(second.shown()).toEqual(["show welcome/hi"]);
    expect(server.asked()).toEqual([]);
  });

  it("count together, with what each did before the name was known", async () => {
    const [first, second] = [device(1), device(2)];
    const a = await first.visit();
    a.track("report.viewed");
    a.identify("u1", {}, { token: tokenFor("u1") });
    a.track("report.viewed");
    await clock.advance(5_000);
    expect(outcome(a, "often")).toBeUndefined();
    const b = await second.visit();
    b.track("report.viewed");
    b.identify("u1", {}, { token: tokenFor("u1") });
    await clock.advance(5_000);
    b.track("report.viewed");
    await clock.advance(100);
    expect(outcome(b, "often")).toBe("shown");
  });

  it.each([
    ["forged", () => signToken({ sub: "u1", exp: exp() }, "another secret")],
    ["expired", () => signToken({ sub: "u1", exp: exp(-1) })],
    ["of somebody else", () => tokenFor("u2")],
    ["no token at all", () => "nonsense"],
    ["one that its function does not give", () => Promise.reject(new Error("401"))],
    ["a number", () => 7 as unknown as string],
  ])("with a token %s nothing of the person is readable, and the page works", async (_, token) => {
    const [first, second] = [device(1), device(2)];
    const a = await first.visit();
    a.identify("u1", PRO, { token: () => tokenFor("u1") });
    await clock.advance(100);
    await see(first, a, { kind: "close" });
    const before = server.states.get("u1");

    const b = await second.visit();
    b.identify("u1", PRO, { token });
    await clock.advance(20_000);
    expect(second.shown()).toEqual(["show welcome/hi"]);
    expect(server.asked().filter((line) => line === "GET 200")).toHaveLength(1);
    expect(server.states.get("u1")).toBe(before);
    // Its events are there, as those of somebody who only says who they are.
    const here = server.stored.filter(({ context }) => context?.cairn?.tab !== firstTab());
    expect(here.length).toBeGreaterThan(0);
    expect(here.every(({ verified }) => !verified)).toBe(true);
    expect(second.warnings()).toEqual([]);
  });
  const firstTab = () => server.stored[0]?.context?.cairn?.tab;

  it("the other's state comes late where the server is slow, and the page does not wait for it", async () => {
    const [first, second] = [device(1), device(2)];
    const a = await first.visit();
    a.identify("u1", PRO, { token: () => tokenFor("u1") });
    await clock.advance(100);
    await see(first, a, { kind: "close" });

    let release = () => {};
    const slow = new Promise<string>((resolve) => {
      release = () => resolve(tokenFor("u1"));
    });
    const b = await second.visit();
    b.identify("u1", PRO, { token: () => slow });
    b.track("while.waiting");
    await clock.advance(2_900);
    expect(second.shown()).toEqual([]);
    await clock.advance(200);
    expect(second.shown()).toEqual(["show welcome/hi"]);
    release();
    await clock.advance(10_000);
    expect(JSON.stringify([...second.values.values()])).toContain(runOf(a));
  });
});

describe("a user token", () => {
  const start = async (token: IdentifyOptions["token"]) => {
    const one = device(1);
    const cairn = await one.visit();
    cairn.identify("u1", PRO, { token });
    await clock.advance(100);
    return { cairn, one };
  };

  it("is renewed before it ends", async () => {
    let calls = 0;
    const { cairn } = await start(() => {
      calls++;
      return signToken({ sub: "u1", exp: exp(600) });
    });
    for (let minute = 0; minute < 30; minute++) {
      cairn.track("minute");
      await clock.advance(60_000);
    }
    expect(server.requests.filter(({ status }) => status === 401)).toEqual([]);
    expect(server.stored.every(({ verified, userId }) => verified || userId === undefined)).toBe(true);
    expect(calls).toBeGreaterThanOrEqual(3);
    expect(calls).toBeLessThanOrEqual(5);
  });

  it("is renewed once after a 401", async () => {
    let calls = 0;
    server.faults.push("refuse");
    await start(() => {
      calls++;
      return tokenFor("u1", { jti: calls });
    });
    expect(server.asked()).toEqual(["GET 401", "GET 200"]);
    expect(calls).toBe(2);
  });

  it("is given up where the server refuses the next one too; the events go without it", async () => {
    let calls = 0;
    const { cairn } = await start(() => signToken({ sub: "u1", exp: exp(), jti: ++calls }, "another secret"));
    cairn.track("later");
    await clock.advance(10_000);
    expect(server.asked().slice(0, 2)).toEqual(["GET 401", "GET 401"]);
    expect(server.stored.map(({ event }) => event)).toContain("later");
    const before = calls;
    for (let i = 0; i < 10; i++) {
      cairn.track("more");
      await clock.advance(5_000);
    }
    // Not asked for at each request: at most twice a minute.
    expect(calls - before).toBeLessThanOrEqual(20);
  });

  it("travels to the state in a header and to the batch in its body, nowhere else", async () => {
    const token = tokenFor("u1");
    const { cairn, one } = await start(token);
    cairn.track("x");
    await clock.advance(5_000);
    for (const { url, token: header } of server.requests) {
      expect(url).not.toContain(token);
      if (url.includes("/v1/state")) expect(header).toBe(token);
      else expect(header).toBeUndefined();
    }
    expect(server.stored.find(({ event }) => event === "x")?.verified).toBe(true);
    expect(JSON.stringify([...one.values])).not.toContain(token);
  });

  it("brings signed traits, which win over the host's, and the account that it names", async () => {
    Object.assign(server.extra, {
      traits: { plan: "free" },
      account: { id: "a1", traits: { plan: "trial" } },
    });
    const { cairn, one } = await start(tokenFor("u1"));
    expect(one.shown()).toEqual(["show for-trials/one"]);
    cairn.track("x");
    await clock.advance(2_000);
    expect(server.stored.find(({ event }) => event === "x")?.context?.groupId).toBe("a1");
  });
});

describe("the state on the server", () => {
  const start = async () => {
    const one = device(1);
    const cairn = await one.visit();
    cairn.identify("u1", {}, { token: tokenFor("u1") });
    await clock.advance(5_000);
    return { cairn, one };
  };
  const puts = () => server.asked().filter((line) => line.startsWith("PUT"));

  it("is sent after changes, but not for each", async () => {
    const { cairn } = await start();
    expect(puts()).toEqual(["PUT 200"]);
    for (let second = 0; second < 60; second++) {
      cairn.track("busy");
      await clock.advance(1_000);
    }
    expect(puts().length).toBeGreaterThanOrEqual(4);
    expect(puts().length).toBeLessThanOrEqual(6);
    const before = puts().length;
    await clock.advance(600_000);
    expect(puts().length).toBeLessThanOrEqual(before + 1);
  });

  it.each([413, 403, 422])("is not sent again on this page where the server says %i", async (status) => {
    const { cairn } = await start();
    server.faults.push(new Response("{}", { status }));
    cairn.track("x");
    await clock.advance(60_000);
    const before = puts().length;
    for (let i = 0; i < 5; i++) {
      cairn.track("y");
      await clock.advance(60_000);
    }
    expect(puts()).toHaveLength(before);
    expect(puts().at(-1)).toBe(`PUT ${status}`);
  });

  it("waits for as long as the server asks", async () => {
    const { cairn } = await start();
    server.faults.push(new Response("{}", { status: 429, headers: { "Retry-After": "120" } }));
    await clock.advance(20_000);
    cairn.track("x");
    await clock.advance(5_000);
    expect(puts().at(-1)).toBe("PUT 429");
    const before = puts().length;
    await clock.advance(114_000);
    expect(puts()).toHaveLength(before);
    await clock.advance(60_000);
    expect(puts().at(-1)).toBe("PUT 200");
  });

  it("is tried again where the answer is lost", async () => {
    const { cairn } = await start();
    server.faults.push(new Response("half an ans", { status: 200 }), new Response("{}", { status: 503 }));
    cairn.track("x");
    await clock.advance(120_000);
    expect(server.states.get("u1")).toContain('"e:x"');
  });

  it("is left as it is by an account that is not the person's any more", async () => {
    const { cairn } = await start();
    cairn.identify("u2", {}, { token: tokenFor("u2") });
    cairn.track("of.u2");
    await clock.advance(60_000);
    expect(server.states.get("u1")).not.toContain("of.u2");
    expect(server.states.get("u2")).toContain("of.u2");
  });
});

describe("reset", () => {
  it("leaves nothing of the former person on the device but their unsent events", async () => {
    const one = device(1);
    let offline = false;
    const answer = server.answer.bind(server);
    server.answer = (url, init) => {
      if (offline) throw new Error("offline");
      return answer(url, init);
    };
    const cairn = await one.visit();
    cairn.identify(
      "former@example.com",
      { plan: "pro", name: "Formera" },
      { token: tokenFor("former@example.com") },
    );
    cairn.group("former-inc", { secret: "Formera Inc" });
    await clock.advance(5_000);
    offline = true;
    cairn.track("unsent");
    await clock.advance(2_000);
    const secretsOf = (pattern: RegExp) =>
      [...one.values].filter((entry) => pattern.test(JSON.stringify(entry)));
    expect(secretsOf(/former/i).length).toBeGreaterThan(1);
    cairn.reset();
    await clock.advance(5_000);

    const left = secretsOf(/former/i);
    expect(left.map(([key]) => key).every((key) => key.startsWith("pk_test|event|"))).toBe(true);
    expect(left.map(([, value]) => (value as Message).event)).toContain("unsent");
    expect(left.every(([, value]) => (value as Message).userId === "former@example.com")).toBe(true);
    expect(JSON.stringify(await cairn.explain())).not.toMatch(/former/i);
    expect(JSON.stringify(cairn.decisions())).not.toMatch(/former/i);

    offline = false;
    cairn.track("of.the.next");
    await clock.advance(600_000);
    const unsent = server.stored.find(({ event }) => event === "unsent");
    const next = server.stored.find(({ event }) => event === "of.the.next");
    expect(unsent?.userId).toBe("former@example.com");
    expect(next?.userId).toBeUndefined();
    expect(next?.context?.groupId).toBeUndefined();
    expect(next?.anonymousId).not.toBe(unsent?.anonymousId);
    expect(JSON.stringify([...one.values])).not.toMatch(/former/i);
    expect(server.asked().at(-1)).toMatch(/PUT|GET/);
  });

  it("is somebody whom this device knows: what they did before they said their name is theirs", async () => {
    const one = device(1);
    const cairn = await one.visit();
    cairn.identify("u1");
    await clock.advance(1_000);
    cairn.identify("u2");
    await clock.advance(1_000);
    cairn.reset();
    await clock.advance(1_000);
    cairn.track("report.viewed");
    cairn.track("report.viewed");
    cairn.identify("u1");
    await clock.advance(1_000);
    cairn.track("report.viewed");
    await clock.advance(1_000);
    expect(one.shown()).toEqual(["show often/one"]);
  });

  it("sends the last changes of the person first, and pulls them when they come back", async () => {
    const one = device(1);
    const cairn = await one.visit();
    cairn.identify("u1", PRO, { token: () => tokenFor("u1") });
    await clock.advance(5_000);
    one.ui().exposed(runOf(cairn), "hi" as never);
    one.ui().act(runOf(cairn), { kind: "close" } as never);
    cairn.reset();
    await clock.advance(1_000);
    cairn.identify("u1", PRO, { token: () => tokenFor("u1") });
    await clock.advance(1_000);
    expect(one.shown()).toEqual(["show welcome/hi"]);
    expect(outcome(cairn, "welcome")).toBe("frequency");
  });
});

describe("another company", () => {
  it("is another account: nothing that was known of the former one is said of it", async () => {
    const one = device(1);
    const cairn = await one.visit();
    cairn.identify("u1");
    cairn.group("a1", { plan: "trial", note: "of a1" });
    await clock.advance(100);
    cairn.group("a2", {});
    cairn.track("x");
    await clock.advance(5_000);
    expect(server.stored.find(({ event }) => event === "x")?.context?.groupId).toBe("a2");
    expect(JSON.stringify(one.values.get("pk_test|state|user|u1"))).not.toContain("of a1");
  });
});

describe("the anonymous id", () => {
  it("has 128 random bits, stays over pages, and goes with the sign-out", async () => {
    const one = device(1);
    const id = () => (one.values.get("pk_test|who") as { anonymousId: string }).anonymousId;
    const a = await one.visit();
    const first = id();
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    a.destroy();
    const b = await one.visit();
    expect(id()).toBe(first);
    b.identify("u1");
    await clock.advance(100);
    expect(id()).toBe(first);
    b.reset();
    await clock.advance(100);
    expect(id()).toMatch(/^[0-9a-f]{32}$/);
    expect(id()).not.toBe(first);
  });
});
