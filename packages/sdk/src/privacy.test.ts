// @vitest-environment happy-dom

import type { Config, Message } from "@cairn/flow-schema";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeBrowser } from "../test/fake-browser.ts";
import { batchFields, keyPatterns, listed, PRIVACY_PAGE, paths } from "../test/privacy-page.ts";
import { createStateServer, signToken } from "../test/state-server.ts";
import type { Cairn, CairnOptions, PrivacyOptions } from "./api.ts";
import { createClient } from "./client.ts";
import { createPrivacy } from "./privacy.ts";
import { createFakeClock, type FakeClock } from "./testing.ts";
import { toJsonObject } from "./to-json.ts";

const config = {
  schemaVersion: 1,
  environment: "test",
  flows: [
    {
      schemaVersion: 1,
      id: "welcome",
      kind: "tooltip",
      steps: [{ id: "hi", title: "Hi", actions: [{ id: "ok", label: "OK", do: "done" }] }],
    },
    {
      schemaVersion: 1,
      id: "never",
      kind: "tooltip",
      audience: { user: { plan: "none" } },
      steps: [{ id: "hi", title: "Hi" }],
    },
  ],
  features: [
    {
      id: "saving",
      name: "Saving",
      uses: [{ click: { anchor: "save" } }],
      activated: { count: 1, within: "7d" },
    },
    {
      id: "writing",
      name: "Writing",
      uses: [{ input: { anchor: "field" } }],
      activated: { count: 1, within: "7d" },
    },
  ],
  settings: { budget: null },
} as unknown as Config;

let clock: FakeClock;
let server: ReturnType<typeof createStateServer>;
let open: Cairn[] = [];
let undo: (() => void)[] = [];
beforeEach(() => {
  clock = createFakeClock();
  server = createStateServer(clock);
  document.body.innerHTML = `<button data-cairn="save">Save</button><input id="field" data-cairn="field" value="typed secret">`;
  document.title = "A title";
  history.replaceState(null, "", "/patients/77?tab=2&email=a@b.c#top");
});
afterEach(() => {
  for (const cairn of open) cairn.destroy();
  open = [];
  for (const step of undo) step();
  undo = [];
});

function visit(options: Partial<CairnOptions> = {}) {
  const page = fakeBrowser({ config, clock, answer: (url, init) => server.answer(url, init) });
  const cairn = createClient(
    { key: "pk_test", host: "https://cairn.test", debug: true, ...options } as CairnOptions,
    page.platform,
  );
  open.push(cairn);
  return { cairn, page };
}
/** Sets a property of the browser for one test. */
function set(target: object, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  undo.push(() => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  });
}
const bodies = (page: ReturnType<typeof visit>["page"], part: string) =>
  page.requests
    .filter(({ url, init }) => url.includes(part) && init?.body !== undefined)
    .map(({ init }) => JSON.parse(String(init?.body)) as Record<string, unknown>);

/** A visit in which all that can leave does. */
async function wholeVisit() {
  const { cairn, page } = visit({ release: "1.2.3" } as Partial<CairnOptions>);
  const exp = Math.floor(clock.now() / 1_000) + 3_000;
  cairn.identify("u1", { plan: "pro", password: "hunter2" }, { token: signToken({ sub: "u1", exp }) });
  cairn.group("a1", { size: 7 });
  await clock.advance(1_000);
  cairn.page("Reports", { filter: "x" });
  cairn.track("report.viewed", { report: 7, deep: { api_key: "k", fine: 1 } });
  cairn.on("step.action", () => {
    throw new Error("the host's own");
  });
  const run = cairn.decisions().find(({ outcome }) => outcome === "shown")?.run ?? "";
  page.ui().exposed(run, "hi" as never);
  page.ui().act(run, { kind: "button", id: "ok" as never });
  document.querySelector("button")?.click();
  await clock.advance(120_000);
  const stored = [...page.values.keys()];
  return { cairn, page, stored };
}

const sorted = (words: Iterable<string>) => [...new Set(words)].sort();

