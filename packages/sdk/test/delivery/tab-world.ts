// Over 300 lines: one small world; its parts are of no use apart.
import type { Config, Message } from "@cairn/flow-schema";
import { Window as PageWindow } from "happy-dom";
import type { Cairn, CairnOptions } from "../../src/api.ts";
import { createClient } from "../../src/client.ts";
import * as course from "../../src/course.ts";
import type { Clock, Entries, Platform, Store, Ui, UiPorts } from "../../src/ports.ts";
import * as privacy from "../../src/privacy.ts";
import * as rare from "../../src/rare.ts";
import * as screen from "../../src/screen.ts";
import * as signals from "../../src/signals/watch-signals.ts";
import { createMemoryStore } from "../../src/state/memory-store.ts";
import { createLadder } from "../../src/state/state-store.ts";
import { settle } from "../../src/testing.ts";
import * as stateClient from "../../src/transport/state-client.ts";

/** Longest way of one message between a tab and the browser. Milliseconds. */
const WAY_MS = 12;

/** A tab of the world. What it does takes turns in one line; a frozen tab's line stands still, a crashed one's is gone. */
export interface WorldTab {
  readonly name: string;
  state: "alive" | "frozen" | "gone";
  /** Nothing runs before: its page is busy. */
  busyUntil: number;
  readonly line: (() => void)[];
  readonly cairn: Cairn;
  readonly warnings: unknown[];
  readonly errors: unknown[];
  /** What is on screen, by run. */
  readonly cards: ReadonlySet<string>;
  readonly storage: () => Store["kind"];
  dispatch(target: "window" | "document", type: string, fields?: object): void;
}

interface Transaction {
  readonly tab: WorldTab | undefined;
  readonly isWriting: boolean;
  readonly begin: (end: () => void) => void;
  state: "waiting" | "open" | "over";
}

/**
 * One browser with several tabs, simulated: the real SDK in each, over Web Locks, a database, channels and timers that keep
 * the browser's rules and take as long as `random` (from 0 to 1) says. Nothing depends on the machine; the same numbers give
 * the same story.
 */
