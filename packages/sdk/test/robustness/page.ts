import type { Cairn } from "../../src/api.ts";
import { buildTarget, findTarget, treesIn } from "../../src/authoring.ts";
import { createCairn } from "../../src/create-cairn.ts";

/** The page's side of these tests: starts the SDK with flows of the test's, and says what can be seen. */
const violations: string[] = [];
const marks: string[] = [];
const events: { type: string; detail: { readonly [key: string]: unknown } }[] = [];
let cairn: Cairn | undefined;

const RECORDED = [
  "flow.shown",
  "flow.ended",
  "step.shown",
  "target.missing",
  "target.fallback",
  "feature.used",
];

document.addEventListener("securitypolicyviolation", ({ violatedDirective, sourceFile, sample }) => {
  violations.push(`${violatedDirective} ${sourceFile} ${sample}`);
});

/** All of Cairn's roots, wherever they are, in the order of the page. */
function roots(tree: Document | ShadowRoot = document): ShadowRoot[] {
  return [...tree.querySelectorAll("*")].flatMap((element) => {
    const { shadowRoot } = element;
    if (!shadowRoot) return [];
    return element.localName === "cairn-root" ? [shadowRoot] : roots(shadowRoot);
  });
}
const inHints = (selector: string) => roots().flatMap((root) => [...root.querySelectorAll(selector)]);
const isShown = (element: Element) =>
  element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
  element.getBoundingClientRect().height > 0;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
/** Where an element is on the screen, through the frames it lies in; not how the SDK computes it. */
function placeOf(element: Element): Place {
  const { x, y, width, height } = element.getBoundingClientRect();
  const frame = element.ownerDocument.defaultView?.frameElement;
  if (!frame) return { x, y, width, height };
  const outer = placeOf(frame);
  const { offsetWidth, clientLeft, clientTop } = frame as HTMLElement;
  const scale = outer.width / offsetWidth;
  const { paddingLeft, paddingTop } = getComputedStyle(frame);
  const inset = {
    x: clientLeft + Number.parseFloat(paddingLeft),
    y: clientTop + Number.parseFloat(paddingTop),
  };
  return {
    x: outer.x + (inset.x + x) * scale,
    y: outer.y + (inset.y + y) * scale,
    width: width * scale,
    height: height * scale,
  };
}

/** The element with this id, in the page, its shadow roots and frames. */
function byId<T extends HTMLElement = HTMLElement>(
  id: string,
  tree: Document | ShadowRoot = document,
): T | undefined {
  const found = tree.getElementById(id);
  if (found) return found as T;
  for (const element of tree.querySelectorAll<Element & Partial<HTMLIFrameElement>>("*")) {
    const inner = element.shadowRoot ?? element.contentDocument;
    const deep = inner ? byId<T>(id, inner) : undefined;
    if (deep) return deep;
  }
  return undefined;
}