describe("docs/privacy.md", () => {
  it("lists exactly the requests, with what they carry beside a body", async () => {
    const { page } = await wholeVisit();
    const made = page.requests.map(({ url, init }) => `${init?.method ?? "GET"} ${new URL(url).pathname}`);
    expect(sorted(made)).toEqual(sorted(listed("Requests")));
    for (const { url, init } of page.requests) {
      const { searchParams, origin } = new URL(url);
      expect(origin).toBe("https://cairn.test");
      expect([...searchParams.keys()].every((name) => name === "key")).toBe(true);
      expect(
        [...new Headers(init?.headers).keys()].every((name) => /^(authorization|content-type)$/i.test(name)),
      ).toBe(true);
      expect(init?.credentials).toBe("omit");
    }
  });

  it("lists exactly the fields of a batch", async () => {
    const { page } = await wholeVisit();
    const sent = bodies(page, "/v1/batch").flatMap((body) => paths(body));
    const fields = sent.map((path) => path.replace(/^(batch\[\]\.(properties|traits))\..*/, "$1.*"));
    expect(sorted(fields)).toEqual(sorted(batchFields()));
  });

  it("lists the properties of Cairn's own events", async () => {
    await wholeVisit();
    const own = server.stored.filter(({ event }) => event?.startsWith("cairn."));
    expect(sorted(own.map(({ event = "" }) => event)).length).toBeGreaterThanOrEqual(7);
    const names = new Set(listed("Properties of Cairn's own events"));
    const unknown = own.flatMap(({ event, properties }) =>
      Object.keys(properties ?? {})
        .filter((name) => !names.has(name))
        .map((name) => `${event}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it("lists exactly the fields of a state that leaves; all else in it is empty", async () => {
    const { page } = await wholeVisit();
    const states = bodies(page, "/v1/state").map(
      ({ state }) => JSON.parse(String(state)) as Record<string, object>,
    );
    expect(states.length).toBeGreaterThan(0);
    for (const state of states) {
      const { person, shared, session, local, team, log, ...rest } = state;
      const fields = [
        ...Object.keys(rest).map((name) => `state.${name}`),
        ...Object.entries(person as object)
          .filter(([, value]) => typeof value === "string")
          .map(([name]) => `state.person.${name}`),
        "state.session",
        ...Object.keys(shared as object).map((name) => `state.shared.${name}`),
      ];
      expect(sorted(fields)).toEqual(sorted(listed("Fields of `PUT /v1/state`")));
      expect(person).toMatchObject({ user: {}, account: {} });
      expect([team, log]).toEqual([null, []]);
      expect(local).toMatchObject({ url: null, open: [], queue: [], held: {}, guards: {} });
      expect(Object.keys(session ?? {}).sort()).toEqual(["id", "last", "over", "start"]);
    }
  });

  it("lists exactly the keys that are stored", async () => {
    const { stored } = await wholeVisit();
    const offline = visit();
    server.answer = () => new Response("", { status: 503, headers: { "Retry-After": "60" } });
    const exp = Math.floor(clock.now() / 1_000) + 3_000;
    offline.cairn.identify("u1", {}, { token: signToken({ sub: "u1", exp }) });
    offline.cairn.track("unsent");
    await clock.advance(2_000);
    const keys = [...stored, ...offline.page.values.keys()];
    const refused = visit();
    server.answer = () => new Response("", { status: 413 });
    refused.cairn.track("too large");
    await clock.advance(2_000);
    const patterns = keyPatterns("pk_test");
    keys.push(...refused.page.values.keys());
    expect(keys.filter((key) => !patterns.some((pattern) => pattern.test(key)))).toEqual([]);
    // The two locks exist only in browsers without Web Locks.
    const unused = patterns.filter((pattern) => !keys.some((key) => pattern.test(key)));
    expect(unused.filter(({ source }) => !/sender|word/.test(source))).toEqual([]);
  });

  it("lists exactly the options", () => {
    const all: Required<PrivacyOptions> = {
      query: [],
      hash: true,
      maskPaths: [],
      title: true,
      allow: [],
      deny: [],
      honour: [],
      definitions: "",
    };
    const named =
      PRIVACY_PAGE.split("## Options")[1]
        ?.split("## What leaves")[0]
        ?.matchAll(/^\| `(\w+)` \|/gm) ?? [];
    expect(sorted([...named].map(([, name = ""]) => name))).toEqual(sorted(Object.keys(all)));
  });
});

describe("by default", () => {
  it("no query, no fragment, no field's value and no secret leaves or is read", async () => {
    let reads = 0;
    for (const prototype of [
      HTMLInputElement.prototype,
      HTMLTextAreaElement.prototype,
      HTMLSelectElement.prototype,
    ]) {
      const own = Object.getOwnPropertyDescriptor(prototype, "value") as PropertyDescriptor;
      Object.defineProperty(prototype, "value", { ...own, get: () => String(++reads) });
      undo.push(() => Object.defineProperty(prototype, "value", own));
    }
    const { page } = await wholeVisit();
    document.querySelector("input")?.dispatchEvent(new Event("input", { bubbles: true }));
    await clock.advance(5_000);
    expect(reads).toBe(0);
    // That somebody typed was noticed.
    expect(server.stored.map(({ properties }) => properties?.feature)).toContain("writing");
    const sent = JSON.stringify(page.requests.map(({ url, init }) => [url, init?.body]));
    for (const secret of ["email", "a@b.c", "#top", "tab=2", "typed secret", "hunter2", "api_key"])
      expect(sent).not.toContain(secret);
    expect(sent).toContain("/patients/77");
  });

  it.each([
    "password",
    "Passwd",
    "secret",
    "client_secret",
    "token",
    "access_token",
    "idToken",
    "API_KEY",
    "apiKey",
    "private_key",
    "Authorization",
    "cookie",
    "cardNumber",
    "cvv",
    "iban",
    "ssn",
  ])("a property called %s is dropped at every depth, its neighbours are not", (name) => {
    expect(toJsonObject({ [name]: "x", list: [{ [name]: "x", ok: 1 }], ok: 1 })).toEqual({
      list: [{ ok: 1 }],
      ok: 1,
    });
    expect(toJsonObject({ [`${name}s_used`]: 1 })).toEqual({ [`${name}s_used`]: 1 });
  });
});

describe("the options", () => {
  const message = (fields: Partial<Message> = {}): Message => ({
    type: "track",
    event: "x",
    messageId: "1",
    timestamp: "2026-01-01T00:00:00.000Z",
    ...fields,
  });
  const clean = (options: PrivacyOptions, fields?: Partial<Message>) =>
    createPrivacy(window as unknown as Window, options).clean(message(fields));

  it("leave what is named of a query, and the fragment", () => {
    const { page } = clean({ query: ["tab"], hash: true }).context ?? {};
    expect(page?.url).toMatch(/\/patients\/77\?tab=2#top$/);
    expect(clean({}).context?.page?.url).toMatch(/\/patients\/77$/);
  });

  it("mask paths, and with them the title", () => {
    const { page } = clean({ maskPaths: ["/patients/"] }).context ?? {};
    expect(page).toMatchObject({ path: "/patients/…", title: "" });
    expect(page?.url).toMatch(/\/patients\/…$/);
    expect(clean({ title: false }).context?.page).toMatchObject({ title: "", path: "/patients/77" });
  });

  it("allow and deny properties and traits, but not those of Cairn's own events", () => {
    const properties = { Plan: "pro", salary: 1, rest: 2 };
    expect(clean({ deny: ["Salary"] }, { properties }).properties).toEqual({ Plan: "pro", rest: 2 });
    expect(clean({ allow: ["plan", "salary"], deny: ["salary"] }, { properties }).properties).toEqual({
      Plan: "pro",
    });
    expect(clean({ allow: [] }, { type: "identify", traits: properties }).traits).toEqual({});
    const deep = { person: { SALARY: 1, list: [{ salary: 2, ok: [1, null, "salary"] }, [{ salary: 3 }]] } };
    expect(clean({ deny: ["Salary"] }, { properties: deep }).properties).toEqual({
      person: { list: [{ ok: [1, null, "salary"] }, [{}]] },
    });
    // What is allowed is allowed with all that is in it, but for what is denied.
    expect(
      clean({ allow: ["person"], deny: ["list"] }, { properties: { ...deep, x: 1 } }).properties,
    ).toEqual({
      person: { SALARY: 1 },
    });
    const own = { event: "cairn.flow.shown", properties: { flow: "a" } };
    expect(clean({ allow: [] }, own).properties).toEqual({ flow: "a" });
  });

  it("hold for what is really sent", async () => {
    const { cairn } = visit({ privacy: '{"maskPaths":["/patients/"],"deny":["salary"]}' });
    cairn.track("x", { salary: 7, ok: 1 });
    await clock.advance(5_000);
    expect(server.stored.find(({ event }) => event === "x")?.properties).toEqual({ ok: 1 });
    expect(JSON.stringify(server.stored)).not.toContain("77");
  });

  it.each([
    ["gpc", "globalPrivacyControl", true],
    ["dnt", "doNotTrack", "1"],
  ] as const)("honour %s: nothing is stored or sent until the page says so", async (signal, name, value) => {
    set(window.navigator, name, value);
    const { cairn, page } = visit({ privacy: { honour: [signal] } });
    cairn.track("x");
    await clock.advance(60_000);
    expect(page.requests).toEqual([]);
    expect(page.values.size).toBe(0);
    expect((await cairn.explain()).consent).toBe("denied");
    cairn.consent("granted");
    await clock.advance(60_000);
    expect(page.requests.length).toBeGreaterThan(0);
  });

  it("without honour, or without the signal, change nothing", async () => {
    set(window.navigator, "doNotTrack", "1");
    for (const privacy of [{}, { honour: ["gpc"] }] as PrivacyOptions[]) {
      const { page } = visit({ privacy });
      await clock.advance(2_000);
      expect(page.requests.length).toBeGreaterThan(0);
    }
  });

  it.each(["{", "7x", '{"definitions":"["}'])(
    "that make no sense (%s) mean that nothing leaves",
    async (privacy) => {
      const { page, cairn } = visit({ privacy });
      cairn.track("x");
      await clock.advance(60_000);
      expect(page.requests).toEqual([]);
      expect(page.values.size).toBe(0);
    },
  );
});

describe("without consent", () => {
  it.each(["pending", "denied"] as const)(
    "%s: a host may guide by its own definitions, in memory",
    async (consent) => {
      const { cairn, page } = visit({ consent, privacy: { definitions: config } });
      await clock.advance(5_000);
      expect(page.shown[0]).toBe("show welcome/hi");
      expect(page.requests).toEqual([]);
      expect(page.values.size).toBe(0);
      cairn.identify("u1");
      cairn.track("x");
      await clock.advance(60_000);
      expect(page.requests).toEqual([]);
      expect(page.values.size).toBe(0);
    },
  );

  it("with a token, nothing is asked before consent; then the state comes", async () => {
    const { cairn } = visit({ consent: "pending" });
    cairn.identify(
      "u1",
      {},
      { token: signToken({ sub: "u1", exp: Math.floor(clock.now() / 1_000) + 3_000 }) },
    );
    await clock.advance(60_000);
    expect(server.requests).toEqual([]);
    cairn.consent("granted");
    await clock.advance(60_000);
    expect(server.asked()[0]).toBe("GET 200");
  });

  it("definitions may stand in the page as JSON", async () => {
    document.body.insertAdjacentHTML("beforeend", `<script type="application/json" id="defs"></script>`);
    const element = document.querySelector("#defs") as HTMLElement;
    element.textContent = JSON.stringify(config);
    const { page } = visit({ consent: "pending", privacy: '{"definitions":"#defs"}' });
    await clock.advance(5_000);
    expect(page.shown[0]).toBe("show welcome/hi");
  });
});
