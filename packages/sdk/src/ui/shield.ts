import type { HostEvents } from "./host.ts";

/** What a host's layers listen to in order to close, to trap the focus, or to run shortcuts. */
const KEPT_INSIDE = [
  "pointerdown",
  "pointerup",
  "mousedown",
  "mouseup",
  "touchstart",
  "touchend",
  "click",
  "auxclick",
  "focusin",
  "focusout",
  "keydown",
  "keyup",
  "keypress",
] as const;

/**
 * Keeps what happens inside Cairn's root from the host: heard first, in the capture phase of the window, it goes no
 * further, so no press-outside handler, focus trap or shortcut of the page sees it. That is also why clicks are
 * answered here and not by handlers on the buttons.
 */
export function shieldEvents(
  window: Window,
  root: Element,
  on: HostEvents & { focusElsewhere(): void },
): () => void {
  const listener = (event: Event) => {
    const path = event.composedPath();
    const inside = path.includes(root);
    if (event.type === "keydown") on.key(event as KeyboardEvent, inside);
    if (!inside) {
      if (event.type === "focusin") on.focusElsewhere();
      return;
    }
    event.stopImmediatePropagation();
    // A press takes neither focus nor selection from the page; a player's own controls need theirs.
    if (event.type === "mousedown" && (path[0] as Element).localName !== "video") event.preventDefault();
    if (event.type === "click" || event.type === "auxclick") on.click(path, event as MouseEvent);
  };
  for (const type of KEPT_INSIDE) window.addEventListener(type, listener, true);
  return () => {
    for (const type of KEPT_INSIDE) window.removeEventListener(type, listener, true);
  };
}
