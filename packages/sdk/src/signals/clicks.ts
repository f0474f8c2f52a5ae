import type { SignalPorts, Watcher } from "./signal.ts";

/** So many clicks … A triple click selects a paragraph. */
const RAGE_CLICKS = 4;
/** … within so long, in ms … */
const RAGE_MS = 2_000;
/** … and so near to each other, in CSS pixels. */
const RAGE_PX = 30;
/** What a click does shows by then. Milliseconds. */
const DEAD_MS = 2_000;

/** Where clicking fast, or clicking and seeing nothing, is nothing special. */
const FIELDS =
  "input,textarea,select,option,label,video,audio,[contenteditable]:not([contenteditable=false])";
/** What looks as if a click did something. */
const CLICKABLE = "a,button,summary,[role=button],[role=link],[role=tab],[role=menuitem],[onclick]";
const OWN_PREFIX = "cairn-";

const elementOf = (event: Event): Element | undefined =>
  event.composedPath().find((node): node is Element => node instanceof Element);

const isOurs = (event: Event) =>
  event.composedPath().some((node) => node instanceof Element && node.localName.startsWith(OWN_PREFIX));

/** `rage-click`: the same spot clicked again and again. Once per row of clicks. */
export function watchRage({ window, clock, listen, targetsOf, seen }: SignalPorts): Watcher {
  let row: { at: number; x: number; y: number }[] = [];
  const dispose = listen(window.document, "click", (event) => {
    const element = elementOf(event);
    // A click without a pointer is a key pressed, or a script.
    if (!element || isOurs(event) || element.closest(FIELDS) || !(event as MouseEvent).detail) return;
    const { clientX: x, clientY: y } = event as MouseEvent;
    const at = clock.now();
    row = row.filter((one) => at - one.at < RAGE_MS && Math.hypot(x - one.x, y - one.y) <= RAGE_PX);
    row.push({ at, x, y });
    if (row.length === RAGE_CLICKS) seen({ name: "rage-click", targets: targetsOf(element) });
  });
  return { dispose };
}

/** `dead-click`: a click on what looks alive, after which nothing on the page changes. */
export function watchDead({ window, clock, guard, listen, targetsOf, seen }: SignalPorts): Watcher {
  const { document } = window;
  let stop = () => {};
  const dispose = listen(document, "click", (event) => {
    const clicked = elementOf(event);
    const element = clicked?.closest(CLICKABLE) ?? clicked;
    if (!element || isOurs(event) || element.closest(FIELDS)) return;
    const looksAlive = element.matches(CLICKABLE) || window.getComputedStyle(element).cursor === "pointer";
    if (!looksAlive || element.matches(":disabled,[aria-disabled=true]")) return;
    stop();
    const observer = new window.MutationObserver(guard(() => stop()));
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const { href } = window.location;
    const undo = [
      () => observer.disconnect(),
      listen(document, "scroll selectionchange input change submit fullscreenchange visibilitychange", () =>
        stop(),
      ),
      // Another window, a download, a mail program.
      listen(window, "blur pagehide popstate hashchange", () => stop()),
      clock.after(DEAD_MS, () => {
        stop();
        if (window.location.href === href) seen({ name: "dead-click", targets: targetsOf(element) });
      }),
    ];
    stop = () => {
      stop = () => {};
      for (const off of undo) off();
    };
  });
  return {
    moved: () => stop(),
    dispose() {
      stop();
      dispose();
    },
  };
}
