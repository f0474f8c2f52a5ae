import type { Listen } from "../dom/listen.ts";

/** What a host's layers listen to in order to close, to trap the focus, or to run shortcuts. */
const KEPT_INSIDE =
  "pointerdown pointerup mousedown mouseup touchstart touchend click auxclick focus blur focusin focusout keydown keyup keypress";

/** What is heard before the page hears it. */
export interface Heard {
  /** A press on something inside; `at` is the innermost element. */
  click(at: Element, event: MouseEvent): void;
  key(event: KeyboardEvent, inside: boolean): void;
}

/**
 * Keeps what happens inside Cairn's root from the host: heard first, in the capture phase of the window, it goes no
 * further, so no press-outside handler, focus trap or shortcut of the page sees it. That is also why clicks are
 * answered here and not by handlers on the buttons.
 */
export function shieldEvents(
  window: Window,
  root: Element,
  listen: Listen,
  on: Heard & { focusElsewhere(): void },
): () => void {
  return listen(window, KEPT_INSIDE, (event) => {
    const { type } = event;
    const path = event.composedPath();
    const inside = path.includes(root);
    const at = path[0] as Element;
    if (type === "keydown") on.key(event as KeyboardEvent, inside);
    if (inside) {
      event.stopImmediatePropagation();
      // A press takes neither focus nor selection from the page; a modal has both, and a player's controls need them.
      if (type === "mousedown" && !at.closest("video,dialog")) event.preventDefault();
      if (/^(aux)?click/.test(type)) on.click(at, event as MouseEvent);
    } else if (type === "focusin") on.focusElsewhere();
  });
}