export function createTabWorld({
  config,
  random,
  options,
}: {
  config: Config;
  random: () => number;
  options?: Pick<CairnOptions, "consent">;
}) {
  let now = Date.UTC(2026, 0, 5, 9);
  let count = 0;
  const due: { at: number; id: number; fn: () => void }[] = [];
  const tabs: WorldTab[] = [];
  let front: WorldTab | undefined;
  const values = new Map<string, unknown>();
  const localValues = new Map<string, string>();
  /** What the server has, each message once. */
  const stored = new Map<string, Message>();
  const story: string[] = [];
  const tell = (words: string) => story.push(`${now - Date.UTC(2026, 0, 5, 9)} ${words}`);

  const later = (ms: number, fn: () => void): (() => void) => {
    const one = { at: now + Math.max(0, ms), id: ++count, fn };
    due.push(one);
    return () => {
      const at = due.indexOf(one);
      if (at >= 0) due.splice(at, 1);
    };
  };
  const way = () => Math.floor(random() * WAY_MS);

  /** Runs in the tab when its turn comes. */
  function turn(tab: WorldTab, fn: () => void): void {
    if (tab.state !== "gone") tab.line.push(fn);
    if (tab.state === "alive") work(tab);
  }
  function work(tab: WorldTab): void {
    later(Math.max(0, tab.busyUntil - now), () => {
      if (tab.state !== "alive") return;
      if (tab.busyUntil > now) work(tab);
      else tab.line.shift()?.();
    });
  }
  /** Something goes to the browser and its answer comes back; each takes its time. */
  const answer = <T>(tab: WorldTab, value: () => T): Promise<T> =>
    new Promise((resolve, reject) =>
      later(way(), () => {
        try {
          const result = value();
          later(way(), () => turn(tab, () => resolve(result)));
        } catch (error) {
          later(way(), () => turn(tab, () => reject(error)));
        }
      }),
    );

  /* ---- the database: transactions in order, writers alone ---- */
  const line: Transaction[] = [];
  function proceed(): void {
    for (const one of line) {
      const others = line.slice(0, line.indexOf(one));
      if (others.some((other) => one.isWriting || other.isWriting)) return;
      if (one.state !== "waiting") continue;
      one.state = "open";
      one.begin(() => end(one));
    }
  }
  function end(one: Transaction): void {
    one.state = "over";
    const at = line.indexOf(one);
    if (at >= 0) line.splice(at, 1);
    proceed();
  }
  function enqueue(tab: WorldTab, isWriting: boolean, begin: Transaction["begin"]): Transaction {
    const one: Transaction = { tab, isWriting, begin, state: "waiting" };
    later(way(), () => {
      if (tab.state === "gone" || one.state === "over") return;
      line.push(one);
      proceed();
    });
    return one;
  }
  /** One request that needs nothing more of the page. */
  const simple = <T>(tab: WorldTab, isWriting: boolean, act: () => T): Promise<T> =>
    new Promise((resolve) => {
      // Sent before the page went: it is carried out all the same.
      const one: Transaction = {
        tab: undefined,
        isWriting,
        state: "waiting",
        begin: (over) => {
          const result = act();
          over();
          later(way(), () => turn(tab, () => resolve(result)));
        },
      };
      later(way(), () => {
        line.push(one);
        proceed();
      });
    });
  function databaseOf(tab: WorldTab): Store {
    const open = new Set<() => void>();
    const keysWith = (prefix: string) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort();
    const write = ([key, value]: Entries[number]) =>
      void (value === undefined ? values.delete(key) : values.set(key, value));
    return {
      kind: "indexeddb",
      get: (key) => simple(tab, false, () => values.get(key)),
      put: (entries) => simple(tab, true, () => entries.forEach(write)),
      list: (prefix, limit) =>
        simple(tab, false, () =>
          keysWith(prefix)
            .slice(0, limit)
            .map((key) => values.get(key)),
        ),
      clear: (prefix) =>
        simple(tab, true, () => {
          for (const key of keysWith(prefix)) values.delete(key);
        }),
      update: (key, fn, also = []) =>
        new Promise((resolve, reject) => {
          let isOver = false;
          const abort = () => {
            if (isOver) return;
            isOver = true;
            open.delete(abort);
            later(way(), () => end(one));
            turn(tab, () => reject(new Error("AbortError")));
          };
          open.add(abort);
          const one = enqueue(tab, true, (over) => {
            const old = values.get(key);
            // The page has to say what is written: a frozen one keeps all others waiting.
            later(way(), () =>
              turn(tab, () => {
                if (isOver) return;
                try {
                  const entries: Entries = [[key, fn(old)], ...also];
                  isOver = true;
                  open.delete(abort);
                  later(way(), () => {
                    if (one.state === "over") return;
                    entries.forEach(write);
                    over();
                    later(way(), () => turn(tab, resolve));
                  });
                } catch (error) {
                  isOver = true;
                  open.delete(abort);
                  over();
                  reject(error);
                }
              }),
            );
          });
        }),
      rest: () => {
        for (const abort of [...open]) abort();
      },
    };
  }

  /* ---- Web Locks ---- */
  interface LockHolder {
    readonly tab: WorldTab;
    stolen(): void;
  }
  const held = new Map<string, LockHolder>();
  /** Requests that wait for a lock, in order. */
  const waiting: { readonly name: string; readonly tab: WorldTab; grant(): void }[] = [];
  function free(name: string, mine: LockHolder): void {
    if (held.get(name) !== mine) return;
    held.delete(name);
    const at = waiting.findIndex((one) => one.name === name);
    for (const next of at < 0 ? [] : waiting.splice(at, 1)) next.grant();
  }
  function locksOf(tab: WorldTab) {
    return {
      request: (name: string, { steal, signal }: LockOptions, callback: (lock: Lock | null) => unknown) =>
        new Promise((resolve, reject) => {
          const grant = () => {
            held.get(name)?.stolen();
            const mine = {
              tab,
              stolen: () => later(way(), () => turn(tab, () => reject(new Error("AbortError")))),
            };
            held.set(name, mine);
            if (name.endsWith("word")) tell(`${tab.name} has the word${steal ? " by force" : ""}`);
            later(way(), () =>
              turn(tab, () => {
                // Taken back while the answer was on its way: nobody is called.
                if (signal?.aborted) return void later(way(), () => free(name, mine));
                Promise.resolve(callback({ name, mode: "exclusive" } as Lock)).then((value) => {
                  later(way(), () => free(name, mine));
                  resolve(value);
                });
              }),
            );
          };
          if (signal?.aborted) throw new Error("AbortError");
          const request = { name, tab, grant };
          signal?.addEventListener("abort", () => {
            reject(new Error("AbortError"));
            later(way(), () => {
              const at = waiting.indexOf(request);
              if (at >= 0) waiting.splice(at, 1);
            });
          });
          later(way(), () => {
            if (tab.state === "gone") return;
            if (held.has(name) && !steal) waiting.push(request);
            else grant();
          });
        }),
    };
  }

  /* ---- channels: in order between any two tabs ---- */
  const channels = new Set<{
    tab: WorldTab;
    name: string;
    hear(data: unknown): void;
    at: Map<unknown, number>;
  }>();
  function channelOf(tab: WorldTab) {
    return class {
      onmessage: ((event: { data: unknown }) => void) | null = null;
      private readonly me;
      constructor(name: string) {
        this.me = {
          tab,
          name,
          at: new Map<unknown, number>(),
          hear: (data: unknown) => turn(tab, () => this.onmessage?.({ data })),
        };
        channels.add(this.me);
      }
      postMessage(data: unknown): void {
        const copy = structuredClone(data);
        for (const other of channels) {
          if (other === this.me || other.name !== this.me.name) continue;
          const at = Math.max(now + way(), other.at.get(tab) ?? 0);
          other.at.set(tab, at);
          later(at - now, () => other.hear(copy));
        }
      }
      close(): void {
        channels.delete(this.me);
      }
    };
  }

  /* ---- tabs ---- */
  const localStorage = {
    get length() {
      return localValues.size;
    },
    key: (n: number) => [...localValues.keys()][n] ?? null,
    getItem: (key: string) => localValues.get(key) ?? null,
    setItem: (key: string, text: string) => void localValues.set(key, text),
    removeItem: (key: string) => void localValues.delete(key),
    clear: () => localValues.clear(),
  };
  let ids = 0;
  function open(): WorldTab {
    const page = new PageWindow({ url: "https://product.test/" });
    const window = page as unknown as Platform["window"];
    const cards = new Set<string>();
    const warnings: unknown[] = [];
    const errors: unknown[] = [];
    let store: Store | undefined;
    const tab = {
      name: `tab ${tabs.length + 1}`,
      state: "alive" as WorldTab["state"],
      busyUntil: 0,
      line: [] as (() => void)[],
      cards,
      warnings,
      errors,
      storage: () => store?.kind ?? "memory",
      dispatch(target: "window" | "document", type: string, fields: object = {}) {
        const event = Object.assign(new page.Event(type), fields);
        page[target].dispatchEvent(event);
      },
    };
    const me = tab as unknown as WorldTab;
    const give = (on: object, name: string, get: () => unknown) =>
      Object.defineProperty(on, name, { configurable: true, get });
    give(page.document, "visibilityState", () => (front === me ? "visible" : "hidden"));
    give(page.document, "hasFocus", () => () => front === me);
    give(page.navigator, "locks", () => locks);
    give(page, "BroadcastChannel", () => Channel);
    give(page, "localStorage", () => localStorage);
    const locks = locksOf(me);
    const Channel = channelOf(me);
    const clock: Clock = {
      now: () => now,
      after(ms, fn) {
        let isCancelled = false;
        const cancel = later(ms, () => turn(me, () => isCancelled || fn()));
        return () => {
          isCancelled = true;
          cancel();
        };
      },
    };
    const load = <T>(part: T) => answer(me, () => part);
    const platform: Platform = {
      window,
      clock,
      fetch: async (input, init) => {
        const url = String(input);
        return answer(me, () => {
          if (url.includes("/v1/config")) return new Response(JSON.stringify(config));
          const { batch } = JSON.parse(String(init?.body)) as { batch: Message[] };
          for (const message of batch)
            if (!stored.has(message.messageId)) {
              stored.set(message.messageId, message);
              if (message.event === "cairn.flow.shown")
                tell(`the server has ${message.event} by ${message.context?.cairn?.run}`);
            }
          return new Response(JSON.stringify({ accepted: batch.length, duplicate: 0, rejected: [] }));
        });
      },
      logger: { warn: (...words) => void warnings.push(words) },
      openStore: (given) => {
        store = createLadder({
          rungs: [
            () => databaseOf(me),
            () => rare.createLocalStore(localStorage as Storage),
            () => createMemoryStore(),
          ],
          clock: given,
        });
        return store;
      },
      loadScreen: () => load({ ...screen, createUi: (ports: UiPorts) => uiOf(me, ports, cards) }),
      loadCourse: () => load(course),
      loadSignals: () => load(signals),
      loadVerified: () => load(stateClient),
      loadPrivacy: () => load(privacy),
      loadRare: () => load(rare),
      fill: (bytes) => {
        for (let i = 0; i < bytes.length; i++) bytes[i] = (++ids * 2_654_435_761) >>> 13;
      },
      random,
    };
    tabs.push(me);
    toFront(me);
    Object.assign(tab, {
      cairn: createClient(
        { key: "pk_test", host: "https://cairn.test", locale: "en", debug: true, ...options },
        platform,
      ),
    });
    tell(`${tab.name} opens`);
    return me;
  }
  /** A hint that was in view for a second was seen. */
  function uiOf(tab: WorldTab, ports: UiPorts, cards: Set<string>): Ui {
    const ends = new Map<string, () => void>();
    const hide = (run: string) => {
      ends.get(run)?.();
      ends.delete(run);
      if (cards.delete(run)) tell(`${tab.name} hides ${run}`);
    };
    return {
      show({ run, step }) {
        hide(run);
        cards.add(run);
        tell(`${tab.name} shows ${run}`);
        let cancel: (() => void) | undefined;
        const weigh = () => {
          cancel?.();
          cancel = undefined;
          if (ports.document.visibilityState === "visible")
            cancel = ports.clock.after(1_000, () => {
              tell(`${tab.name} exposes ${run}`);
              ports.exposed(run, step?.id ?? null);
            });
        };
        ports.document.addEventListener("visibilitychange", weigh);
        ends.set(run, () => {
          cancel?.();
          ports.document.removeEventListener("visibilitychange", weigh);
        });
        weigh();
      },
      update() {},
      hide,
      panel() {},
      toast() {},
      setLocale() {},
      dispose() {
        for (const run of [...ends.keys()]) hide(run);
      },
    };
  }

  function toFront(tab: WorldTab | undefined): void {
    const before = front;
    if (before === tab) return;
    front = tab;
    if (before && before.state !== "gone")
      turn(before, () => before.dispatch("document", "visibilitychange"));
    if (!tab) return;
    tell(`${tab.name} is in front`);
    turn(tab, () => {
      tab.dispatch("document", "visibilitychange");
      tab.dispatch("window", "focus");
    });
  }
  /** The tab is no more: the browser takes from it whatever it had. */
  function bury(tab: WorldTab): void {
    tab.state = "gone";
    tab.line.length = 0;
    for (const one of waiting.filter((one) => one.tab === tab)) waiting.splice(waiting.indexOf(one), 1);
    for (const [name, holder] of held) if (holder.tab === tab) free(name, holder);
    for (const one of [...line]) if (one.tab === tab) end(one);
    for (const one of channels) if (one.tab === tab) channels.delete(one);
    if (front === tab) toFront(tabs.findLast(({ state }) => state === "alive"));
  }
  return {
    tabs,
    stored,
    values,
    localValues,
    story,
    now: () => now,
    front: () => front,
    open,
    toFront,
    alive: () => tabs.filter(({ state }) => state === "alive"),
    async close(tab: WorldTab) {
      tell(`${tab.name} closes`);
      if (tab.state === "alive") {
        tab.dispatch("window", "pagehide", { persisted: false });
        await settle();
      }
      bury(tab);
    },
    crash(tab: WorldTab) {
      tell(`${tab.name} crashes`);
      bury(tab);
    },
    async freeze(tab: WorldTab) {
      tell(`${tab.name} is frozen`);
      tab.dispatch("document", "freeze");
      await settle();
      tab.state = "frozen";
    },
    thaw(tab: WorldTab) {
      tell(`${tab.name} goes on`);
      tab.state = "alive";
      tab.line.unshift(() => tab.dispatch("document", "resume"));
      for (const _ of tab.line) work(tab);
    },
    /** The page does nothing else for so long. */
    busy(tab: WorldTab, ms: number) {
      tell(`${tab.name} is busy for ${ms}`);
      tab.busyUntil = now + ms;
    },
    async run(ms: number) {
      const until = now + ms;
      await settle();
      for (;;) {
        let next: (typeof due)[number] | undefined;
        for (const one of due)
          if (one.at <= until && (!next || one.at < next.at || (one.at === next.at && one.id < next.id)))
            next = one;
        if (!next) break;
        due.splice(due.indexOf(next), 1);
        now = Math.max(now, next.at);
        next.fn();
        await settle();
      }
      now = until;
    },
    dispose() {
      for (const tab of tabs) {
        tab.cairn.destroy();
        bury(tab);
      }
    },
  };
}
export type TabWorld = ReturnType<typeof createTabWorld>;
