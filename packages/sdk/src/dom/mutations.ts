import type { Target } from "@cairn/flow-schema";
import type { Clock, Guard } from "../ports.ts";
import { type Found, findTarget } from "./find-target.ts";
import type { Listen } from "./listen.ts";
import { treesIn } from "./trees.ts";

/** Shortest time between two looks at a page that keeps changing. Milliseconds. */
const MIN_INTERVAL_MS = 50;
const MAX_INTERVAL_MS = 2_000;
/** A look that took n ms is followed by n times this much rest: a quarter of a percent of the processor at most. */
const REST = 400;
/** What changes visibility without changing the document. */
const EVENTS = "transitionend animationend load toggle close scroll";

export interface Mutations {
  /** Calls `look` some time after the page may have changed. Returns what ends it. */
  watch(look: () => void): () => void;
  /** Asks for a look although nothing has been seen to change. */
  nudge(): void;
  /** The document, its open shadow roots and its frames of the same origin; at most some seconds old. */
  trees(): readonly ParentNode[];
  /** The element that the target means in all of them. */
  find(target: Target, suits: (element: Element) => boolean): Found | null;
  dispose(): void;
}

/**
 * One observer for everything in the SDK that waits for the page to change, in all its trees. However much the page
 * changes, the watchers are asked seldom enough to cost next to nothing; on a still page nothing runs at all.
 */
export function createMutations(ports: {
  document: Document;
  clock: Clock;
  guard: Guard;
  listen: Listen;
  /** Milliseconds with fractions, for measuring the cost of a look. */
  stopwatch: () => number;
}): Mutations {
  const { document, clock, guard, listen, stopwatch } = ports;
  const view = document.defaultView as Window & typeof globalThis;
  const watchers = new Set<() => void>();
  let cancel: (() => void) | undefined;
  let interval = MIN_INTERVAL_MS;
  let unlisten = () => {};
  let trees: readonly ParentNode[] = [document];
  const heard = new Map<EventTarget, () => void>();
  /** Trees may have come since they were last looked for; looking for them has its own rest. */
  let stale = true;
  let walkAt = Number.NEGATIVE_INFINITY;

  // Deaf from the first change to the look that follows it: under a storm no records pile up, and nothing is missed.
  const observer = new view.MutationObserver(guard(changed));
  function changed(): void {
    observer.disconnect();
    stale = true;
    nudge();
  }
  function nudge(): void {
    if (!watchers.size) return;
    cancel ??= clock.after(interval, () => {
      cancel = undefined;
      const start = stopwatch();
      attend();
      for (const look of [...watchers]) look();
      interval = Math.min(Math.max((stopwatch() - start) * REST, MIN_INTERVAL_MS), MAX_INTERVAL_MS);
    });
  }
  function attend(): void {
    for (const [tree, off] of heard)
      if (!trees.includes(tree as ParentNode & EventTarget)) {
        off();
        heard.delete(tree);
      }
    for (const tree of trees) {
      observer.observe(tree, { subtree: true, childList: true, attributes: true, characterData: true });
      if (!heard.has(tree)) heard.set(tree, listen(tree, EVENTS, changed));
    }
  }
  /** Looks for trees anew where that may be worth while, and it is time. Returns whether it has. */
  function walk(): boolean {
    const start = stopwatch();
    if (stale && start < walkAt) nudge();
    if (!stale || start < walkAt) return false;
    trees = [...treesIn(document)];
    walkAt = stopwatch() + (stopwatch() - start) * REST;
    // While nobody watches, nobody tells of changes either.
    stale = !watchers.size;
    if (!stale) attend();
    return true;
  }
  function rest(): void {
    cancel?.();
    cancel = undefined;
    observer.disconnect();
    for (const off of heard.values()) off();
    heard.clear();
    unlisten();
    stale = true;
  }

  return {
    watch(look) {
      const own = () => look();
      watchers.add(own);
      if (watchers.size === 1) {
        attend();
        unlisten = listen(view, "resize", nudge);
      }
      return () => {
        if (watchers.delete(own) && !watchers.size) rest();
      };
    },
    nudge,
    trees() {
      walk();
      return trees;
    },
    find(target, suits) {
      const found = findTarget(trees, target, suits);
      // What carries the anchor is not looked for elsewhere; anything less may stand in a tree that is new.
      return found?.rank === 0 || !walk() ? found : findTarget(trees, target, suits);
    },
    dispose() {
      watchers.clear();
      rest();
    },
  };
}
