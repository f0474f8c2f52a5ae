import type { Clock } from "../ports.ts";

/** Shortest time between two looks at a page that keeps changing. Milliseconds. */
const MIN_INTERVAL_MS = 50;
const MAX_INTERVAL_MS = 1_000;
/** A look that took n ms is followed by n times this much rest: half a percent of the processor at most. */
const REST = 200;

export interface Mutations {
  /** Calls `look` some time after the page may have changed. Returns what ends it. */
  watch(look: () => void): () => void;
  /** Asks for a look although nothing has been seen to change. */
  nudge(): void;
  dispose(): void;
}

/**
 * One observer for everything in the SDK that waits for the page to change. However much the page changes, the
 * watchers are asked seldom enough to cost next to nothing; on a still page nothing runs at all.
 */
export function createMutations(ports: {
  document: Document;
  clock: Clock;
  /** Milliseconds with fractions, for measuring the cost of a look. */
  stopwatch: () => number;
}): Mutations {
  const { document, clock, stopwatch } = ports;
  const view = document.defaultView;
  const watchers = new Set<() => void>();
  let cancel: (() => void) | undefined;
  let interval = MIN_INTERVAL_MS;

  function nudge(): void {
    if (cancel || watchers.size === 0) return;
    cancel = clock.after(interval, () => {
      cancel = undefined;
      const start = stopwatch();
      for (const look of [...watchers]) look();
      interval = Math.min(Math.max((stopwatch() - start) * REST, MIN_INTERVAL_MS), MAX_INTERVAL_MS);
    });
  }

  const observer = view ? new view.MutationObserver(nudge) : undefined;
  // What changes visibility without changing the document.
  const events = ["transitionend", "animationend", "load", "toggle", "close"];
  const capture = { capture: true, passive: true };

  function listen(): void {
    observer?.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    for (const name of events) document.addEventListener(name, nudge, capture);
    view?.addEventListener("resize", nudge, capture);
  }
  function unlisten(): void {
    cancel?.();
    cancel = undefined;
    observer?.disconnect();
    for (const name of events) document.removeEventListener(name, nudge, capture);
    view?.removeEventListener("resize", nudge, capture);
  }

  return {
    watch(look) {
      const own = () => look();
      if (watchers.size === 0) listen();
      watchers.add(own);
      return () => {
        if (watchers.delete(own) && watchers.size === 0) unlisten();
      };
    },
    nudge,
    dispose() {
      watchers.clear();
      unlisten();
    },
  };
}
