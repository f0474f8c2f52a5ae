// @vitest-environment happy-dom
import type { Config } from "@cairn/flow-schema";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { declaredMethods, stubbedMethods } from "../test/declared-methods.ts";
import { type FakeBrowserOptions, fakeBrowser } from "../test/fake-browser.ts";
import { tried } from "../test/guards/tried.ts";
import { hostileArguments } from "../test/hostile-arguments.ts";
import type { Cairn, CairnOptions } from "./api.ts";
import { createClient } from "./client.ts";
import { createCairn } from "./create-cairn.ts";
import { settle } from "./testing.ts";

const config = (fields: object = {}): Config =>
  ({
    schemaVersion: 1,
    environment: "test",
    flows: [
      {
        schemaVersion: 1,
        id: "export-hint",
        kind: "tooltip",
        audience: { user: { plan: "pro" } },
        trigger: { event: "report.viewed", atLeast: 2 },
        steps: [
          {
            id: "export",
            target: { anchor: "export-button" },
            title: "Hello {{user.name}}",
            actions: [
              { id: "ok", label: "Got it", do: "done" },
              { id: "go", label: "Go", do: ["done", { navigate: "/elsewhere" }, { contact: "csm" }] },
              { id: "tell", label: "Tell", do: ["done", { track: "hint.liked", properties: { n: 1 } }] },
            ],
          },
        ],
      },
      {
        schemaVersion: 1,
        id: "welcome",
        kind: "tooltip",
        audience: { user: { role: "admin" } },
        steps: [{ id: "hi", title: "Hi" }],
      },
    ],
    features: [
      {
        id: "exporting",
        name: "Exporting",
        uses: [{ click: { anchor: "export-button" } }],
        activated: { count: 1, within: "7d" },
      },
    ],
    settings: { budget: null },
    ...fields,
  }) as unknown as Config;

const browser = (options: FakeBrowserOptions = {}) => fakeBrowser({ config: config(), ...options });

let open: Cairn[] = [];
function start(page: ReturnType<typeof browser>, options: Partial<CairnOptions> = {}): Cairn {
  const cairn = createClient(
    { key: "pk_test", host: "https://cairn.test", debug: true, ...options } as CairnOptions,
    page.platform,
  );
  open.push(cairn);
  return cairn;
}

beforeEach(() => {
  document.body.innerHTML = `<button data-cairn="export-button">Export</button>`;
  // happy-dom has no layout.
  (document.body.firstElementChild as HTMLElement).getBoundingClientRect = () => new DOMRect(0, 0, 10, 10);
});
afterEach(() => {
  for (const cairn of open) cairn.destroy();
  open = [];
});
const button = () => document.querySelector("button") as HTMLElement;

/** Two views by a person of the right kind: what the tooltip waits for. */
async function showHint(page: ReturnType<typeof browser>, cairn: Cairn): Promise<void> {
  cairn.identify("u1", { plan: "pro", name: "Ann" });
  await page.clock.advance(100);
  cairn.track("report.viewed");
  cairn.track("report.viewed");
  await page.clock.advance(100);
}
const runOf = (cairn: Cairn) => cairn.decisions().find(({ outcome }) => outcome === "shown")?.run ?? "";

