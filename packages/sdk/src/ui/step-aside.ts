/** How much of what has the focus a hint may cover. */
const MOST = 0.5;

/**
 * Has a hint that stands on the page's edge step aside to the other edge while it covers what has the keyboard's focus
 * on the page, and not only by chance of the mouse. Returns what ends it.
 */
export function stepAside(hint: HTMLElement): () => void {
  const { ownerDocument: document } = hint;
  const look = (event: Event) => {
    const focused = event.composedPath()[0];
    const isKeys = focused instanceof Element && focused.matches(":focus-visible");
    if (!isKeys || hint.contains(focused) || hint.getRootNode() === focused.getRootNode()) return;
    const ours = hint.getBoundingClientRect();
    const its = focused.getBoundingClientRect();
    const width = Math.min(ours.right, its.right) - Math.max(ours.left, its.left);
    const height = Math.min(ours.bottom, its.bottom) - Math.max(ours.top, its.top);
    if (width > 0 && height > 0 && width * height > its.width * its.height * MOST)
      hint.toggleAttribute("data-aside");
  };
  document.addEventListener("focusin", look, true);
  return () => document.removeEventListener("focusin", look, true);
}
