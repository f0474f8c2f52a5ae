import type { Input, State } from "@cairn/engine";
import type { Listen } from "./dom/listen.ts";
import type { EngineLoop } from "./engine-loop.ts";
import type { Persistence } from "./persistence.ts";
import type { Clock } from "./ports.ts";
import { BUSY_MS } from "./state/tab-lock.ts";

/** A tab that nobody works in lets the page that has just gone come back first: it may only be on its way to the next. */
const POLITE_MS = 1_500;

/** What the tabs of one person share of what is open. */
export interface Elsewhere {
  /** Another tab has the word, or this one does not know yet what is open. */
  second: boolean;
  /** What is open by the state in the store, as far as this tab knows it. */
  open: State["local"]["open"];
}

export interface Word {
  /** Asks for the word, and again until it is had; not while nobody looks. */
  ask(): void;
  /** Opens nothing before the word is had, and all is known. */
  wait(): void;
  /** The tab goes, or is frozen: what is open may go on in another. */
  rest(): void;
  lost(): void;
  yields(): boolean;
  freed(): void;
  /** Another person's state has come. */
  replaced(): void;
  /** Other tabs may know of open hints that this one does not: two may have thought that they had the word. */
  adopt(): void;
  dispose(): void;
}

/**
 * Of all tabs one has the word: it alone opens hints, so no hint opens twice, and what is open is open in one. The word
 * goes to the tab that the person looks at, or to any other when its tab closes, crashes or is frozen; what was open
 * goes on there. A hint that nobody saw is not lost: it is still open in the store, or still waits to be opened.
 */
export function createWord(ports: {
  window: Window;
  clock: Clock;
  listen: Listen;
  elsewhere: Elsewhere;
  persistence: () => Persistence | undefined;
  loop: () => EngineLoop;
  dispatch(input: Input): void;
  /** Takes a run off the screen. */
  hide(run: string): void;
  report(error: unknown): void;
}): Word {
  const { window, clock, listen, elsewhere, persistence, loop, dispatch } = ports;
  const { document } = window;
  let cancel = () => {};
  const isHidden = () => document.visibilityState === "hidden";
  const guard = (on: boolean) => dispatch({ type: "guard", reason: "elsewhere", on });
  const lock = () => persistence()?.word;

  /** Takes everything off the screen without ending it. */
  function drop(): void {
    const { local } = loop().state;
    const { open } = local;
    // Who had not come to know what is open has nothing to say about it.
    if (!elsewhere.second) elsewhere.open = open;
    elsewhere.second = true;
    local.open = [];
    guard(true);
    for (const { run } of open) ports.hide(run);
  }
  /** Goes on with what is open by the store. */
  async function gain(): Promise<void> {
    await persistence()?.keeper.catchUp();
    if (!lock()?.held()) return;
    elsewhere.second = false;
    // Before anything new.
    adopt();
    guard(false);
  }
  function adopt(): void {
    if (elsewhere.second) return;
    const { local, shared } = loop().state;
    const more = elsewhere.open
      .filter(({ flow, run }) => {
        const known = shared.runs[flow]?.[run];
        return known && !known.end && !local.open.some((one) => one.flow === flow);
      })
      .map((open) => ({ ...open, on: null, wait: null, moved: false }));
    local.open.push(...more);
    if (more.length) dispatch({ type: "config" });
    // It is another page, perhaps: what is not found here is not missing.
    for (const one of more) one.moved = true;
  }
  async function ask(): Promise<void> {
    cancel();
    if (!lock() || isHidden()) return;
    if (await lock()?.take()) {
      if (elsewhere.second) await gain();
    } else {
      if (!elsewhere.second) drop();
      askIn(BUSY_MS);
    }
  }
  let isResting = false;
  let isAsking = false;
  let again = false;
  /** One at a time: a tab that comes to the front hears of it twice. */
  function quietly(): void {
    again = isAsking;
    if (isAsking || isResting) return;
    isAsking = true;
    ask()
      .catch((error) => {
        ports.report(error);
        askIn(BUSY_MS);
      })
      .finally(() => {
        isAsking = false;
        // What happened meanwhile may have changed the answer.
        if (again) quietly();
      });
  }
  function askIn(ms: number): void {
    cancel();
    cancel = clock.after(ms, quietly);
  }
  async function stepBack(): Promise<void> {
    await persistence()?.keeper.save();
    if (!lock()?.held()) return;
    drop();
    lock()?.release();
    // The person may have come back meanwhile.
    askIn(BUSY_MS);
  }

  const undo = [
    listen(document, "visibilitychange", quietly),
    listen(window, "focus", ({ target }) => {
      if (target === window) quietly();
    }),
  ];

  return {
    ask() {
      isResting = false;
      quietly();
    },
    wait() {
      drop();
      quietly();
    },
    rest() {
      isResting = true;
      cancel();
      if (lock()?.held()) drop();
    },
    lost() {
      drop();
      askIn(BUSY_MS);
    },
    yields() {
      const goes = isHidden() || !(document.hasFocus() || loop().state.local.open.length);
      if (goes) void stepBack().catch(ports.report);
      return goes;
    },
    freed() {
      if (elsewhere.second) askIn(document.hasFocus() ? 0 : POLITE_MS);
    },
    replaced() {
      if (elsewhere.second) drop();
    },
    adopt,
    dispose() {
      cancel();
      for (const step of undo) step();
    },
  };
}