describe("one hint, from the script tag to the server", () => {
  it("is shown when its rule comes true, by a UI that was not loaded before", async () => {
    const page = browser();
    const cairn = start(page);
    await page.clock.advance(100);
    expect(page.uis()).toBe(0);
    await showHint(page, cairn);
    expect(page.shown).toEqual(["show export-hint/export"]);
    expect(page.uis()).toBe(1);
    expect(page.warnings).toEqual([]);
  });

  it("is recorded in the order in which it happened", async () => {
    const page = browser();
    const cairn = start(page);
    await showHint(page, cairn);
    const run = runOf(cairn);
    page.ui().exposed(run, "export" as never);
    page.ui().act(run, { kind: "button", id: "ok" as never });
    button().click();
    await page.clock.advance(5_000);
    expect(page.shown).toEqual(["show export-hint/export", "hide"]);
    const about = page
      .events()
      .filter((event) => event !== "cairn.flow.decided" && event !== "cairn.flow.held");
    expect(about).toEqual([
      "identify",
      "page",
      "report.viewed",
      "report.viewed",
      "cairn.flow.shown",
      "cairn.step.shown",
      "cairn.step.action",
      "cairn.step.completed",
      "cairn.flow.completed",
      "cairn.flow.ended",
      "cairn.feature.used",
    ]);
    expect(page.stored.map(({ context }) => context?.cairn?.seq)).toEqual(page.stored.map((_, i) => i + 1));
    expect(new Set(page.stored.map(({ context }) => context?.cairn?.session)).size).toBe(1);
    expect(page.stored.find(({ event }) => event === "cairn.flow.shown")?.context?.cairn?.run).toBe(run);
    expect([...page.values.keys()].filter((key) => key.startsWith("pk_test|event|"))).toEqual([]);
  });

  it("is not shown again on the next page, to the same person", async () => {
    const page = browser();
    const cairn = start(page);
    await showHint(page, cairn);
    const run = runOf(cairn);
    page.ui().exposed(run, "export" as never);
    page.ui().act(run, { kind: "button", id: "ok" as never });
    await page.clock.advance(1_000);
    cairn.destroy();
    await settle();
    const next = start(page);
    await showHint(page, next);
    expect(page.shown.filter((line) => line.startsWith("show"))).toHaveLength(1);
    expect(next.decisions().at(-1)).toMatchObject({ outcome: "held", reason: "frequency" });
  });

  it("tells handlers, lets them take navigation over, and sends the host's own event", async () => {
    const page = browser();
    const cairn = start(page);
    const heard: unknown[] = [];
    cairn.on("flow.shown", ({ flow }) => heard.push(flow));
    cairn.on("navigate", ({ path }) => {
      heard.push(path);
      return true;
    });
    cairn.on("contact", ({ who }) => heard.push(who));
    const off = cairn.on("flow.shown", () => heard.push("never"));
    off();
    cairn.on("flow.shown", () => {
      throw new Error("the host's own");
    });
    // One that throws stops nobody else.
    cairn.on("flow.shown", () => heard.push("after it"));
    await showHint(page, cairn);
    page.ui().exposed(runOf(cairn), "export" as never);
    page.ui().act(runOf(cairn), { kind: "button", id: "go" as never });
    await settle();
    expect(heard).toEqual(["export-hint", "after it", "/elsewhere", "csm"]);
  });

  it("comes for somebody whose name is told after the page", async () => {
    const page = browser();
    const cairn = start(page);
    await page.clock.advance(1_000);
    cairn.identify("u2", { role: "admin" });
    await page.clock.advance(100);
    expect(page.shown[0]).toBe("show welcome/hi");
  });
});

describe("calls before the start", () => {
  it("are taken in order, the person's name before the page", async () => {
    const page = browser();
    const cairn = start(page);
    cairn.track("early", { n: 1 });
    cairn.identify("u1");
    cairn.group("a1");
    await page.clock.advance(5_000);
    const said = page.events().filter((event) => !event.startsWith("cairn."));
    expect(said).toEqual(["identify", "group", "page", "early"]);
    expect(page.stored.find(({ event }) => event === "early")).toMatchObject({
      userId: "u1",
      properties: { n: 1 },
      context: { groupId: "a1" },
    });
  });
});

