// @vitest-environment happy-dom
import { transformSync } from "esbuild";
import { beforeEach, describe, expect, it } from "vitest";
import source from "./loader.ts?raw";

/** The loader as the page runs it, with the boot chunk put in place of the `import()`. */
const code = transformSync(source, {
  loader: "ts",
  target: "es2022",
}).code.replace('import(new URL("__CAIRN_BOOT__", script.src).href)', "importBoot()");

type Calls = [method: string, ...args: unknown[]][];
type Cairn = Record<string, (...args: unknown[]) => unknown>;

/** A boot chunk that arrives when it is told to, and notes the calls it gets. */
function fakeBoot() {
  const calls: Calls = [];
  const options: unknown[] = [];
  const off: unknown[] = [];
  let arrive = (_: unknown) => {};
  let fail = (_: unknown) => {};
  const chunk = new Promise((resolve, reject) => {
    arrive = resolve;
    fail = reject;
  });
  const api = new Proxy({} as Cairn, {
    get:
      (_, method: string) =>
      (...args: unknown[]) => {
        calls.push([method, ...args]);
        if (method === "explain") return Promise.resolve("why");
        return method === "on" || method === "hold" ? () => off.push(method) : undefined;
      },
  });
  return {
    calls,
    options,
    off,
    arrive: async () => {
      arrive({
        boot: (given: unknown) => {
          options.push(given);
          return api;
        },
      });
      await chunk;
    },
    fail: async () => {
      fail(new Error("offline"));
      await chunk.catch(() => {});
    },
    chunk,
  };
}

function load(boot: ReturnType<typeof fakeBoot>, attributes: Record<string, string> = {}): void {
  const script = document.createElement("script");
  script.setAttribute("src", "https://cairn.test/v1/cairn.js");
  script.dataset.key = "pk_1";
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  Object.defineProperty(document, "currentScript", { value: script, configurable: true });
  new Function("importBoot", code)(() => boot.chunk);
  Object.defineProperty(document, "currentScript", { value: null, configurable: true });
}
const page = window as unknown as { cairn?: Cairn & { q?: unknown[] } };
const cairn = () => page.cairn as Cairn;

beforeEach(() => {
  delete page.cairn;
});

describe("the loader", () => {
  it("hands over what its script tag says; the host is the script's origin unless it is named", async () => {
    const boot = fakeBoot();
    load(boot, { "data-consent": "pending", "data-locale": "ru" });
    await boot.arrive();
    expect(boot.options).toEqual([
      { key: "pk_1", host: "https://cairn.test", consent: "pending", locale: "ru", debug: false },
    ]);
    delete page.cairn;
    const other = fakeBoot();
    load(other, { "data-host": "https://eu.cairn.test", "data-debug": "" });
    await other.arrive();
    expect(other.options).toEqual([
      { key: "pk_1", host: "https://eu.cairn.test", consent: undefined, locale: undefined, debug: true },
    ]);
  });

  it("replays early calls in order, those of an inline stub first", async () => {
    const q: unknown[] = [["identify", ["u1"]]];
    const stub = { q, track: (...args: unknown[]) => stub.q.push(["track", args]) };
    page.cairn = stub as unknown as Cairn;
    const early = stub.track;
    stub.track("a");
    const boot = fakeBoot();
    load(boot);
    expect(page.cairn).toBe(stub);
    cairn().track?.("b", { n: 1 });
    early("c");
    await boot.arrive();
    early("d");
    cairn().track?.("e");
    expect(boot.calls).toEqual([
      ["identify", "u1"],
      ["track", "a"],
      ["track", "b", { n: 1 }],
      ["track", "c"],
      ["track", "d"],
      ["track", "e"],
    ]);
  });

  it("answers early calls with something usable", async () => {
    const boot = fakeBoot();
    load(boot);
    const off = cairn().on?.("flow.shown", () => {}) as () => void;
    const release = cairn().hold?.() as () => void;
    const why = cairn().explain?.("x");
    expect(cairn().decisions?.()).toEqual([]);
    off();
    await boot.arrive();
    expect(boot.off).toEqual(["on"]);
    release();
    expect(boot.off).toEqual(["on", "hold"]);
    expect(await why).toBe("why");
  });

  it("starts once, however often its tag stands on the page", async () => {
    const boot = fakeBoot();
    load(boot);
    load(boot);
    await boot.arrive();
    expect(boot.options).toHaveLength(1);
  });

  it("stays silent where the boot chunk never comes, and does not hoard calls", async () => {
    const boot = fakeBoot();
    load(boot);
    await boot.fail();
    for (let i = 0; i < 5_000; i++) cairn().track?.("a");
    expect(boot.calls).toEqual([]);
  });

  it("stays silent where `window.cairn` is something else, or frozen", () => {
    for (const odd of [7, "x", Object.freeze({ q: 1 }), Object.freeze([])]) {
      page.cairn = odd as unknown as Cairn;
      expect(() => load(fakeBoot())).not.toThrow();
    }
  });

  it("never throws, whatever the api does", async () => {
    const boot = fakeBoot();
    load(boot);
    const trap = {
      toString: () => {
        throw new Error("no");
      },
    };
    expect(() => cairn().track?.(trap)).not.toThrow();
    await boot.arrive();
    expect(() => cairn().track?.(trap)).not.toThrow();
  });
});
