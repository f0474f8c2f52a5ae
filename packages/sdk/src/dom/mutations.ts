import type { Clock } from "../ports.ts";
import type { Listen } from "./listen.ts";

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
  listen: Listen;
  /** Milliseconds with fractions, for measuring the cost of a look. */
  stopwatch: () => number;
}): Mutations {
  const { document, clock, listen, stopwatch } = ports;
  const view = document.defaultView as Window & typeof globalThis;
  const watchers = new Set<() => void>();
  let cancel: (() => void) | undefined;
  let interval = MIN_INTERVAL_MS;
  let undo: (() => void)[] = [];

  function nudge(): void {
    if (!watchers.size) return;
    cancel ??= clock.after(interval, () => {
      cancel = undefined;
      const start = stopwatch();
      for (const look of [...watchers]) look();
      interval = Math.min(Math.max((stopwatch() - start) * REST, MIN_INTERVAL_MS), MAX_INTERVAL_MS);
    });
  }
  function unlisten(): void {
    cancel?.();
    cancel = undefined;
    for (const off of undo) off();
    undo = [];
  }

  return {
    watch(look) {
      const own = () => look();
      if (!watchers.size) {
        const observer = new view.MutationObserver(nudge);
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        undo = [
          () => observer.disconnect(),
          // What changes visibility without changing the document.
          listen(document, "transitionend animationend load toggle close", nudge),
          listen(view, "resize", nudge),
        ];
      }
      watchers.add(own);
      return () => {
        if (watchers.delete(own) && !watchers.size) unlisten();
      };
    },
    nudge,
    dispose() {
      watchers.clear();
      unlisten();
    },
  };
}
