/**
 * Copies without the Clipboard API, which pages without a secure origin or without permission do not have: the words
 * are selected in a field of Cairn's own root, and the page's focus and selection put back. Whether it worked.
 */
export function copyByHand(document: Document, text: string): boolean {
  const shadow = document.querySelector("cairn-root")?.shadowRoot;
  // Outside an open modal nothing can be selected.
  const root = [...(shadow?.querySelectorAll("dialog,.layer") ?? [])].at(-1);
  if (!shadow || !root) return false;
  const before = (shadow.activeElement ?? document.activeElement) as HTMLElement | null;
  const selection = document.getSelection();
  const ranges = Array.from({ length: selection?.rangeCount ?? 0 }, (_, at) => selection?.getRangeAt(at));
  const field = document.createElement("textarea");
  field.className = "sr";
  field.value = text;
  field.readOnly = true;
  root.append(field);
  field.focus({ preventScroll: true });
  field.select();
  let copied = false;
  try {
    copied = document.execCommand("copy");
  } catch {
    // Refused by the page's policy.
  }
  field.remove();
  before?.focus({ preventScroll: true });
  if (ranges.length > 0 && before?.localName !== "input" && before?.localName !== "textarea") {
    selection?.removeAllRanges();
    for (const range of ranges) if (range) selection?.addRange(range);
  }
  return copied;
}
