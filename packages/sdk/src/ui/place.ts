import type { Placement } from "@cairn/flow-schema";

export type Side = "top" | "right" | "bottom" | "left";
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly side: Side;
  /** Middle of the arrow along the card's edge, from its left or top end. */
  readonly arrow: number;
}

/** Least room between a hint and the edge of the viewport, CSS pixels. */
export const EDGE = 8;
/** Room between a hint and its target, for the arrow. */
const GAP = 12;
/** The arrow stays this far from the rounded corners. */
const CORNER = 22;

const OPPOSITE: { readonly [side in Side]: Side } = {
  top: "bottom",
  bottom: "top",
  left: "right",
  right: "left",
};

/**
 * Where a card goes beside its target: the wanted side, else the opposite, else one across, whichever has room first;
 * along that side shifted so that all of it stays in the viewport. `null` where no side has room. All in the
 * viewport's coordinates.
 */
export function place(
  target: Rect,
  card: { readonly width: number; readonly height: number },
  view: { readonly width: number; readonly height: number },
  placement: Exclude<Placement, "center">,
  rtl: boolean,
): Placed | null {
  const [wanted, align] = (placement === "auto" ? "bottom" : placement).split("-") as [Side, string?];
  const across: Side[] = wanted === "top" || wanted === "bottom" ? ["right", "left"] : ["bottom", "top"];
  if (rtl && across[0] === "right") across.reverse();
  // What of the target can be seen, which is what the arrow points at.
  const left = clamp(target.x, 0, view.width);
  const top = clamp(target.y, 0, view.height);
  const right = clamp(target.x + target.width, left, view.width);
  const bottom = clamp(target.y + target.height, top, view.height);

  for (const side of [wanted, OPPOSITE[wanted], ...across]) {
    const upright = side === "top" || side === "bottom";
    const [size, length] = upright ? [card.height, card.width] : [card.width, card.height];
    const [room, span] = upright ? [view.height, view.width] : [view.width, view.height];
    const [from, to] = upright ? [left, right] : [top, bottom];
    const away = { top: top - GAP - size, left: left - GAP - size, bottom: bottom + GAP, right: right + GAP }[
      side
    ];
    const most = span - EDGE - length;
    if (away < EDGE || away + size > room - EDGE || most < EDGE) continue;
    // Text runs the other way along the upper and lower edge.
    const start = align === (upright && rtl ? "end" : "start");
    const aligned = align === undefined ? (from + to - length) / 2 : start ? from : to - length;
    const along = clamp(aligned, EDGE, most);
    const arrow = Math.round(clamp((from + to) / 2 - along, CORNER, length - CORNER));
    const [x, y] = (upright ? [along, away] : [away, along]).map(Math.round) as [number, number];
    return { x, y, side, arrow };
  }
  return null;
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
