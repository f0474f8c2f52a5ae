import { createBrowserClock } from "./dom/browser-clock.ts";
import type { Platform } from "./ports.ts";
import { createMemoryStore } from "./state/memory-store.ts";
import { createIdbStore, createLadder } from "./state/state-store.ts";

/** The real browser. */
export function browserPlatform(window: Window & typeof globalThis): Platform {
  return {
    window,
    clock: createBrowserClock(),
    // Asked for at each call: a host may replace it later, and would expect to be asked.
    fetch: (...args) => window.fetch(...args),
    logger: window.console,
    openStore: (clock) => createLadder({ first: createIdbStore, second: createMemoryStore(), clock }),
    loadStage: () => import("@cairn/engine/stage"),
    loadUi: () => import("./ui/index.ts"),
    fill: (bytes) => void window.crypto.getRandomValues(bytes),
    random: () => Math.random(),
  };
}
