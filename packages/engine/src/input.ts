import type {
  ActionId,
  FlowId,
  Interaction,
  ItemId,
  JsonObject,
  SignalName,
  StepId,
  TargetKey,
} from "@cairn/flow-schema";
import type { Facts } from "./facts.ts";
import type { State } from "./user-state.ts";

/** Identifies one run: a flow from show to end. Unique over devices. */
export type RunId = string;

/** `elsewhere`: another tab of the same browser has the word; the settings cannot allow what it forbids. */
export type GuardReason =
  | "typing"
  | "drag"
  | "selection"
  | "hostModal"
  | "fullscreen"
  | "hidden"
  | "hold"
  | "elsewhere";

/** What a person did in a hint. `close` is the hint's own × and Escape. */
export type HintAct =
  | { readonly kind: "button"; readonly id: ActionId }
  | { readonly kind: "item"; readonly id: ItemId }
  | { readonly kind: "close" };

/** Everything that can happen to the engine. A closed list. */
export type Input =
  /** The compiled definitions have been replaced; also the first input after a start. */
  | { readonly type: "config" }
  | {
      readonly type: "identify";
      readonly userId: string;
      readonly traits?: JsonObject;
      readonly verified?: boolean;
    }
  | { readonly type: "group"; readonly accountId: string; readonly traits?: JsonObject }
  | { readonly type: "track"; readonly event: string; readonly properties?: JsonObject; readonly id?: string }
  | { readonly type: "page"; readonly url: string; readonly name?: string; readonly properties?: JsonObject }
  | {
      readonly type: "signal";
      readonly name: SignalName;
      readonly for?: number;
      readonly depth?: number;
      readonly targets?: readonly TargetKey[];
    }
  /** A person touched the host's page; `targets` are those of `compiled.interactions` that were hit. */
  | { readonly type: "ui"; readonly action: Interaction; readonly targets: readonly TargetKey[] }
  /** An element that a condition asks about has changed. */
  | {
      readonly type: "element";
      readonly target: TargetKey;
      readonly present: boolean;
      readonly visible: boolean;
      readonly enabled: boolean;
    }
  /** Answer to a `locate` effect, given at once and again at each change. `rank` 0 = the anchor, 1… = that fallback. */
  | { readonly type: "located"; readonly target: TargetKey; readonly found: boolean; readonly rank?: number }
  /** The step has been at least half in view, on a visible page, for one second. */
  | { readonly type: "exposed"; readonly run: RunId; readonly step: StepId | null }
  | { readonly type: "action"; readonly run: RunId; readonly act: HintAct }
  /** A moment when nothing may open has begun or ended. `except`: targets inside the host's modal. */
  | {
      readonly type: "guard";
      readonly reason: GuardReason;
      readonly on: boolean;
      readonly except?: readonly TargetKey[];
    }
  | {
      readonly type: "preferences";
      readonly paused?: boolean;
      readonly categories?: { readonly [category: string]: boolean };
      readonly consent?: "pending" | "granted" | "denied";
    }
  | { readonly type: "locale"; readonly locale: string }
  | { readonly type: "device" }
  /** Manual start: API, `start` action, checklist item. */
  | { readonly type: "start"; readonly flow: FlowId; readonly force?: boolean }
  /** No `flow`: everything. */
  | { readonly type: "stop"; readonly flow?: FlowId }
  /** State of the same person from another tab or device, or what the server knows of them, to be joined. */
  | { readonly type: "merge"; readonly state?: State; readonly facts?: Facts }
  /** Time has come: answers a `wake`. */
  | { readonly type: "tick" };
