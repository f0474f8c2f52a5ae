/**
 * A modal takes the focus as it opens, and each pause in typing draws it anew: the author's caret would be lost to the
 * preview. So until its dialog is open the focus is given back at once, to where it was last: that may be a dialog's
 * field by then. Returns what ends the wait.
 */
export function keepFocusOut(frame: HTMLIFrameElement, kind: string): () => void {
  const { contentWindow: inner, ownerDocument: document } = frame;
  let last = document.activeElement;
  if (kind !== "modal" || inner === null || last === frame) return () => {};
  const giveBack = () => (last as HTMLElement | null)?.focus({ preventScroll: true });
  const follow = ({ target }: FocusEvent) => {
    if (target !== frame) last = target as Element;
  };
  document.addEventListener("focusin", follow);
  // Ahead of the hints' own listener, which keeps such events from the page.
  inner.addEventListener("focusin", giveBack, true);
  let next = requestAnimationFrame(look);
  function look(): void {
    const root = inner?.document.querySelector("cairn-root")?.shadowRoot;
    if (root?.querySelector("dialog[open]")) end();
    else next = requestAnimationFrame(look);
  }
  function end(): void {
    cancelAnimationFrame(next);
    inner?.removeEventListener("focusin", giveBack, true);
    document.removeEventListener("focusin", follow);
  }
  return end;
}
