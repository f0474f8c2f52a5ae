import { autoUpdate } from "@floating-ui/dom";
import type { Clock } from "../ports.ts";
import { isVisible } from "../visibility.ts";
import type { Rect } from "./place.ts";
import { rectOf } from "./place-card.ts";

export interface FollowOptions {
  readonly card: HTMLElement;
  readonly layer: HTMLElement;
  readonly clock: Clock;
  /** Whether a target out of view may be scrolled into it, once. */
  readonly scroll: boolean;
  /** Puts the card where it belongs, with the target here. */
  put(target: Rect): void;
  /** The target as the page stands now. */
  find(): Element | null;
  /** The target can be seen, or cannot be seen any more. */
  seen(target: Element | null): void;
  /** The card stands at its place beside this one and can be seen. */
  placed(target: Rect): void;
}

/** Milliseconds within which a change of the page is noticed; bounds the cost under a storm of mutations. */
const LOOK_EVERY = 100;

/** Keeps the card at its target through scroll, resize, layout shift and re-mounting, and away while it is hidden. */
export function followTarget(options: FollowOptions): () => void {
  const { card, layer } = options;
  const { ownerDocument } = card;
  let target: Element | null | undefined;
  let inView = false;
  let mayScroll = options.scroll;
  let release = () => {};
  let last: Element | null | undefined;

  const refresh = () => {
    const shown = target && inView && isVisible(target) ? target : null;
    if (shown !== last) {
      last = shown;
      card.toggleAttribute("data-away", !shown);
      options.seen(shown);
    }
    if (!shown) return;
    const rect = rectOf(shown, ownerDocument);
    options.put(rect);
    options.placed(rect);
  };

  const attach = (next: Element | null) => {
    release();
    release = () => {};
    target = next;
    if (!next) return refresh();
    const { x, y, width, height } = rectOf(next, ownerDocument);
    inView = y + height > 0 && x + width > 0 && y < layer.clientHeight && x < layer.clientWidth;
    // It also knows about scrollers and clipping, frames and shadow trees.
    const sight = new IntersectionObserver((entries) => {
      inView = entries.at(-1)?.isIntersecting ?? false;
      if (!inView && mayScroll && isVisible(next)) {
        const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
        next.scrollIntoView({ block: "center", inline: "nearest", behavior: calm ? "instant" : "smooth" });
      }
      mayScroll = false;
      refresh();
    });
    sight.observe(next);
    const stop = autoUpdate(next, card, refresh);
    release = () => {
      sight.disconnect();
      stop();
    };
  };

  let looking: (() => void) | undefined;
  const look = () => {
    looking = undefined;
    const found = options.find();
    for (const root of [ownerDocument, found?.getRootNode()]) if (root) page.observe(root, CHANGES);
    if (found && found === target) refresh();
    else attach(found);
  };
  // Deaf from the first change to the look that follows it: under a storm no records pile up, and nothing is missed.
  const page = new MutationObserver(() => {
    page.disconnect();
    looking ??= options.clock.after(LOOK_EVERY, look);
  });
  look();

  return () => {
    looking?.();
    page.disconnect();
    release();
  };
}

const CHANGES: MutationObserverInit = {
  childList: true,
  subtree: true,
  attributeFilter: ["class", "style", "hidden", "open"],
};
