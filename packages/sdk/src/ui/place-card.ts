import type { Placement } from "@cairn/flow-schema";
import { place, type Rect } from "./place.ts";

/** Where an element is in the viewport of the page that `home` is the document of, through same-origin frames. */
export function rectOf(element: Element, home: Document): Rect {
  let { x, y, width, height } = element.getBoundingClientRect();
  for (let view = element.ownerDocument.defaultView; view?.frameElement && view.document !== home; ) {
    const frame = view.frameElement;
    const outer = frame.getBoundingClientRect();
    x += outer.x + frame.clientLeft;
    y += outer.y + frame.clientTop;
    view = frame.ownerDocument.defaultView;
  }
  return { x, y, width, height };
}

/**
 * Moves the card beside the target. Where there is no room on any side it becomes a sheet at the bottom, or at the top
 * where the target is in the lower half. The layer fills the viewport, so both have the same coordinates.
 */
export function placeCard(
  card: HTMLElement,
  layer: HTMLElement,
  target: Rect,
  placement: Exclude<Placement, "center">,
): void {
  // Measured as a card: the sheet is wider.
  delete card.dataset.sheet;
  const view = { width: layer.clientWidth, height: layer.clientHeight };
  const size = { width: card.offsetWidth, height: card.offsetHeight };
  const placed = place(target, size, view, placement, card.dir === "rtl");
  if (placed === null) {
    const low = target.y > view.height / 2 || target.y + target.height > view.height - size.height;
    card.dataset.sheet = low && target.y > size.height ? "top" : "bottom";
    card.style.translate = "";
  } else {
    const { x, y, side, arrow } = placed;
    card.style.translate = `${x}px ${y}px`;
    // A square whose upper left corner looks at the target, its middle on the card's edge.
    const tip = (card.lastElementChild as HTMLElement).style;
    const [turn, left, top] = {
      bottom: [45, arrow, 0],
      right: [-45, 0, arrow],
      top: [225, arrow, size.height],
      left: [135, size.width, arrow],
    }[side] as [number, number, number];
    tip.rotate = `${turn}deg`;
    tip.translate = `${left}px ${top}px`;
  }
  card.dataset.placed = "";
}
