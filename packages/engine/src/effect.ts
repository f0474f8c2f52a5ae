import type {
  ActionId,
  FlowId,
  FlowKind,
  ItemId,
  JsonObject,
  Media,
  Placement,
  RecordedEvent,
  StepId,
  Target,
  TargetKey,
  Theme,
} from "@cairn/flow-schema";
import type { EndReason } from "./decision.ts";
import type { RunId } from "./input.ts";

/**
 * Words ready to render: the Markdown source in one language, and the formatted value of each `{{…}}` in it, keyed
 * by what stands between the braces. Values are put in as plain text, never as Markdown.
 */
export interface TextView {
  readonly source: string;
  readonly values: { readonly [expression: string]: string };
}

export interface ActionView {
  readonly id: ActionId;
  readonly label: TextView;
  readonly style: "primary" | "secondary" | "quiet";
  /** For a button that only opens a link: its address, so that it can be a real link. */
  readonly href?: string;
}

export interface StepView {
  readonly id: StepId;
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** `null`: no target, shown in the centre. */
  readonly target: { readonly key: TargetKey; readonly target: Target } | null;
  readonly placement: Placement;
  readonly title?: TextView;
  readonly body?: TextView;
  readonly media?: Omit<Media, "alt"> & { readonly alt: TextView };
  readonly actions: readonly ActionView[];
}

export interface ItemView {
  readonly id: ItemId;
  readonly title: TextView;
  readonly body?: TextView;
  readonly done: boolean;
  readonly locked: boolean;
  readonly optional: boolean;
  /** Whether a click on the line does something. */
  readonly actionable: boolean;
}

/** All that the UI needs to draw one run. */
export interface RunView {
  readonly run: RunId;
  readonly flow: FlowId;
  readonly kind: FlowKind;
  /** BCP-47 tag of the words shown. */
  readonly locale: string;
  readonly theme: Theme;
  readonly title?: TextView;
  /** The step on screen; `null` for a checklist. */
  readonly step: StepView | null;
  /** `null` but for a checklist. */
  readonly items: readonly ItemView[] | null;
}

/** What the SDK is to do, as plain data; the engine does nothing itself. */
export type Effect =
  /** Open this run, or go to this step of it. `resumed`: it was open before a reload or a route change. */
  | { readonly type: "show"; readonly view: RunView; readonly resumed: boolean }
  /** Something in an open run has changed (an item was ticked, the language): draw it anew in place. */
  | { readonly type: "update"; readonly view: RunView }
  | { readonly type: "hide"; readonly run: RunId; readonly reason: EndReason | "waiting" }
  /** The whole set of targets to look for from now on; each is answered at once by a `located` input. */
  | {
      readonly type: "locate";
      readonly targets: readonly { readonly key: TargetKey; readonly target: Target }[];
    }
  /** Send a `tick` at this moment (epoch ms); replaces the one before; `null` = none. */
  | { readonly type: "wake"; readonly at: number | null }
  /** Send this event to the server. */
  | {
      readonly type: "record";
      readonly event: RecordedEvent;
      readonly properties: JsonObject;
      readonly run?: RunId;
      readonly decidedAt?: number;
    }
  /**
   * A part of the engine is needed that is not loaded: load it (the course needs the stage, too), compile with it, and send
   * a `config`. While something is open and the course is missing, other inputs are to wait.
   */
  | { readonly type: "load"; readonly part: "stage" | "course" }
  /** Go to this path of the host's product. */
  | { readonly type: "navigate"; readonly path: string; readonly run: RunId }
  /** A deed outside the engine's world. */
  | { readonly type: "host"; readonly run: RunId; readonly call: HostCall };

export type HostCall =
  | { readonly kind: "link"; readonly url: string }
  | { readonly kind: "copy"; readonly text: string }
  | { readonly kind: "contact"; readonly who: "csm" | "support" }
  | { readonly kind: "preferences" }
  /** The `track` action: the host's own event, to be sent; the engine knows it already. */
  | { readonly kind: "track"; readonly event: string; readonly properties: JsonObject };
