import type { HintAct, RunId, RunView } from "@cairn/engine";
import type { StepId, Target } from "@cairn/flow-schema";

/** Time and timers, so that tests own the clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `fn` once after `ms`; returns what cancels it. Delays over 2^31 ms are split by the implementation. */
  after(ms: number, fn: () => void): () => void;
}

/** Draws runs. Lives in a chunk of its own that is loaded when the first hint is due. */
export interface Ui {
  /** Opens the run, or goes to the step that the view names. `resumed`: no entrance, no announcement. */
  show(view: RunView, options: { readonly resumed: boolean }): void;
  /** Draws an open run anew in place; ignored where the run is not open. */
  update(view: RunView): void;
  /** Closes the run; ignored where it is not open. */
  hide(run: RunId): void;
  /** Language of Cairn's own words (Close, Back …); hints' own words come with their view. */
  setLocale(locale: string): void;
  /** Takes everything off the page. */
  dispose(): void;
}

/** What the UI needs from the rest of the SDK. */
export interface UiPorts {
  readonly document: Document;
  readonly clock: Clock;
  readonly locale: string;
  /** The element for a target as the page stands now, or `null`. */
  find(target: Target): Element | null;
  /** A person did something in a hint. */
  act(run: RunId, act: HintAct): void;
  /** The step (or checklist, `null`) was at least half in view, on a visible page, for one second. Once per run and step. */
  exposed(run: RunId, step: StepId | null): void;
  /** Whether a link may be followed (see bar.md: allow-listed schemes only); asked when drawing and again at the click. */
  allowsUrl(url: string): boolean;
}

export type CreateUi = (ports: UiPorts) => Ui;