describe("people", () => {
  it("keep their own state on one device, and a sign-out begins somebody new", async () => {
    const page = browser();
    const cairn = start(page);
    await showHint(page, cairn);
    cairn.reset();
    await page.clock.advance(1_000);
    expect(page.shown).toEqual(["show export-hint/export", "hide"]);
    cairn.track("report.viewed");
    await page.clock.advance(2_000);
    const last = page.stored.at(-1);
    expect(last?.userId).toBeUndefined();
    expect(last?.anonymousId).not.toBe(page.stored[0]?.anonymousId);
    expect(cairn.decisions().filter(({ user }) => user === "u1")).toEqual([]);
  });

  it("do not inherit the hints of the one before", async () => {
    const page = browser();
    const cairn = start(page);
    await showHint(page, cairn);
    cairn.identify("u2", { plan: "pro", name: "Bob" });
    await page.clock.advance(100);
    cairn.track("report.viewed");
    await page.clock.advance(100);
    expect(page.shown.filter((line) => line.startsWith("show"))).toHaveLength(1);
    cairn.track("report.viewed");
    await page.clock.advance(100);
    expect(page.shown.filter((line) => line.startsWith("show"))).toHaveLength(2);
  });
});

describe("what lies damaged in the store", () => {
  it("is passed over: the person is somebody new, and events are sent", async () => {
    const page = browser();
    page.values.set("pk_test|who", { anonymousId: 1 });
    page.values.set("pk_test|event|0", "half a mess");
    const cairn = start(page);
    cairn.track("still.here");
    await page.clock.advance(5_000);
    expect(page.events()).toContain("still.here");
    expect(page.stored[0]?.anonymousId).toMatch(/^[0-9a-f]{32}$/);
    expect(page.values.get("pk_test|who")).toMatchObject({ anonymousId: page.stored[0]?.anonymousId });
    expect(page.warnings).toEqual(["cairn: internal error (state)"]);
  });
});

describe("without consent", () => {
  it.each(["pending", "denied"] as const)("%s: nothing is stored, nothing is sent", async (consent) => {
    const page = browser();
    const cairn = start(page, { consent });
    await showHint(page, cairn);
    await page.clock.advance(600_000);
    expect(page.requests).toEqual([]);
    expect(page.values.size).toBe(0);
    const report = await cairn.explain("export-hint");
    expect(report.storage).toBe("memory");
    expect(report.advice).toEqual([expect.stringContaining(`Consent is ${consent}`)]);
  });

  it("and with it later, storing and sending begin", async () => {
    const page = browser();
    const cairn = start(page, { consent: "pending" });
    await page.clock.advance(100);
    cairn.consent("granted");
    await showHint(page, cairn);
    await page.clock.advance(2_000);
    expect(page.shown).toEqual(["show export-hint/export"]);
    expect(page.events()).toContain("report.viewed");
  });

  it("and without it again, what was stored goes, and so do the hints", async () => {
    const page = browser();
    const cairn = start(page);
    await showHint(page, cairn);
    cairn.consent("denied");
    await page.clock.advance(1_000);
    const before = page.requests.length;
    cairn.track("report.viewed");
    await page.clock.advance(60_000);
    expect(page.values.size).toBe(0);
    expect(page.requests.slice(before).filter(({ url }) => url.includes("batch"))).toEqual([]);
    expect(page.shown.at(-1)).toBe("hide");
  });

  it("what an earlier page has stored goes, too, as soon as the page says denied", async () => {
    for (const consent of ["pending", "denied"] as const) {
      const page = browser();
      const before = start(page);
      await showHint(page, before);
      before.destroy();
      await page.clock.advance(1_000);
      expect(page.values.size).toBeGreaterThan(0);
      const cairn = start(page, { consent });
      cairn.consent("denied");
      await page.clock.advance(1_000);
      expect([...page.values.keys()]).toEqual([]);
    }
  });
});

describe("explain", () => {
  it("says that a flow is not published, and which ones are", async () => {
    const page = browser();
    const cairn = start(page);
    await showHint(page, cairn);
    const { flows, advice } = await cairn.explain("exprot-hint");
    expect(flows).toEqual([]);
    expect(advice).toEqual(['No flow "exprot-hint" is published here. Published: export-hint, welcome.']);
    expect((await cairn.explain("export-hint")).advice).toEqual([]);
  });
});

