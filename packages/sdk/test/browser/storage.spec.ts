import { expect, test } from "@playwright/test";
import { type Site, serveSite } from "../delivery/site.ts";
import { launch } from "../delivery/tabs.ts";

/** Every way in which storage fails a page: the hint is shown, the events arrive, and nobody hears a word. */

test.describe.configure({ timeout: 120_000 });

let site: Site;
test.beforeAll(async () => {
  site = await serveSite();
});
test.afterAll(() => site?.close());

/** Breaks the database before the page's first script; runs in the page. */
const noDatabase = () => Object.defineProperty(window, "indexedDB", { value: undefined, configurable: true });
const noLocalStorage = () => {
  const refused = {
    get(): never {
      throw new DOMException("cookies are off", "SecurityError");
    },
  };
  Object.defineProperty(window, "indexedDB", refused);
  Object.defineProperty(window, "localStorage", refused);
};

interface Fault {
  readonly breaks: () => unknown;
  readonly kind: "indexeddb" | "localstorage" | "memory";
  /** How many events it costs: `droppedEvents` says so. @default 0 */
  readonly costs?: number;
  /** Codes of the errors that the SDK tells of it. @default none */
  readonly told?: readonly string[];
  /** Awaited in the page before the SDK starts. */
  readonly prepare?: () => Promise<unknown>;
}
const faults: { [name: string]: Fault } = {
  "there is no database": { kind: "localstorage", breaks: noDatabase },
  "opening throws": {
    kind: "localstorage",
    breaks: () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("not here", "InvalidStateError");
      };
    },
  },
  "opening fails": {
    kind: "localstorage",
    breaks: () => {
      const open = IDBFactory.prototype.open;
      // A version that was never there is an error of the browser's own.
      IDBFactory.prototype.open = function () {
        const request = open.call(this, "other", 1);
        request.addEventListener("success", (event) => {
          event.stopImmediatePropagation();
          request.onerror?.call(request, new Event("error"));
        });
        return request;
      };
    },
  },
  "opening hangs": {
    kind: "localstorage",
    breaks: () => {
      IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest;
    },
  },
  "another page blocks the database": {
    kind: "localstorage",
    breaks: () => {},
    prepare: () =>
      new Promise((resolve) => {
        const request = indexedDB.open("cairn");
        // Held open, and never let go: what follows has to wait for it.
        request.onsuccess = () => {
          Object.assign(window, { held: request.result });
          indexedDB.deleteDatabase("cairn").onblocked = resolve;
        };
      }),
  },
  "the database closes in the middle of a transaction": {
    kind: "indexeddb",
    breaks: () => {
      const transaction = IDBDatabase.prototype.transaction;
      let count = 0;
      IDBDatabase.prototype.transaction = function (...args) {
        // Five: as many as are made at one moment, at most, and one more; all of them again would be closed again.
        if (++count % 5 === 2) this.close();
        return transaction.apply(this, args);
      };
    },
  },
  "transactions are aborted": {
    kind: "localstorage",
    breaks: () => {
      const transaction = IDBDatabase.prototype.transaction;
      IDBDatabase.prototype.transaction = function (...args) {
        const opened = transaction.apply(this, args);
        if (args[1] === "readwrite") queueMicrotask(() => opened.abort());
        return opened;
      };
    },
  },
  "transactions hang": {
    kind: "localstorage",
    breaks: () => {
      IDBObjectStore.prototype.get = () => new EventTarget() as IDBRequest;
    },
  },
  "the disk is full": {
    kind: "localstorage",
    breaks: () => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    },
  },
  "the disk and localStorage are full": {
    kind: "memory",
    breaks: () => {
      const full = (): never => {
        throw new DOMException("full", "QuotaExceededError");
      };
      IDBObjectStore.prototype.put = full;
      Storage.prototype.setItem = full;
    },
  },
  "the database has no store": {
    kind: "localstorage",
    breaks: () => {},
    prepare: () =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open("cairn", 7);
        request.onsuccess = () => {
          request.result.close();
          resolve();
        };
      }),
  },
  "everything in it is damaged": {
    kind: "indexeddb",
    costs: 6,
    told: ["state"],
    breaks: () => {},
    prepare: () =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open("cairn");
        request.onupgradeneeded = () => request.result.createObjectStore("cairn");
        request.onsuccess = () => {
          const keys = request.result.transaction("cairn", "readwrite").objectStore("cairn");
          const key = new URLSearchParams(location.search).get("key");
          const mess = [null, 7, "mess", [], { text: "{" }, { anonymousId: 7, messageId: {}, text: {} }];
          for (const [n, one] of mess.entries())
            for (const name of ["who", "later", `event|${n}`, `state|anonymous|${n}`, "sender", "word"])
              keys.put(one, `${key}|${name}`);
          keys.transaction.oncomplete = () => {
            request.result.close();
            resolve();
          };
        };
      }),
  },
  "cookies are off": { kind: "memory", breaks: noLocalStorage },
  "nothing of the kind exists, nor channels and locks": {
    kind: "memory",
    breaks: () => {
      for (const name of ["indexedDB", "localStorage", "BroadcastChannel"])
        Object.defineProperty(window, name, { value: undefined, configurable: true });
      Object.defineProperty(navigator, "locks", { value: undefined });
    },
  },
};

