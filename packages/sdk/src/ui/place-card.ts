import type { Placement } from "@cairn/flow-schema";
import { outOfFrame } from "../frame.ts";
import { place, type Rect } from "./place.ts";

/** Where an element is in the viewport of the page that `home` is the document of, through same-origin frames. */
export function rectOf(element: Element, home: Document): Rect {
  let box: Rect = element.getBoundingClientRect();
  for (let { ownerDocument } = element; ownerDocument !== home; ) {
    const frame = ownerDocument.defaultView?.frameElement;
    if (!frame) break;
    box = outOfFrame(frame, box);
    ({ ownerDocument } = frame);
  }
  return box;
}

/** How the arrow is turned: a square whose upper left corner looks at the target. */
const TURN = { bottom: 45, right: -45, top: 225, left: 135 };

/**
 * Moves the card beside the target. Where there is no room on any side it becomes a sheet at the bottom, or at the top
 * where the target is in the lower half. The layer fills the viewport, so both have the same coordinates.
 */
export function placeCard(card: HTMLElement, layer: HTMLElement, target: Rect, placement: Placement): void {
  const { style, dataset } = card;
  // Measured as a card: the sheet is wider.
  delete dataset.sheet;
  const view = { width: layer.clientWidth, height: layer.clientHeight };
  const size = { width: card.offsetWidth, height: card.offsetHeight };
  const { width, height } = size;
  const wanted = placement === "center" ? "auto" : placement;
  const placed = place(target, size, view, wanted, card.dir === "rtl");
  if (placed) {
    const { x, y, side, arrow } = placed;
    const tip = (card.lastElementChild as HTMLElement).style;
    style.translate = `${x}px ${y}px`;
    tip.rotate = `${TURN[side]}deg`;
    // Its middle on the card's edge.
    tip.translate =
      side === "top" || side === "bottom"
        ? `${arrow}px ${side === "top" ? height : 0}px`
        : `${side === "left" ? width : 0}px ${arrow}px`;
  } else {
    const low = target.y > view.height / 2 || target.y + target.height > view.height - height;
    dataset.sheet = low && target.y > height ? "top" : "bottom";
    style.translate = "";
  }
  dataset.placed = "";
}
