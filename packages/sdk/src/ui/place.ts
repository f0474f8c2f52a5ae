import type { Placement } from "@cairn/flow-schema";

export type Side = "top" | "right" | "bottom" | "left";
export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
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

/** Opposite sides stand together: `index ^ 1`. The first two are along the x axis, which is 0. */
const SIDES: readonly Side[] = ["left", "right", "top", "bottom"];

/**
 * Where a card goes beside its target: the wanted side, else the opposite, else one across, whichever has room first;
 * along that side shifted so that all of it stays in the viewport. `null` where no side has room. All in the
 * viewport's coordinates.
 */
export function place(
  target: Rect,
  card: Size,
  view: Size,
  placement: Exclude<Placement, "center">,
  rtl: boolean,
): Placed | null {
  const [wanted, align] = placement.split("-") as [Side | "auto", string?];
  const first = wanted === "auto" ? 3 : SIDES.indexOf(wanted);
  const across = first < 2 ? 3 : rtl ? 0 : 1;
  const axes = [
    [target.x, target.width, card.width, view.width],
    [target.y, target.height, card.height, view.height],
  ].map(([at = 0, length = 0, size = 0, room = 0]) => {
    // What of the target can be seen, which is what the arrow points at.
    const from = clamp(at, 0, room);
    return { from, to: clamp(at + length, from, room), size, room };
  });

  for (const index of [first, first ^ 1, across, across ^ 1]) {
    const beside = index < 2;
    const [main, cross] = (beside ? axes : [...axes].reverse()) as [Axis, Axis];
    const away = index & 1 ? main.to + GAP : main.from - GAP - main.size;
    const most = cross.room - EDGE - cross.size;
    if (away < EDGE || away + main.size > main.room - EDGE || most < EDGE) continue;
    const { from, to, size } = cross;
    // Text runs the other way along the upper and lower edge.
    const start = align === (rtl && !beside ? "end" : "start");
    const along = clamp(align ? (start ? from : to - size) : (from + to - size) / 2, EDGE, most);
    const arrow = Math.round(clamp((from + to) / 2 - along, CORNER, size - CORNER));
    const [x, y] = (beside ? [away, along] : [along, away]).map(Math.round) as [number, number];
    return { x, y, side: SIDES[index] as Side, arrow };
  }
  return null;
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly size: number;
  readonly room: number;
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
