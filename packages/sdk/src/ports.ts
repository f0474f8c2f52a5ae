import type { HintAct, RunId, RunView } from "@cairn/engine";
import type { StepId, Target, Theme } from "@cairn/flow-schema";
import type { Listen } from "./dom/listen.ts";
import type { Panel } from "./ui/panel.ts";
import type { Strings } from "./ui/strings/strings.ts";

/** Time and timers, so that tests own the clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `fn` once after `ms`; returns what cancels it. Delays over 2^31 ms are split by the implementation. */
  after(ms: number, fn: () => void): () => void;
}

/** Stands around what a page or a promise calls: what throws in it ends there, and is told once. */
export type Guard = <A extends unknown[]>(fn: (...args: A) => void) => (...args: A) => void;

/** Where debug output goes; a console fits. */
export interface Logger {
  warn(...words: unknown[]): void;
}

export type Entries = readonly (readonly [key: string, value: unknown])[];

/**
 * Key–value storage that tabs share. Keys are strings and stand in their natural order. Each operation is one
 * atomic step; each may reject, and then has done nothing.
 */
export interface Store {
  readonly kind: "indexeddb" | "localstorage" | "memory";
  get(key: string): Promise<unknown>;
  /**
   * Replaces the value by what `fn` makes of it, and puts `also` in the same step; no other tab comes between.
   * `undefined` removes the key. `fn` may be called more than once.
   */
  update(key: string, fn: (old: unknown) => unknown, also?: Entries): Promise<void>;
  /** `undefined` removes the key. */
  put(entries: Entries): Promise<void>;
  /** Values of the first `limit` keys that begin with `prefix`, in the order of keys. */
  list(prefix: string, limit: number): Promise<unknown[]>;
  /** Removes every key that begins with `prefix`. */
  clear(prefix: string): Promise<void>;
  /** The page may stand still from now on: what would keep other tabs waiting for it is put off until it goes on. */
  rest?(): void;
}

/** The browser, as far as the SDK uses it: what tests put something else in place of. */
export interface Platform {
  readonly window: Window & typeof globalThis;
  /** Not guarded; the SDK stands around each callback itself. */
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly logger: Logger;
  openStore(clock: Clock): Store;
  /** What is needed when the first flow gets as far as the screen. */
  loadScreen(): Promise<
    Pick<typeof import("./screen.ts"), "stage" | "createScreen" | "createWord" | "createUi">
  >;
  /** What is needed once a hint is on screen. */
  loadCourse(): Promise<typeof import("./course.ts")>;
  /** What watches for signals; needed where a condition asks for one. */
  loadSignals(): Promise<typeof import("./signals/watch-signals.ts")>;
  /** What keeps the person's state on the server; needed where the host gives a user token. */
  loadVerified(): Promise<typeof import("./transport/state-client.ts")>;
  /** What keeps less than the defaults from leaving; needed where the host asks for that. */
  loadPrivacy(): Promise<typeof import("./privacy.ts")>;
  /** What most pages never need. */
  loadRare(): Promise<typeof import("./rare.ts")>;
  /** Fills the bytes with random values. */
  fill(bytes: Uint8Array): void;
  /** From 0 to 1. */
  random(): number;
}

/** Draws runs. Comes with the screen's half, when the first hint is due. */
export interface Ui {
  /** Opens the run, or goes to the step that the view names. `resumed`: no entrance, no announcement. */
  show(view: RunView, options: { readonly resumed: boolean }): void;
  /** Draws an open run anew in place; ignored where the run is not open. */
  update(view: RunView): void;
  /** Closes the run; ignored where it is not open. */
  hide(run: RunId): void;
  /** Opens a panel of Cairn's own as a modal over the page, in place of the one before. */
  panel(panel: Panel, theme: Theme): void;
  /** Says something for a moment, to be seen and heard. */
  toast(words: (strings: Strings) => string, styles: string): void;
  /** Language of Cairn's own words (Close, Back …); hints' own words come with their view. */
  setLocale(locale: string): void;
  /** Takes everything off the page. */
  dispose(): void;
}

/** What the UI needs from the rest of the SDK. */
export interface UiPorts {
  readonly document: Document;
  readonly clock: Clock;
  readonly locale: string;
  /** The element for a target as the page stands now, or `null`. */
  find(target: Target): Element | null;
  /** Calls `look` some time after the page may have changed. Returns what ends it. */
  watch(look: () => void): () => void;
  /** A person did something in a hint. */
  act(run: RunId, act: HintAct): void;
  /** The step (or checklist, `null`) was at least half in view, on a visible page, for one second. Once per run and step. */
  exposed(run: RunId, step: StepId | null): void;
  /** Whether a link may be followed (see bar.md: allow-listed schemes only); asked when drawing and again at the click. */
  allowsUrl(url: string): boolean;
  /** Around what is not called from outside: what fails takes the UI down, and does not reach the host's page. */
  readonly guard: Guard;
  /** The same around listeners. */
  readonly listen: Listen;
}

export type CreateUi = (ports: UiPorts) => Ui;