describe("the kill switch", () => {
  it("takes hints off, and shows none until it is on again", async () => {
    const page = browser();
    const cairn = start(page);
    await showHint(page, cairn);
    page.publish(config({ settings: { budget: null, enabled: false } }));
    await page.clock.advance(300_000);
    expect(page.shown.slice(1)).toEqual(["hide", "dispose"]);
    expect((await cairn.explain()).enabled).toBe(false);
    cairn.identify("u2", { role: "admin" });
    await page.clock.advance(60_000);
    expect(page.shown).toHaveLength(3);
    page.publish(config());
    await page.clock.advance(300_000);
    cairn.page();
    await page.clock.advance(100);
    expect(page.shown.slice(3)).toEqual(["show welcome/hi"]);
  });

  it("stops guidance only: what the host tells and what people use is recorded and sent", async () => {
    const page = browser();
    page.publish(config({ settings: { budget: null, enabled: false } }));
    const cairn = start(page);
    cairn.identify("u1", { plan: "pro" });
    cairn.group("a1");
    cairn.track("report.viewed");
    cairn.page("Reports");
    await page.clock.advance(100);
    button().click();
    await page.clock.advance(60_000);
    expect(page.events().filter((event) => !/^cairn\.flow\.(held|decided)$/.test(event))).toEqual([
      "identify",
      "group",
      "page",
      "report.viewed",
      "page",
      "cairn.feature.used",
    ]);
    expect(page.uis()).toBe(0);
  });
});

describe("a part of the engine that does not come", () => {
  it("is asked for again, and what happened meanwhile is not lost", async () => {
    const page = browser();
    let tries = 0;
    const loadCourse = () =>
      ++tries === 1 ? Promise.reject(new Error("chunk gone")) : page.platform.loadCourse();
    const flow = { schemaVersion: 1, id: "hi", kind: "tooltip", steps: [{ id: "one", title: "Hi" }] };
    const cairn = createClient(
      { config: config({ flows: [flow], settings: { budget: null } } as never) },
      { ...page.platform, loadCourse },
    );
    open.push(cairn);
    await page.clock.advance(100);
    expect([tries, page.shown]).toEqual([1, ["show hi/one"]]);
    page.ui().act(cairn.decisions()[0]?.run ?? "", { kind: "close" });
    await page.clock.advance(29_000);
    expect(page.shown).toEqual(["show hi/one"]);
    await page.clock.advance(2_000);
    expect([tries, page.shown.at(-1)]).toEqual([2, "hide"]);
  });
});

describe("a network that is away for minutes", () => {
  it("does not trip the breaker: hints come when their files do", async () => {
    const page = browser();
    let isAway = true;
    const gone = () => Promise.reject(new Error("chunk gone"));
    const flow = {
      schemaVersion: 1,
      id: "hi",
      kind: "tooltip",
      audience: { time: { from: "2020-01-01" } },
      steps: [{ id: "one", title: "Hi" }],
    };
    const cairn = createClient(
      { config: config({ flows: [flow], settings: { budget: null } } as never) },
      {
        ...page.platform,
        loadScreen: () => (isAway ? gone() : page.platform.loadScreen()),
        loadCourse: () => (isAway ? gone() : page.platform.loadCourse()),
      },
    );
    open.push(cairn);
    await page.clock.advance(180_000);
    expect(page.shown).toEqual([]);
    isAway = false;
    await page.clock.advance(120_000);
    expect(page.shown[0]).toBe("show hi/one");
  });
});

