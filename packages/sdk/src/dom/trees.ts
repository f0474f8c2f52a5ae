/** Cairn's own elements: what happens in them is nobody's business but its own. */
export const OWN_PREFIX = "cairn-";

/** The tree itself, then the open shadow roots and frames of the same origin in it, and in those. */
export function* treesIn(root: ParentNode): Generator<ParentNode> {
  yield root;
  for (const element of root.querySelectorAll<Element & Partial<HTMLIFrameElement>>("*")) {
    const inner = element.shadowRoot ?? element.contentDocument;
    if (inner && !element.localName.startsWith(OWN_PREFIX)) yield* treesIn(inner);
  }
}
