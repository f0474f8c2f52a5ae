import { OWN_PREFIX } from "./dom/trees.ts";
import { type Box, outOfFrame } from "./frame.ts";

/** A document or a shadow root. */
interface Tree extends Node {
  readonly host?: Element;
  readonly defaultView?: Window | null;
  elementsFromPoint?(x: number, y: number): Element[];
}

/** What the element is drawn in: out of slots, shadow roots and, from their document, frames. */
export function parentOf(node: Element): Element | null | undefined {
  const root = node.getRootNode() as Tree;
  return node.assignedSlot ?? node.parentElement ?? root.host ?? root.defaultView?.frameElement;
}

/** Whether the one is, or is in, the other. */
export function isWithin(inner: Element | null, outer: Element): boolean {
  for (let at: Element | null | undefined = inner; at; at = parentOf(at)) if (at === outer) return true;
  return false;
}

const styleOf = (element: Element) => getComputedStyle(element);

/**
 * Whether a person could see the element once it is scrolled into view: it takes up room, neither it nor an ancestor is
 * made invisible, and no ancestor clips it away for good. Being covered is not looked at.
 */
export function isVisible(element: Element): boolean {
  if (!element.isConnected) return false;
  let box: Box = element.getBoundingClientRect();
  // Words for screen readers alone are mostly one pixel in size.
  if (box.width < 2 || box.height < 2) return false;
  // Browsers that cannot tell are older than March 2024; there, what takes up room counts as visible.
  if (element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) === false) return false;
  const { ownerDocument } = element;
  const { documentElement, body, defaultView } = ownerDocument;
  let { position } = styleOf(element);
  for (let at = parentOf(element); at && at.ownerDocument === ownerDocument; at = parentOf(at)) {
    if (position === "fixed" || at === body || at === documentElement) break;
    const style = styleOf(at);
    const holds = style.position !== "static" || style.transform !== "none";
    // What is positioned is not clipped by what it is not positioned in.
    if (position === "absolute" && !holds) continue;
    if (holds) position = style.position;
    const { overflowX, overflowY } = style;
    if (!CLIPS.test(overflowX + overflowY)) continue;
    const clip = at.getBoundingClientRect();
    const [x, width] = visiblePart(overflowX, box.x, box.width, clip.x, clip.width);
    const [y, height] = visiblePart(overflowY, box.y, box.height, clip.y, clip.height);
    if (width < 1 || height < 1) return false;
    box = { x, y, width, height };
  }
  // Above or before the page's beginning nothing can be scrolled to.
  const { scrollX = 0, scrollY = 0, frameElement } = defaultView ?? {};
  const isOff =
    // A body that scrolls by itself was not looked at above.
    box.y + box.height + scrollY + body.scrollTop < 1 ||
    (!scrollX && ownerDocument.dir !== "rtl" && box.x + box.width < 1);
  return !isOff && (!frameElement || isVisible(frameElement));
}

const CLIPS = /hidden|clip|auto|scroll/;
const SCROLLS = /auto|scroll/;

/** What is left of a stretch in a box that clips it; what scrolls shows all of it in time. */
function visiblePart(
  overflow: string,
  at: number,
  size: number,
  from: number,
  room: number,
): [number, number] {
  if (!CLIPS.test(overflow)) return [at, size];
  if (SCROLLS.test(overflow)) return [from, room];
  const start = Math.max(at, from);
  return [start, Math.min(at + size, from + room) - start];
}

/** Where it is asked whether something lies on top, as shares of width and height. */
const POINTS = [
  [0.5, 0.5],
  [0.1, 0.1],
  [0.9, 0.1],
  [0.1, 0.9],
  [0.9, 0.9],
] as const;

/**
 * What of the page is painted over the whole element; `undefined` where some of it can be seen, or is out of view.
 * Cairn's own hints do not count.
 */
export function coverOf(element: Element): Element | undefined {
  // Nothing can be hit where it does not take the pointer.
  if (styleOf(element).pointerEvents === "none") return undefined;
  const { x, y, width, height } = element.getBoundingClientRect();
  let cover: Element | undefined;
  for (const [across, down] of POINTS) {
    cover = coverAt(element, { x: x + width * across, y: y + height * down, width: 0, height: 0 });
    if (!cover) return undefined;
  }
  return cover;
}

function coverAt(element: Element, point: Box): Element | undefined {
  for (let at: Element | null | undefined = element; at; ) {
    const root = at.getRootNode() as Tree;
    for (const hit of root.elementsFromPoint?.(point.x, point.y) ?? []) {
      if (hit.contains(at) || at.contains(hit)) break;
      if (!hit.localName.startsWith(OWN_PREFIX) && isPainted(hit)) return hit;
    }
    const frame: Element | null | undefined = root.defaultView?.frameElement;
    if (frame) point = outOfFrame(frame, point);
    at = root.host ?? frame;
  }
  return undefined;
}

/** Whether it hides what is beneath; layers that only catch clicks do not. */
function isPainted(element: Element): boolean {
  const { backgroundColor, backgroundImage } = styleOf(element);
  return (
    (backgroundImage !== "none" ||
      /^(img|video|canvas|iframe)$/.test(element.localName) ||
      !/^rgba.*, 0(\.0\d*)?\)$|\/ 0(\.0\d*)?\)$/.test(backgroundColor)) &&
    element.checkVisibility?.({ opacityProperty: true }) !== false
  );
}

/** Whether the element can be seen, or could be once scrolled into view, and nothing lies on top of it now. */
export const isClear = (element: Element) => isVisible(element) && !coverOf(element);

/** The same, but what lies on top now may be something that scrolling brings it out of. */
export function isSeen(element: Element): boolean {
  if (!isVisible(element)) return false;
  const cover = coverOf(element);
  if (!cover) return true;
  // A bar along the edge: what is scrolled under it comes out again.
  for (let at: Element | null | undefined = cover; at; at = parentOf(at))
    if (/fixed|sticky/.test(styleOf(at).position))
      return at.clientHeight * 2 < at.ownerDocument.documentElement.clientHeight;
  return false;
}

/** Whether the element can be used: neither it nor a fieldset around it is disabled. */
export function isEnabled(element: Element): boolean {
  return !element.matches(":disabled") && element.closest('[aria-disabled="true"],[inert]') === null;
}