describe("signals", () => {
  it("set a hint off, watched from the start where a trigger asks for one, and not where none does", async () => {
    const trigger = { signal: "rage-click", target: { anchor: "export-button" } };
    const flow = {
      schemaVersion: 1,
      id: "help",
      kind: "tooltip",
      trigger,
      steps: [{ id: "one", title: "Help?" }],
    };
    for (const asked of [true, false]) {
      const page = browser();
      let loads = 0;
      const loadSignals = () => {
        loads++;
        return page.platform.loadSignals();
      };
      const platform = { ...page.platform, loadSignals };
      const flows = asked ? [flow] : [];
      const cairn = createClient(
        { config: config({ flows, settings: { budget: null } } as never) },
        platform,
      );
      open.push(cairn);
      await page.clock.advance(100);
      for (let i = 0; i < 4; i++)
        button().dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, detail: i + 1 }));
      await page.clock.advance(100);
      expect([loads, page.shown[0]]).toEqual(asked ? [1, "show help/one"] : [0, undefined]);
    }
  });
});

describe("signals that cannot be watched", () => {
  it("are one error, and take nothing else along", async () => {
    const page = browser();
    const step = { id: "one", title: "Hi" };
    const flows = [
      { schemaVersion: 1, id: "help", kind: "tooltip", trigger: { signal: "idle" }, steps: [step] },
      { schemaVersion: 1, id: "hi", kind: "tooltip", steps: [step] },
    ];
    const cairn = createClient(
      { config: config({ flows, settings: { budget: null } } as never), debug: true },
      { ...page.platform, loadSignals: () => Promise.reject(new Error("chunk gone")) },
    );
    open.push(cairn);
    await page.clock.advance(5_000);
    expect(page.shown[0]).toBe("show hi/one");
    expect(page.shown).not.toContain("dispose");
  });
});

describe("local mode", () => {
  it("shows hints from definitions in the page, and sends nothing", async () => {
    const page = browser();
    const cairn = createClient({ config: config() }, page.platform);
    open.push(cairn);
    const heard: unknown[] = [];
    cairn.on("feature.used", ({ feature }) => heard.push(feature));
    await showHint(page, cairn);
    button().click();
    await page.clock.advance(60_000);
    expect(page.shown).toEqual(["show export-hint/export"]);
    expect(heard).toEqual(["exporting"]);
    expect(page.requests).toEqual([]);
  });
});

describe("a server that is not there", () => {
  it("is silence: the page works, and events wait", async () => {
    const page = browser({ answer: () => Promise.reject(new TypeError("refused")) });
    const cairn = start(page);
    await showHint(page, cairn);
    await page.clock.advance(60_000);
    expect(page.shown).toEqual([]);
    expect(page.warnings).toEqual([]);
    expect([...page.values.keys()].filter((key) => key.startsWith("pk_test|event|")).length).toBeGreaterThan(
      3,
    );
  });

  it("that hangs does not keep calls waiting for more than five seconds", async () => {
    const page = browser({ answer: () => new Promise(() => {}) });
    const cairn = start(page);
    cairn.track("a");
    await page.clock.advance(4_999);
    // Who it is, and that this tab has the word.
    expect([...page.values.keys()].sort()).toEqual(["pk_test|who", "pk_test|word"]);
    await page.clock.advance(1);
    expect([...page.values.keys()].some((key) => key.startsWith("pk_test|event|"))).toBe(true);
  });
});