test("there are 14 ways to fail", () => expect(Object.keys(faults)).toHaveLength(14));

for (const [name, { breaks, kind, prepare, costs = 0, told = [] }] of Object.entries(faults))
  test(`where ${name}, the hint is shown and the events arrive`, async ({ page }) => {
    const key = `pk_${name.replace(/\W/g, "_")}`;
    await page.addInitScript(breaks);
    await page.goto(`${site.url}/?key=${key}&wait`);
    await page.waitForSelector("html[data-ready]");
    if (prepare) await page.evaluate(prepare);
    await page.evaluate(() => {
      window.start();
      window.cairn.track("from.host");
    });
    await expect(page.locator("cairn-root .card")).toBeVisible();
    const events = () => (site.stored.get(key) ?? []).map(({ event }) => event);
    await expect.poll(events).toEqual(expect.arrayContaining(["from.host", "cairn.flow.shown"]));
    await page.getByRole("button", { name: "Got it" }).click();
    await expect(page.locator("cairn-root .card")).toHaveCount(0);
    await expect.poll(events).toContain("cairn.flow.completed");
    const report = await page.evaluate(() => window.cairn.explain());
    expect([report.storage, report.droppedEvents, ...report.errors]).toEqual([kind, costs, ...told]);
    expect(await page.evaluate(() => [...window.mishaps, ...window.warnings])).toEqual(
      told.map((code) => expect.stringContaining(`internal error (${code})`)),
    );
    expect(events().filter((event) => event === "cairn.flow.shown")).toHaveLength(1);
  });

test("in a sandboxed frame, where all of it is refused, the hint is shown and the events arrive", async ({
  page,
}) => {
  const key = "pk_sandbox";
  await page.goto(`${site.url}/?wait`);
  await page.evaluate((src) => {
    const frame = document.createElement("iframe");
    frame.sandbox.add("allow-scripts");
    frame.src = src;
    document.body.append(frame);
  }, `${site.url}/?key=${key}`);
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("cairn-root .card")).toBeVisible();
  const inner = page.frames()[1];
  await expect
    .poll(() => (site.stored.get(key) ?? []).map(({ event }) => event))
    .toContain("cairn.flow.shown");
  const report = await inner?.evaluate(() => window.cairn.explain());
  expect([report?.storage, ...(report?.errors ?? [])]).toEqual(["memory"]);
  expect(await inner?.evaluate(() => [...window.mishaps, ...window.warnings])).toEqual([]);
});

test("what an earlier page kept in localStorage comes back when the database works again", async ({
  page,
}) => {
  const key = "pk_back";
  await page.addInitScript(() => {
    if (location.search.includes("broken"))
      Object.defineProperty(window, "indexedDB", { value: undefined, configurable: true });
  });
  site.misbehave("batch", (_, response) => response.destroy());
  await page.goto(`${site.url}/?key=${key}&broken`);
  await expect(page.locator("cairn-root .card")).toBeVisible();
  await page.evaluate(() => window.cairn.track("kept"));
  await expect
    .poll(() =>
      page.evaluate(() => Object.keys(localStorage).filter((one) => one.includes("|event|")).length),
    )
    .toBeGreaterThan(1);
  // The copy that goes with the page is lost, too.
  await page.goto(`${site.url}/?wait&elsewhere&broken`);
  expect((site.stored.get(key) ?? []).map(({ event }) => event)).not.toContain("kept");
  site.misbehave("batch", undefined);
  await page.goto(`${site.url}/?key=${key}`);
  await expect.poll(() => (site.stored.get(key) ?? []).map(({ event }) => event)).toContain("kept");
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage))).toEqual([]);
});

