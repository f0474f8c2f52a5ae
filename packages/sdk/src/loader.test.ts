// @vitest-environment happy-dom
import { transformSync } from "esbuild";
import { beforeEach, describe, expect, it } from "vitest";
import { declaredMethods } from "../test/declared-methods.ts";
import { tried } from "../test/guards/tried.ts";
import { hostileArguments } from "../test/hostile-arguments.ts";
import source from "./loader.ts?raw";

/** The loader as the page runs it, with the boot chunk put in place of the `import()`. */
const code = transformSync(source, {
  loader: "ts",
  target: "es2022",
})
  .code.replace("__CAIRN_BOOT__", '"./boot-1.js"')
  .replace(
    "__CAIRN_FILES__",
    '{ "./boot-1.js": "boot=", "./part-1.js": "part=?./other-1.js", "./other-1.js": "other=" }',
  )
  .replace("import(hrefOf(name))", "importFile(hrefOf(name))");

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
    get: (_, method: string) =>
      // Not a promise.
      method === "then"
        ? undefined
        : (...args: unknown[]) => {
            calls.push([method, ...args]);
            if (args[0] === "throws") throw new Error("no");
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
      await new Promise((settle) => setTimeout(settle));
    },
    fail: async () => {
      fail(new Error("offline"));
      await chunk.catch(() => {});
    },
    chunk,
  };
}

interface Link {
  integrity: string;
  href: string;
  nonce: string;
  crossOrigin: string;
  rel: string;
  onload(event: { type: string }): void;
  onerror(event: { type: string }): void;
}
/** What the loader asked the page for. `answers` says whether each link loads; left out, all do. */
let links: Link[] = [];
let imported: string[] = [];
let answers: (link: Link) => "load" | "error" | "nothing" = () => "load";
let supports = true;

function load(boot: ReturnType<typeof fakeBoot>, attributes: Record<string, string> = {}): void {
  const script = document.createElement("script");
  script.setAttribute("src", "https://cairn.test/v1/cairn.js");
  script.dataset.key = "pk_1";
  Object.defineProperty(script, "nonce", { value: attributes.nonce ?? "" });
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  const fakeDocument = {
    currentScript: script,
    createElement: () => ({ relList: { supports: () => supports }, remove() {} }),
    head: {
      append(link: Link) {
        links.push(link);
        const answer = answers(link);
        if (answer === "load") link.onload({ type: "load" });
        if (answer === "error") link.onerror({ type: "error" });
      },
    },
  };
  new Function("importFile", "document", code)((href: string) => {
    imported.push(href);
    return boot.chunk;
  }, fakeDocument);
}
const page = window as unknown as { cairn?: Cairn & { q?: unknown[] } };
const cairn = () => page.cairn as Cairn;

beforeEach(() => {
  delete page.cairn;
  links = [];
  imported = [];
  answers = () => "load";
  supports = true;
});
const loadOf = (boot: ReturnType<typeof fakeBoot>) =>
  (boot.options[0] as { load: (name: string, hash?: string) => Promise<unknown> }).load;

