import type { RunId, RunView, StepView } from "@cairn/engine";
import type { Placement } from "@cairn/flow-schema";
import { hintProps, mark } from "./card.tsx";
import { EDGE, type Rect } from "./place.ts";
import { placeCard } from "./place-card.ts";
import { fill } from "./strings/strings.ts";
import { type Kit, spoken } from "./text.tsx";
import type { Tokens } from "./theme.ts";

export { hotspotStyles as styles } from "./hotspot-styles.ts";

export interface BeaconProps {
  readonly view: RunView;
  readonly step: StepView;
  /** Whether its hint is there. */
  readonly open: boolean;
  readonly kit: Kit;
  readonly tokens: Tokens | undefined;
  readonly enter: boolean;
}

/** English, whose words come with this chunk. */
export const LABEL = "Hint: {title}";

/** The dot on a hotspot's target: a button that opens the hint, and puts it away. */
export function Beacon({ view, step, open, kit, tokens, enter }: BeaconProps) {
  const { title, body } = step;
  const words = title ?? body;
  return (
    <button
      {...hintProps(view, tokens, enter)}
      class="beacon"
      type="button"
      tabIndex={0}
      data-do="toggle"
      data-open={mark(open)}
      aria-expanded={open}
      aria-haspopup="dialog"
      aria-label={fill(kit.strings.hotspot ?? LABEL, { title: words ? spoken(words, kit) : "" })}
    >
      <i class="wave" />
      <i class="dot" />
    </button>
  );
}

/** Half of the beacon's width. */
const HALF = 14;

/**
 * Puts the beacon of this hint on the target's edge where the hint is to stand, by default on its upper outer corner,
 * and the hint, where it is open, beside the beacon.
 */
export function putHotspot(card: HTMLElement, layer: HTMLElement, target: Rect, placement: Placement): void {
  const beacon = beaconOf(layer, card.dataset.run);
  if (!beacon) return;
  const [side = "", align = ""] = placement.split("-");
  const rtl = beacon.dir === "rtl";
  /** From 0, at the start of this axis, to 1. */
  const share = (start: string, end: string, turned: boolean) => {
    if (side === start) return 0;
    if (side === end) return 1;
    if (side === "auto") return start === "left" && !rtl ? 1 : 0;
    const at = align === "start" ? 0 : align === "end" ? 1 : 0.5;
    return turned ? 1 - at : at;
  };
  const at = (from: number, length: number, part: number, room: number) =>
    Math.round(Math.max(EDGE, Math.min(room - EDGE - HALF * 2, from + length * part - HALF)));
  const x = at(target.x, target.width, share("left", "right", rtl), layer.clientWidth);
  const y = at(target.y, target.height, share("top", "bottom", false), layer.clientHeight);
  beacon.style.translate = `${x}px ${y}px`;
  beacon.dataset.placed = "";
  if (card === beacon) return;
  // A hint covers neither the dot nor what it is about, unless that is too large to stand beside.
  const dot = { x: x + 4, y: y + 4, width: 20, height: 20 };
  const isSmall = target.width < 280 && target.height < 120;
  placeCard(card, layer, isSmall ? around(dot, target) : dot, placement);
}

const around = (a: Rect, b: Rect): Rect => {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const width = Math.max(a.x + a.width, b.x + b.width) - x;
  return { x, y, width, height: Math.max(a.y + a.height, b.y + b.height) - y };
};

/** Takes the run's beacon away with its target, and brings it back. */
export function spotAt(layer: HTMLElement, run: RunId, target: Rect | null): void {
  beaconOf(layer, run)?.toggleAttribute("data-away", target === null);
}

const beaconOf = (layer: HTMLElement, run: RunId | undefined) =>
  [...layer.querySelectorAll<HTMLElement>(".beacon")].find((each) => each.dataset.run === run);
