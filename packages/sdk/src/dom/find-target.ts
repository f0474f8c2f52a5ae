import type { Target } from "@cairn/flow-schema";

export interface Found {
  readonly element: Element;
  /** 0 = the anchor, 1… = that fallback. */
  readonly rank: number;
}

/** Longer selectors are not asked; the validator refuses them too. */
const MAX_SELECTOR = 512;
/**
 * What a browser may take seconds for: `:has` (also written with an escape), and brackets three deep, whose cost is the
 * depth of the page to that power.
 */
const TOO_SLOW = /(^|[^\\]):(has|[\w-]*\\)|\([^)]*\([^)]*\(/i;

/** The selector for an anchor: any string is a legal attribute value. */
export const anchorSelector = (anchor: string) =>
  `[data-cairn="${anchor.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\a ")}"]`;

/** The selectors of a target by rank; the empty one matches nothing. */
export const selectorsOf = ({ anchor, fallback = [] }: Target): string[] => [
  anchor === undefined ? "" : anchorSelector(anchor),
  ...fallback.map((each) => (each.length > MAX_SELECTOR || TOO_SLOW.test(each) ? "" : each)),
];

const fold = (text: string) => text.replace(/\s+/g, " ").trim().toLowerCase();

function matching(trees: Iterable<ParentNode>, selector: string, text = ""): Element[] {
  const found: Element[] = [];
  for (const tree of selector ? trees : [])
    try {
      found.push(...tree.querySelectorAll(selector));
    } catch {
      // An author's selector that this browser does not know matches nothing.
    }
  return text ? found.filter((element) => fold(element.textContent ?? "").includes(fold(text))) : found;
}

/**
 * The element that the target means in these trees (document, shadow roots, frames) as they stand now, and that is fit
 * (mostly: to be seen). Fallbacks are asked only where no element carries the anchor; without `nth` the first *fit*
 * match is taken, so that a menu that exists twice (for wide and for narrow screens) works with one anchor.
 */
export function findTarget(
  trees: Iterable<ParentNode>,
  target: Target,
  suits: (element: Element) => boolean,
): Found | null {
  const { text, nth } = target;
  let rank = -1;
  for (const selector of selectorsOf(target)) {
    rank++;
    const all = matching(trees, selector, text);
    const element = nth ? all[nth - 1] : all.find(suits);
    if (element && suits(element)) return { element, rank };
    if (!rank && all.length) return null;
  }
  return null;
}
