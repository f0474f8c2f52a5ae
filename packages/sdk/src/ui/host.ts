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

  // Pages empty or replace their body. A dialog that is taken out of the page fires nothing, and one in a shadow tree
  // is not heard from outside it.
  const changes = new window.MutationObserver(() => follow());

  const settle = () => {
    const home = homeFor(document, wanted);
    if (root.parentNode === home && root.isConnected) return;
    const focused = shadow.activeElement as HTMLElement | null;
    // A move is not an entrance.
    if (root.isConnected) layer.dataset.calm = "";
    home.append(root);
    layer.showPopover?.();
    focused?.focus({ preventScroll: true });
    changes.disconnect();
    changes.observe(document.documentElement, { childList: true });
    changes.observe(home, { childList: true, attributeFilter: ["open"] });
    if (home !== document.body) changes.observe(home.getRootNode(), { childList: true, subtree: true });
  };
  /** Only once the layer is on the page: moves it when a modal dialog has opened, closed, or gone. */
  const follow = () => {
    if (layer.dataset.on !== undefined) settle();
  };

  const unshield = shieldEvents(window, root, { ...events, focusElsewhere: follow });
  document.addEventListener("toggle", follow, true);
  const place = (target: Element | null) => {
    wanted = target;
    layer.dataset.on = "";
    settle();
  };

  return {
    layer,
    adopt,
    place,
    dispose() {
      unshield();
      document.removeEventListener("toggle", follow, true);
      changes.disconnect();
      root.remove();
    },
  };
}

/**
 * Everything outside the topmost modal dialog is inert, however high it is painted; and a press outside an auto
 * popover closes it. So the layer lives inside what the hint belongs to, else in the dialog on top, else at the end
 * of `body`.
 */
function homeFor(document: Document, target: Element | null): Element {
  const own = ancestry(target).find((node) =>
    node.matches("dialog:modal,[popover]:not([popover=manual]):popover-open"),
  );
  // Whatever lies under a point of the viewport while a modal dialog is open belongs to that dialog.
  let hit: Element | null = null;
  for (let root: DocumentOrShadowRoot | null | undefined = document; root; root = hit?.shadowRoot) {
    const inner: Element | null = root.elementFromPoint?.(1, 1) ?? null;
    // A shadow root answers with its own host where nothing inside it is hit.
    if (inner === hit) break;
    hit = inner;
  }
  const modal = ancestry(hit).find((node) => node.localName === "dialog" && node.matches(":modal"));
  return (modal && own && ancestry(own).includes(modal) ? own : (modal ?? own)) ?? document.body;
}

/** The element and all it lies in, through open shadow roots. */
function ancestry(element: Element | null): Element[] {
  const found: Element[] = [];
  for (
    let node: Node | null = element;
    node;
    node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null
  )
    if (node.nodeType === 1) found.push(node as Element);
  return found;
}
