import { createBrowserClock } from "./dom/browser-clock.ts";
import type { Platform } from "./ports.ts";
import { createIdbStore, createLadder } from "./state/state-store.ts";

const loadRare = () => import("./rare.ts");

/** The real browser. */
export function browserPlatform(window: Window & typeof globalThis): Platform {
  return {
    window,
    clock: createBrowserClock(),
    // Asked for at each call: a host may replace it later, and would expect to be asked.
    fetch: (...args) => window.fetch(...args),
    logger: window.console,
    openStore: (clock) =>
      createLadder({
        rungs: [
          createIdbStore,
          async () => (await loadRare()).createLocalStore(window.localStorage),
          async () => (await loadRare()).createMemoryStore(),
        ],
        clock,
      }),
    loadScreen: () => import("./screen.ts"),
    loadSignals: () => import("./signals/watch-signals.ts"),
    loadCourse: () => import("./course.ts"),
    loadVerified: loadRare,
    loadPrivacy: loadRare,
    loadRare,
    fill: (bytes) => void window.crypto.getRandomValues(bytes),
    random: () => Math.random(),
  };
}
