import type { Condition, Level } from "./condition.ts";
import type { Duration, Share } from "./duration.ts";
import type { ActionId, FlowId, ItemId, StepId, VariantId } from "./ids.ts";
import type { Target } from "./target.ts";
import type { Text } from "./text.ts";
import type { Theme } from "./theme.ts";

export const SCHEMA_VERSION = 1;

export const FLOW_KINDS = ["tooltip", "hotspot", "tour", "checklist", "modal", "slideout", "banner"] as const;
export type FlowKind = (typeof FLOW_KINDS)[number];

export type Placement =
  | "auto"
  | "center"
  | "top"
  | "right"
  | "bottom"
  | "left"
  | "top-start"
  | "top-end"
  | "bottom-start"
  | "bottom-end"
  | "left-start"
  | "left-end"
  | "right-start"
  | "right-end";

/** What a button does. */
export type Do =
  | "next"
  | "back"
  | "done"
  | "dismiss"
  | "preferences"
  | { readonly snooze: Duration }
  | { readonly link: string }
  | { readonly navigate: string }
  | { readonly start: FlowId }
  | {
      readonly track: string;
      readonly properties?: { readonly [name: string]: string | number | boolean | null };
    }
  | { readonly copy: Text }
  | { readonly contact: "csm" | "support" };

export interface Action {
  readonly id: ActionId;
  readonly label: Text;
  /** @default "primary" for the first action of a step, "secondary" for the others */
  readonly style?: "primary" | "secondary" | "quiet";
  /** One deed or several, run in order. */
  readonly do: Do | readonly Do[];
}

export interface Media {
  readonly type: "image" | "video";
  readonly src: string;
  readonly alt: Text;
  /** Pixels; with `height` it reserves the room before the file arrives. */
  readonly width: number;
  readonly height: number;
  readonly poster?: string;
  readonly captions?: { readonly [locale: string]: string };
}

/** Where to go after a step: the first entry whose `when` is true, or that has none. */
export type Route = { readonly when?: Condition; readonly step: StepId };

export interface Step {
  readonly id: StepId;
  readonly target?: Target;
  /** @default "auto" */
  readonly placement?: Placement;
  readonly title?: Text;
  readonly body?: Text;
  readonly media?: Media;
  readonly actions?: readonly Action[];
  readonly next?: readonly Route[];
  readonly showWhen?: Condition;
  readonly advanceWhen?: Condition;
  /** What to do when the target does not come within `targetWait`. @default "skip" in tours, else "end" */
  readonly missing?: "skip" | "center" | "end";
}

/** One line of a checklist. */
export interface Item {
  readonly id: ItemId;
  readonly title: Text;
  readonly body?: Text;
  /** Ticks the item when it becomes true. */
  readonly done: Condition;
  /** What a click on the line does. */
  readonly do?: Do | readonly Do[];
  /** Whether what was done before the checklist was first seen counts too. @default false */
  readonly retroactive?: boolean;
  /** The line cannot be clicked until this is true. */
  readonly lockedUntil?: Condition;
  /** An optional line does not hold up completion. @default false */
  readonly optional?: boolean;
}

export interface Frequency {
  /** Exposures in all; `null` = no limit. */
  readonly atMost?: number | null;
  /** Least time between two starts. */
  readonly gap?: Duration;
  /** What ends it for good. */
  readonly until?: "none" | "dismissed" | "completed" | "goal";
  /** @default "user" */
  readonly per?: Level;
}

export interface Holdout {
  readonly share: Share;
  /** @default "account" where one is known */
  readonly by?: Level;
}

export interface Variant {
  readonly id: VariantId;
  readonly weight: number;
  readonly steps?: readonly Step[];
}

export interface Goal {
  readonly reach: Condition;
  readonly within?: Duration;
}

export interface FlowHead {
  readonly $schema?: string;
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly id: FlowId;
  readonly name?: string;
  readonly category?: string;
  readonly owner?: string;
  readonly why?: string;
  /** @default true */
  readonly enabled?: boolean;
  /** From this moment on the flow is not shown any more. Date or ISO 8601 time. */
  readonly expires?: string;
  readonly reviewBy?: string;
  readonly audience?: Condition;
  readonly trigger?: Condition;
  readonly goal?: Goal;
  readonly frequency?: Frequency;
  /** How long a held flow may wait for its gate to open. @default "30m" */
  readonly patience?: Duration;
  /** 0–100. @default 50 */
  readonly priority?: number;
  /** Passes budget and every holdout; for what must be said. @default false */
  readonly critical?: boolean;
  /** Shown only from (inclusive) to (exclusive). Dates or ISO 8601 times. */
  readonly schedule?: { readonly from?: string; readonly to?: string };
  /** @default "100%" */
  readonly rollout?: Share;
  readonly holdout?: Holdout;
  readonly variants?: readonly Variant[];
  readonly locales?: readonly string[];
  readonly theme?: Theme;
  /** How long a later step waits for its target. @default "5s" */
  readonly targetWait?: Duration;
  readonly title?: Text;
  /** Written by the server at publish; ignored on PUT. */
  readonly version?: number;
  /** Written by the server at publish; ignored on PUT. ISO 8601. */
  readonly publishedAt?: string;
}

export interface StepFlow extends FlowHead {
  readonly kind: Exclude<FlowKind, "checklist">;
  readonly steps: readonly Step[];
}
export interface ChecklistFlow extends FlowHead {
  readonly kind: "checklist";
  readonly items: readonly Item[];
}
/** One flow definition: what the author writes is what is stored, published, sent and executed. */
export type Flow = StepFlow | ChecklistFlow;
