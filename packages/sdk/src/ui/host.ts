import type { Listen } from "../dom/listen.ts";
import type { Guard } from "../ports.ts";
import { parentOf } from "../visibility.ts";
import { type Heard, shieldEvents } from "./shield.ts";

/** The one place of Cairn in the host's page. */
export interface Host {
  /** Where the hints are drawn: a full-size layer in the browser's top layer, through which the page is clickable. */
  readonly layer: HTMLElement;
  /** Gives all that is drawn these styles. */
  wear(css: string): void;
  /** Puts the layer on the page, where a hint for this element can be reached. */
  place(target: Element | null): void;
  dispose(): void;
}

/** `all` would also reset the position, so it stands behind it. Inline and important: no page rule wins. */
const ROOT_STYLE = "all:initial!important;position:fixed!important;inset:0 auto auto 0!important";

/** A page that takes the layer out, or hides it, more often than this within a second has the last word. */
const MAX_MOVES = 20;
const NAME = "cairn-root";
/** Beside it nothing can be pressed; what shows no children of its own has no room for the layer. */
const MODAL = "dialog:modal,:fullscreen:not(:root,video,iframe,cairn-root)";
const POPOVER = ":popover-open";

/** `moved`: to another place in the page, where dialogs of the layer's own are not open any more. */
export function createHost(
  document: Document,
  { guard, listen, moved, ...heard }: Heard & { guard: Guard; listen: Listen; moved(): void },
): Host {
  const window = document.defaultView as Window & typeof globalThis;
  const root = document.createElement(NAME);
  root.style.cssText = ROOT_STYLE;
  const shadow = root.attachShadow({ mode: "open" });
  const layer = document.createElement("div");
  layer.className = "layer";
  layer.popover = "manual";
  shadow.append(layer);
  // Of this document's own window: a sheet made elsewhere cannot be adopted here.
  const sheet = new window.CSSStyleSheet();
  shadow.adoptedStyleSheets = [sheet];
  let worn = "";
  let since = 0;
  let moves = 0;
  /** What the hint belongs to; `undefined` until the layer has been put on the page. */
  let wanted: Element | null | undefined;

  // Pages empty or replace their body. A dialog that is taken out of the page fires nothing, and one in a shadow tree
  // is not heard from outside it.
  const changes = new window.MutationObserver(guard(() => follow()));

  const gaveUp = () => {
    const now = window.performance.now();
    if (now - since > 1_000) {
      since = now;
      moves = 0;
    }
    return ++moves > MAX_MOVES;
  };
  const settle = (target: Element | null, leaving?: unknown) => {
    // Libraries hide and block all that lies beside their modal; what stands above it is not meant.
    if (root.matches("[inert],[aria-hidden]") && !gaveUp()) {
      root.inert = false;
      root.ariaHidden = null;
    }
    // A modal hint stays where it is: what the page opens above it goes again.
    const here = layer.matches(POPOVER) ? root.parentElement : null;
    if (
      here &&
      here !== leaving &&
      shadow.querySelector("dialog") &&
      here.matches(`body,${MODAL},${POPOVER}`)
    )
      return;
    const home = homeFor(document, target, leaving);
    if (here === home) return;
    if (gaveUp()) return changes.disconnect();
    const focused = shadow.activeElement as HTMLElement | null;
    // A move is not an entrance.
    if (root.isConnected) layer.dataset.calm = "";
    home.append(root);
    try {
      layer.showPopover();
      moved();
    } catch {
      // Not while a popover of the page's is closing; once it has, it says so, and this is tried again.
    }
    focused?.focus({ preventScroll: true });
    changes.disconnect();
    changes.observe(root, { attributeFilter: ["inert", "aria-hidden"] });
    changes.observe(document.documentElement, { childList: true });
    changes.observe(home, { childList: true, attributeFilter: ["open"] });
    if (home !== document.body) changes.observe(home.getRootNode(), { childList: true, subtree: true });
  };
  /** Moves the layer when a dialog or popover has opened, closed, or gone, or something fills the screen. */
  const follow = ({ type, target, newState }: Partial<ToggleEvent> = {}) => {
    // Before it closes, so that the hint does not vanish with it for a moment.
    const leaving = type === "beforetoggle" && newState === "closed" && target;
    if (wanted !== undefined && (leaving || type !== "beforetoggle")) settle(wanted, leaving);
  };

  const unshield = shieldEvents(window, root, listen, { ...heard, focusElsewhere: follow });
  const untoggle = listen(document, "beforetoggle toggle fullscreenchange", follow);

  return {
    layer,
    wear(css) {
      if (css !== worn) sheet.replaceSync(css);
      worn = css;
    },
    place(target) {
      wanted = target;
      settle(target);
    },
    dispose() {
      unshield();
      untoggle();
      changes.disconnect();
      root.remove();
    },
  };
}

/**
 * Everything outside the topmost modal dialog is inert, however high it is painted; and a press outside an auto
 * popover closes it. So the layer lives inside what the hint belongs to, else in the dialog on top, else in a popover
 * that is open, else at the end of `body`. `leaving` is about to close.
 */
function homeFor(document: Document, target: Element | null, leaving: unknown): Element {
  // A dialog in a frame makes only the frame inert, and the layer's styles are this document's.
  const stays = (selector: string) => (node: Element) =>
    node !== leaving && node.ownerDocument === document && node.matches(selector);
  const own = ancestry(target).find(stays(`${MODAL},${POPOVER}`));
  // Whatever lies under a point of the viewport while a modal dialog is open belongs to that dialog.
  let hit: Element | null = null;
  let inner = document.elementFromPoint(1, 1);
  // A shadow root answers with its own host where nothing inside it is hit; what lies in Cairn's own is no place for it.
  while (inner && inner !== hit) {
    hit = inner;
    inner = (hit.localName !== NAME && hit.shadowRoot?.elementFromPoint(1, 1)) || null;
  }
  const last = (selector: string) => [...document.querySelectorAll(selector)].filter(stays("*")).at(-1);
  // Where the page has no backdrop the point may hit nothing.
  const modal = ancestry(hit).find(stays(MODAL)) ?? last(MODAL);
  // One that only the page closes is no home for what does not belong to it: a passing word, mostly.
  const popover = last(`${POPOVER}:not([popover=manual])`);
  // Under a modal dialog only what is in it can be reached.
  const reachable = [own, popover].find((node) => node && (!modal || ancestry(node).includes(modal)));
  return reachable ?? modal ?? document.body;
}

/** The element and all it lies in, out of open shadow roots and frames. */
function ancestry(element: Element | null): Element[] {
  const found: Element[] = [];
  for (let at: Element | null | undefined = element; at; at = parentOf(at)) found.push(at);
  return found;
}
