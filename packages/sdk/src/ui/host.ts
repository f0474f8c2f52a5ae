import { shieldEvents } from "./shield.ts";

/** The one place of Cairn in the host's page. */
export interface Host {
  /** Where the hints are drawn: a full-size layer in the browser's top layer, through which the page is clickable. */
  readonly layer: HTMLElement;
  /** Adds styles to the shadow root. */
  adopt(css: string): void;
  /** Puts the layer on the page, where a hint for this element can be reached. */
  place(target: Element | null): void;
  dispose(): void;
}

export interface HostEvents {
  click(path: readonly EventTarget[], event: MouseEvent): void;
  key(event: KeyboardEvent, inside: boolean): void;
}

/** `all` would also reset display and position, so they stand behind it. Inline and important: no page rule wins. */
const ROOT_STYLE =
  "all:initial!important;display:block!important;position:fixed!important;inset:0 auto auto 0!important;width:0!important;height:0!important";

export function createHost(document: Document, css: string, events: HostEvents): Host {
  const window = document.defaultView as Window & typeof globalThis;
  const root = document.createElement("cairn-root");
  root.style.cssText = ROOT_STYLE;
  const shadow = root.attachShadow({ mode: "open" });
  const layer = document.createElement("div");
  layer.className = "layer";
  layer.popover = "manual";
  shadow.append(layer);
  let wanted: Element | null = null;

  const adopt = (text: string) => {
    // Of this document's own window: a sheet made elsewhere cannot be adopted here.
    const sheet = new window.CSSStyleSheet();
    sheet.replaceSync(text);
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  };
  adopt(css);

  const settle = () => {
    const home = homeFor(document, wanted, root);
    if (root.parentNode === home && root.isConnected) return;
    const focused = shadow.activeElement as HTMLElement | null;
    // A move is not an entrance.
    if (root.isConnected) layer.dataset.calm = "";
    home.append(root);
    layer.showPopover?.();
    focused?.focus({ preventScroll: true });
  };
  /** Only once the layer is on the page: moves it when a modal dialog has opened, closed, or gone. */
  const follow = () => {
    if (layer.dataset.on !== undefined) settle();
  };

  const unshield = shieldEvents(window, root, { ...events, focusElsewhere: follow });
  document.addEventListener("toggle", follow, true);
  // A dialog that is taken out of the page fires nothing, and one in a shadow tree is not heard from outside it.
  const dialogs = new window.MutationObserver(follow);
  const place = (target: Element | null) => {
    wanted = target;
    layer.dataset.on = "";
    settle();
    const home = root.parentElement;
    dialogs.disconnect();
    if (home !== null && home !== document.documentElement) {
      dialogs.observe(home, { attributeFilter: ["open"] });
      dialogs.observe(home.getRootNode(), { childList: true, subtree: true });
    }
  };

  return {
    layer,
    adopt,
    place,
    dispose() {
      unshield();
      document.removeEventListener("toggle", follow, true);
      dialogs.disconnect();
      root.remove();
    },
  };
}

/**
 * Everything outside the topmost modal dialog is inert, however high it is painted; and a press outside an auto
 * popover closes it. So the layer lives inside what the hint belongs to, else in the dialog on top, else beside
 * `body`, where no framework sweeps it away.
 */
function homeFor(document: Document, target: Element | null, root: Element): Element {
  let own: Element | null = null;
  for (let node: Node | null = target; node !== null && own === null; node = parentOf(node))
    if (isElement(node) && node.matches("dialog:modal,[popover]:not([popover=manual]):popover-open"))
      own = node;
  const modal = topModal(document, root);
  if (modal !== null && !(own !== null && isWithin(own, modal))) return modal;
  return own ?? document.documentElement;
}

/** Whatever lies under a point of the viewport while a modal dialog is open belongs to that dialog. */
function topModal(document: Document, root: Element): Element | null {
  let hit = document.elementFromPoint?.(1, 1) ?? null;
  while (hit !== null && hit !== root && hit.shadowRoot !== null) {
    const inner = hit.shadowRoot.elementFromPoint(1, 1);
    if (inner === null || inner === hit) break;
    hit = inner;
  }
  for (let node: Node | null = hit; node !== null; node = parentOf(node))
    if (isElement(node) && node.localName === "dialog" && node.matches(":modal")) return node;
  return null;
}

const isElement = (node: Node): node is Element => node.nodeType === 1;

function parentOf(node: Node): Node | null {
  return node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null;
}

function isWithin(node: Node | null, ancestor: Node): boolean {
  for (let at = node; at !== null; at = parentOf(at)) if (at === ancestor) return true;
  return false;
}