describe("the loader", () => {
  it("hands over what its script tag says; the host is the script's origin unless it is named", async () => {
    const boot = fakeBoot();
    load(boot, { "data-consent": "pending", "data-locale": "ru" });
    await boot.arrive();
    expect(boot.options).toEqual([
      {
        key: "pk_1",
        host: "https://cairn.test",
        consent: "pending",
        locale: "ru",
        load: expect.any(Function),
      },
    ]);
    delete page.cairn;
    const other = fakeBoot();
    load(other, { "data-host": "https://eu.cairn.test", "data-debug": "on" });
    await other.arrive();
    expect(other.options).toEqual([
      { key: "pk_1", host: "https://eu.cairn.test", debug: "on", load: expect.any(Function) },
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
    for (const odd of [7, "x", { version: 2 }, Object.freeze({ q: 1 }), Object.freeze([])]) {
      page.cairn = odd as unknown as Cairn;
      const before = JSON.stringify(odd);
      expect(() => load(fakeBoot())).not.toThrow();
      expect(JSON.stringify(page.cairn)).toBe(before);
    }
  });

  it("takes every declared call before there is an api, whatever it is given", async () => {
    const hostile = hostileArguments();
    const methods = declaredMethods("Cairn");
    const boot = fakeBoot();
    load(boot);
    const givenBack: unknown[] = [];
    let calls = 0;
    for (const method of methods)
      for (const one of hostile) {
        expect(() => givenBack.push(cairn()[method]?.(one, one)), method).not.toThrow();
        calls++;
      }
    expect(calls).toBeGreaterThanOrEqual(15 * 40);
    tried(calls);
    // What on() and hold() give back is usable at once, and whatever it is given.
    for (const fn of givenBack) if (typeof fn === "function") expect(() => fn(hostile)).not.toThrow();
    await boot.arrive();
    expect(boot.calls).toHaveLength(Math.min(calls, 1_000));
    expect(Object.keys(cairn())).toEqual(expect.arrayContaining(declaredMethods("Cairn")));
  });

  it("never throws, whatever the api does", async () => {
    const boot = fakeBoot();
    load(boot);
    expect(() => cairn().group?.("throws")).not.toThrow();
    cairn().track?.("after it");
    await boot.arrive();
    expect(boot.calls).toEqual([
      ["group", "throws"],
      ["track", "after it"],
    ]);
    expect(() => cairn().group?.("throws")).not.toThrow();
  });
});

describe("the loader's files", () => {
  it("are asked for with hash, nonce and CORS, and run after they have loaded", async () => {
    const boot = fakeBoot();
    let arrived: Link | undefined;
    answers = (link) => {
      arrived = link;
      return "nothing";
    };
    load(boot, { nonce: "n0nce" });
    expect(links).toMatchObject([
      {
        rel: "modulepreload",
        href: "https://cairn.test/v1/boot-1.js",
        integrity: "sha256-boot=",
        crossOrigin: "",
        nonce: "n0nce",
      },
    ]);
    await new Promise((settle) => setTimeout(settle));
    expect(imported).toEqual([]);
    arrived?.onload({ type: "load" });
    await boot.arrive();
    expect(imported).toEqual(["https://cairn.test/v1/boot-1.js"]);
    expect(boot.options).toHaveLength(1);
  });

  it("never run where the browser refused one: silence", async () => {
    const boot = fakeBoot();
    answers = () => "error";
    load(boot);
    await boot.arrive();
    expect(imported).toEqual([]);
    expect(boot.options).toEqual([]);
    expect(() => cairn().track?.("a")).not.toThrow();
  });

  it("bring those that they import, each with its own hash; one that is refused stops all", async () => {
    const boot = fakeBoot();
    load(boot);
    await boot.arrive();
    links = [];
    imported = [];
    await loadOf(boot)("./part-1.js");
    expect(links.map(({ href, integrity }) => [href, integrity.split("?")[0]])).toEqual([
      ["https://cairn.test/v1/part-1.js", "sha256-part="],
      ["https://cairn.test/v1/other-1.js", "sha256-other="],
    ]);
    expect(imported).toEqual(["https://cairn.test/v1/part-1.js"]);
    answers = ({ href }) => (href.includes("other") ? "error" : "load");
    await expect(loadOf(boot)("./part-1.js")).rejects.toEqual({ type: "error" });
    expect(imported).toHaveLength(1);
  });

  it("that only another file knows are checked by the hash that it gives", async () => {
    const boot = fakeBoot();
    load(boot);
    await boot.arrive();
    links = [];
    await loadOf(boot)("./deep-1.js", "deep=?./other-1.js");
    expect(links.map(({ href, integrity }) => [href, integrity.split("?")[0]])).toEqual([
      ["https://cairn.test/v1/deep-1.js", "sha256-deep="],
      ["https://cairn.test/v1/other-1.js", "sha256-other="],
    ]);
  });

  it("are imported at once by browsers without modulepreload", async () => {
    supports = false;
    const boot = fakeBoot();
    load(boot);
    await boot.arrive();
    expect(links).toEqual([]);
    expect(boot.options).toHaveLength(1);
  });
});