const site = {
  violations,
  marks,
  events,
  byId,
  /** Starts the SDK with these flows and no budget, in local mode. */
  start(flows: unknown[], more: { settings?: object; features?: unknown[] } = {}): void {
    const { settings, ...rest } = more;
    cairn = createCairn({
      config: { schemaVersion: 1, flows, ...rest, settings: { budget: null, ...settings } } as never,
      locale: "en",
    });
    for (const type of RECORDED) cairn.on(type, (detail) => void events.push({ type, detail }));
    Object.assign(site, { cairn });
  },
  /** Starts it as a product does that has a server: here the one that served the page. */
  connect(): void {
    cairn = createCairn({ key: "pk_test", host: location.origin, locale: "en" });
    for (const type of RECORDED) cairn.on(type, (detail) => void events.push({ type, detail }));
    cairn.identify("host-user", { plan: "free" });
    cairn.group("host-account");
    cairn.track("report.viewed");
    Object.assign(site, { cairn });
  },
  cairn: undefined as Cairn | undefined,
  /** Hints that can be seen: cards, hotspots, lists. */
  shown: () =>
    inHints("[data-run]").filter((hint) => !hint.hasAttribute("data-away") && isShown(hint)).length,
  /** Anything of Cairn's that can be seen at all. */
  traces: () => inHints("[data-run],.spot").filter(isShown).length,
  /** What is left of Cairn in the page. */
  left: () => roots().length,
  text: () =>
    inHints("[data-run]")
      .filter(isShown)
      .map((hint) => hint.textContent)
      .join("|"),
  /** Whether a card's arrow points at this element: at its edge, and within its width or height. */
  pointsAt(id: string): boolean {
    const target = byId(id);
    if (!target) return false;
    const { x, y, width, height } = placeOf(target);
    return inHints(".card:not([data-away])").some((card) => {
      const arrow = card.querySelector(".arrow");
      if (!isShown(card) || !arrow) return false;
      const box = arrow.getBoundingClientRect();
      const [tipX, tipY] = [box.x + box.width / 2, box.y + box.height / 2];
      const near = (at: number, from: number, size: number) => at > from - 24 && at < from + size + 24;
      const beside = [tipX - (x + width), x - tipX, tipY - (y + height), y - tipY];
      return near(tipX, x, width) && near(tipY, y, height) && beside.some((gap) => gap >= 4 && gap <= 22);
    });
  },
  /** Middle of the hint's button with this name (or of its ×), if a press there would hit it. */
  button(name: string): { x: number; y: number } | null {
    for (const root of roots())
      for (const button of root.querySelectorAll("[data-run] button,[data-run] a")) {
        if ((button.getAttribute("aria-label") ?? button.textContent) !== name || !isShown(button)) continue;
        const { x, y, width, height } = button.getBoundingClientRect();
        const at = { x: x + width / 2, y: y + height / 2 };
        const hit = root.elementFromPoint(at.x, at.y);
        if (hit && (button.contains(hit) || hit.contains(button))) {
          // A root in an inert tree is not hit by the document itself.
          const outer = (root.getRootNode() as ShadowRoot).host?.getRootNode() as Document | ShadowRoot;
          if (outer.elementFromPoint(at.x, at.y) === root.host) return at;
        }
      }
    return null;
  },
  /** Middle of a hotspot's beacon. */
  beacon(): { x: number; y: number } | null {
    const beacon = inHints("[data-run] button").find(isShown);
    if (!beacon) return null;
    const { x, y, width, height } = beacon.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  },
  /** Innermost element that has the focus, as its id or the hint's part. */
  focus(): string {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.id || (at?.getAttribute("aria-label") ?? at?.textContent?.slice(0, 40) ?? "");
  },
  box(id: string): Place | null {
    const element = byId(id);
    return element ? placeOf(element) : null;
  },
  card(): Place | null {
    const card = inHints(".card:not([data-away])").find(isShown);
    return card ? placeOf(card) : null;
  },
  /** Makes a target for every element of the page, and says how many, and which of them it does not find again. */
  rebuild(spoil: boolean): { count: number; wrong: string[] } {
    const trees = [...treesIn(document)];
    const all = trees.flatMap((tree) => [...tree.querySelectorAll("body,body *,:host *")]);
    const made = [...new Set(all)].map((element) => ({ element, target: buildTarget(element) }));
    if (spoil)
      for (const element of all) {
        element.classList.replace("css-1a2b3c", "css-9z8y7x");
        if (!element.closest("dialog,[popover]")) element.before(document.createElement("wbr"));
      }
    const wrong = made.filter(
      ({ element, target }) => findTarget(trees, target, () => true)?.element !== element,
    );
    return { count: made.length, wrong: wrong.map(({ target }) => JSON.stringify(target)) };
  },
  /** Adds rules to the page, which its policy forbids to inline styles. */
  style(css: string): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  },
};
export type Site = typeof site;
declare global {
  interface Window {
    site: Site;
  }
}
// What runs the tests may leave its own marks in the functions it sends here.
Object.assign(window, { site, __name: (fn: unknown) => fn });
