import { autoUpdate } from "@floating-ui/dom";
import type { Guard } from "../ports.ts";
import { coverOf, isVisible } from "../visibility.ts";
import type { Rect } from "./place.ts";
import { rectOf } from "./place-card.ts";

export interface FollowOptions {
  readonly card: HTMLElement;
  readonly layer: HTMLElement;
  readonly guard: Guard;
  /** Whether a target out of view may be scrolled into it, once. */
  readonly scroll: boolean;
  /** Puts the card where it belongs, with the target here; it can be seen. */
  put(target: Rect): void;
  /** The target as the page stands now. */
  find(): Element | null;
  /** Calls `look` some time after the page may have changed. Returns what ends it. */
  watch(look: () => void): () => void;
  /** The target can be seen, or cannot be seen any more. */
  seen(target: Element | null): void;
}

/** Keeps the card at its target through scroll, resize, layout shift and re-mounting, and away while it is hidden. */
export function followTarget(options: FollowOptions): () => void {
  const { card, guard, layer } = options;
  const { ownerDocument } = card;
  let target: Element | null | undefined;
  let inView = false;
  let isSeen = false;
  let mayScroll = options.scroll;
  let release = () => {};
  let last: Element | null | undefined;

  /** In the layer's own coordinates: the layer is zoomed with the page that it stands in. */
  const where = (element: Element): Rect => {
    const { x, y, width, height } = rectOf(element, ownerDocument);
    const zoom = layer.currentCSSZoom || 1;
    return { x: x / zoom, y: y / zoom, width: width / zoom, height: height / zoom };
  };
  /** What costs more is asked when the page has changed, and not with each movement. */
  const judge = () => {
    isSeen = !!target && inView && isVisible(target) && !coverOf(target);
  };
  const check = () => {
    judge();
    refresh();
  };
  const refresh = () => {
    const shown = (isSeen && target) || null;
    if (shown !== last) {
      last = shown;
      card.toggleAttribute("data-away", !shown);
      options.seen(shown);
    }
    if (!shown) return;
    const rect = where(shown);
    // Gone since then, or mounted anew.
    if (!rect.width || !rect.height) return shown.isConnected ? check() : look();
    options.put(rect);
  };

  const attach = (next: Element | null) => {
    release();
    release = () => {};
    target = next;
    if (!next) return check();
    const { x, y, width, height } = where(next);
    inView = y + height > 0 && x + width > 0 && y < layer.clientHeight && x < layer.clientWidth;
    judge();
    // It also knows about scrollers and clipping, frames and shadow trees.
    const sight = new IntersectionObserver(
      guard((entries: readonly IntersectionObserverEntry[]) => {
        const entry = entries.at(-1) as IntersectionObserverEntry;
        inView = entry.isIntersecting;
        const { width, height } = where(next);
        // Half of what could be seen at once.
        const half = Math.min(1, layer.clientWidth / width, layer.clientHeight / height) / 2;
        if (mayScroll && isVisible(next) && (entry.intersectionRatio < half || coverOf(next)))
          // On the way, what comes in late would move it: of a smooth scroll the end is known before it begins.
          next.scrollIntoView({ block: "center", behavior: "instant" });
        mayScroll = false;
        check();
      }),
    );
    sight.observe(next);
    const stops: (() => void)[] = [];
    // A frame that moves takes the target along, of which the target's own document knows nothing.
    for (let at: Element | null | undefined = next; at; ) {
      stops.push(autoUpdate(at, card, guard(refresh)));
      at = at.ownerDocument === ownerDocument ? null : at.ownerDocument.defaultView?.frameElement;
    }
    release = () => {
      sight.disconnect();
      for (const stop of stops) stop();
    };
  };

  const look = () => {
    const found = options.find();
    if (found && found === target) check();
    else attach(found);
  };
  look();
  const unwatch = options.watch(guard(look));

  return () => {
    unwatch();
    release();
  };
}