describe("the public calls", () => {
  const hostile = hostileArguments();
  // From the declarations: a method that is new there is tried here, and fails where nothing guards it.
  const methods = declaredMethods("Cairn") as (keyof Cairn)[];
  type Call = (...args: unknown[]) => unknown;

  it("are all tried here", () => {
    const cairn = start(browser());
    expect(methods.length).toBeGreaterThanOrEqual(15);
    expect(Object.keys(cairn).sort()).toEqual([...methods].sort());
    expect(stubbedMethods().sort()).toEqual([...methods].sort());
    expect(Object.keys(createCairn({ config: {} as never })).sort()).toEqual([...methods].sort());
    expect(hostile.length).toBeGreaterThanOrEqual(40);
  });

  it.each(["before the start", "after the start", "after destroy"])(
    "never throw %s, whatever they are given",
    async (phase) => {
      let calls = 0;
      for (const method of methods) {
        const page = browser();
        const cairn = start(page);
        if (phase !== "before the start") await page.clock.advance(100);
        if (phase === "after destroy") cairn.destroy();
        for (const first of hostile)
          for (const second of hostile.slice(0, method === "destroy" ? 1 : 12)) {
            calls++;
            let result: unknown;
            expect(
              () => {
                result = (cairn[method] as Call)(first, second, { token: first });
                // And options that are no options.
                if (method === "identify") (cairn[method] as Call)("u1", second, first);
              },
              `${method}(${typeof first})`,
            ).not.toThrow();
            if (result instanceof Promise) await result;
            if (typeof result === "function") expect(() => (result as Call)(first)).not.toThrow();
          }
        await page.clock.advance(1_000);
        // A handler of the host is the host's own; everything else must not even have been an internal error.
        expect(page.warnings.filter((words) => /internal error/.test(String(words)))).toEqual(
          page.warnings.filter((words) => /event-handler/.test(String(words))),
        );
      }
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      expect(calls).toBe((methods.length - 1) * 12 * hostile.length + hostile.length);
      tried(calls);
    },
  );

  it("keep working after any row of calls", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom(...methods.filter((one) => one !== "destroy" && one !== "consent")),
            fc.nat(hostile.length - 1),
          ),
          { maxLength: 12 },
        ),
        async (calls) => {
          const page = browser();
          const cairn = start(page);
          for (const [method, at] of calls)
            (cairn[method] as Call)(hostile[at], hostile[(at * 7) % hostile.length]);
          await page.clock.advance(100);
          cairn.track("still.here");
          await page.clock.advance(10_000);
          expect(page.events()).toContain("still.here");
          cairn.destroy();
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("the breaker", () => {
  it("takes everything off the page at the third internal error within a minute", async () => {
    const page = browser();
    const cairn = start(page);
    await showHint(page, cairn);
    page.platform.window.document.body.innerHTML = "";
    const other = browser();
    const createUi = () => {
      throw new Error("no place to draw");
    };
    const broken = createClient(
      { config: config(), debug: true },
      { ...other.platform, loadScreen: async () => ({ ...(await page.platform.loadScreen()), createUi }) },
    );
    open.push(broken);
    broken.identify("u1", { plan: "pro", name: "Ann" });
    await other.clock.advance(100);
    for (let i = 0; i < 3; i++) {
      broken.start("welcome", { force: true });
      await other.clock.advance(100);
    }
    const before = [...other.values.keys()].length;
    broken.track("after");
    await other.clock.advance(5_000);
    expect(broken.decisions()).toEqual([]);
    expect([...other.values.keys()]).toHaveLength(before);
    expect(other.clock.pending()).toBe(0);
  });
});

describe("destroy", () => {
  it("leaves no timer, no listener and no hint behind", async () => {
    const page = browser();
    const added = new Map<string, number>();
    const count = (target: EventTarget, by: number, type: string) =>
      added.set(
        `${target.constructor.name} ${type}`,
        (added.get(`${target.constructor.name} ${type}`) ?? 0) + by,
      );
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (
      this: EventTarget,
      ...args: Parameters<typeof addEventListener>
    ) {
      count(this, 1, args[0]);
      addEventListener.apply(this, args);
    };
    EventTarget.prototype.removeEventListener = function (
      this: EventTarget,
      ...args: Parameters<typeof removeEventListener>
    ) {
      count(this, -1, args[0]);
      removeEventListener.apply(this, args);
    };
    try {
      const cairn = start(page);
      await showHint(page, cairn);
      cairn.destroy();
      await settle();
      expect([...added].filter(([, n]) => n > 0)).toEqual([]);
      expect(page.clock.pending()).toBe(0);
      expect(page.shown.at(-1)).toBe("dispose");
    } finally {
      Object.assign(EventTarget.prototype, { addEventListener, removeEventListener });
    }
  });
});