test("an open page does not keep anybody from deleting the database, and goes on", async ({ page }) => {
  const key = "pk_deleted";
  await page.goto(`${site.url}/?key=${key}`);
  await expect(page.locator("cairn-root .card")).toBeVisible();
  const blocked = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.deleteDatabase("cairn");
        request.onblocked = () => resolve("blocked");
        request.onsuccess = () => resolve("deleted");
      }),
  );
  expect(blocked).toBe("deleted");
  await page.evaluate(() => window.cairn.track("after"));
  await expect.poll(() => (site.stored.get(key) ?? []).map(({ event }) => event)).toContain("after");
  const report = await page.evaluate(() => window.cairn.explain());
  expect([report.storage, ...report.errors]).toEqual(["indexeddb"]);
});

const RESTORES = process.env.CAIRN_SOAK ? 100 : 5;
test(`a page restored from the back/forward cache goes on, ${RESTORES} times of ${RESTORES}, and doubles nothing`, async () => {
  test.setTimeout(process.env.CAIRN_SOAK ? 600_000 : 120_000);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const key = "pk_bfcache";
    await page.goto(`${site.url}/?key=${key}`);
    await page.waitForSelector("cairn-root");
    await page.evaluate(() => {
      Object.assign(window, { restored: 0 });
      addEventListener("pageshow", ({ persisted }) => {
        if (persisted) Object.assign(window, { restored: Number(Reflect.get(window, "restored")) + 1 });
      });
    });
    const shown = () =>
      (site.stored.get(key) ?? []).filter(({ event }) => event === "cairn.flow.shown").length;
    for (let round = 0; round < RESTORES; round++) {
      await page.evaluate((n) => window.cairn.track(`round-${n}`), round);
      await page.goto(`${site.url}/?wait&elsewhere`);
      await page.goBack({ waitUntil: "domcontentloaded" });
    }
    expect(await page.evaluate(() => Reflect.get(window, "restored"))).toBe(RESTORES);
    // It has the word again, and the hint is where it was.
    await expect
      .poll(() =>
        page.evaluate(() => !!document.querySelector("cairn-root")?.shadowRoot?.querySelector(".card")),
      )
      .toBe(true);
    await expect.poll(shown).toBe(1);
    const names = () => (site.stored.get(key) ?? []).map(({ event }) => event ?? "");
    await expect
      .poll(() => names().filter((name) => name.startsWith("round-")))
      .toEqual(Array.from({ length: RESTORES }, (_, n) => `round-${n}`));
    expect(await page.evaluate(() => [...window.mishaps, ...window.warnings])).toEqual([]);
    expect(shown()).toBe(1);
  } finally {
    await browser.close();
  }
});

test("what another tab says does not throw a page out of the back/forward cache, and is known when it is back", async () => {
  const browser = await launch();
  try {
    const key = "pk_bfcache_two";
    const page = await browser.newPage();
    const url = `${site.url}/?key=${key}`;
    await page.goto(url);
    await page.waitForSelector("cairn-root");
    await page.evaluate(() => {
      addEventListener("pageshow", ({ persisted }) => Object.assign(window, { restored: persisted }));
    });
    await page.goto(`${site.url}/?wait&elsewhere`);
    const other = await browser.newPage();
    await other.goto(url);
    await other.waitForSelector("cairn-root");
    await other.evaluate(() => {
      window.cairn.identify("somebody");
      window.cairn.track("told");
    });
    await expect.poll(() => (site.stored.get(key) ?? []).map(({ event }) => event)).toContain("told");
    await page.bringToFront();
    await page.goBack({ waitUntil: "domcontentloaded" });
    expect(await page.evaluate(() => Reflect.get(window, "restored"))).toBe(true);
    const people = async () => {
      await page.evaluate(() => window.cairn.track("who"));
      return (site.stored.get(key) ?? []).filter(({ event }) => event === "who").map(({ userId }) => userId);
    };
    await expect.poll(people).toContain("somebody");
  } finally {
    await browser.close();
  }
});

declare global {
  interface Window {
    mishaps: string[];
    warnings: string[];
    start(options?: object): unknown;
  }
}
