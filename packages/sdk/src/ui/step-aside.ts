import { focusedIn } from "./hint-focus.ts";

/** How much of what has the focus a hint may cover. */
const MOST = 0.5;

/**
 * Has hints step aside while they cover what has the keyboard's focus on the page, and not only by chance of the
 * mouse: what stands on an edge goes to the other one, a card beside its target is seen through.
 */
export function stepAside(document: Document, hints: Iterable<HTMLElement>): void {
  const focused = focusedIn(document);
  if (!focused?.matches(":focus-visible")) return;
  const its = focused.getBoundingClientRect();
  for (const hint of hints) {
    // The focus is in a hint.
    if (hint.getRootNode() === focused.getRootNode()) return;
    const ours = hint.getBoundingClientRect();
    const width = Math.min(ours.right, its.right) - Math.max(ours.left, its.left);
    const height = Math.min(ours.bottom, its.bottom) - Math.max(ours.top, its.top);
    const covers = width > 0 && height > 0 && width * height > its.width * its.height * MOST;
    if (covers || hint.matches(".card")) hint.toggleAttribute("data-aside", covers && !isAside(hint));
  }
}

/** Gone to its other edge already; a card stays where it is. */
const isAside = (hint: HTMLElement) => !hint.matches(".card") && hint.hasAttribute("data-aside");
