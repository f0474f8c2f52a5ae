import type { Target } from "@cairn/flow-schema";

export interface Found {
  readonly element: Element;
  /** 0 = the anchor, 1… = that fallback. */
  readonly rank: number;
}

/** The trees to look into, in order. A seam: shadow roots and frames join here. */
export type Roots = () => Iterable<ParentNode>;

/** The selector for an anchor: any string is a legal attribute value. */
export const anchorSelector = (anchor: string) =>
  `[data-cairn="${anchor.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\a ")}"]`;

const fold = (text: string) => text.replace(/\s+/g, " ").trim().toLowerCase();

function matching(roots: Roots, selector: string, text = ""): Element[] {
  const found: Element[] = [];
  for (const root of roots())
    try {
      found.push(...root.querySelectorAll(selector));
    } catch {
      // An author's selector that this browser does not know matches nothing.
    }
  return text ? found.filter((element) => fold(element.textContent ?? "").includes(fold(text))) : found;
}

/**
 * The element that the target means on the page as it stands now, and that is fit (mostly: to be seen).
 * Fallbacks are asked only where no element carries the anchor; without `nth` the first *fit* match is taken, so
 * that a menu that exists twice (for wide and for narrow screens) works with one anchor.
 */
export function findTarget(roots: Roots, target: Target, suits: (element: Element) => boolean): Found | null {
  const { anchor, fallback = [], text, nth } = target;
  const selectors = [anchor === undefined ? "" : anchorSelector(anchor), ...fallback];
  for (const [rank, selector] of selectors.entries()) {
    const all = selector ? matching(roots, selector, text) : [];
    const element = nth ? all[nth - 1] : all.find(suits);
    if (element && suits(element)) return { element, rank };
    if (!rank && all.length) return null;
  }
  return null;
}
