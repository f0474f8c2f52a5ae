import type { RunView } from "@cairn/engine";
import type { Drawn } from "./layer.tsx";
import type { Panel } from "./panel.ts";

/** A run that is on screen, or about to be. */
export interface Open extends Drawn {
  view: RunView;
  enter: boolean;
  /** What is drawn of it, with target and exposure observed: another element for each step. */
  attached?: Element;
  /** Takes the focus as soon as it can be seen: the step before it had it. */
  takesFocus?: boolean;
  /** The engine knows nothing of it (any more): a panel, or a finished checklist that stays a moment to say so. */
  farewell?: boolean;
  /** A panel's own answer to its buttons. */
  answer?: Panel["act"] | undefined;
  /** Closes a modal and gives the focus back. */
  leave?: () => void;
  stop(): void;
}

/** As which run a panel is drawn; one at a time. */
export const PANEL = "cairn";

/* What it is drawn as, each in a chunk of its own. */
export const isWindow = ({ kind }: RunView) => kind === "modal" || kind === "slideout" || kind === "banner";
export const hasFilm = ({ step }: RunView) => step?.media?.type === "video";
export const isChecklist = ({ items }: RunView) => !!items;
/** One without a target, which a step may have lost, is drawn as a card. */
export const isHotspot = ({ kind, step }: RunView) => kind === "hotspot" && !!step?.target;
