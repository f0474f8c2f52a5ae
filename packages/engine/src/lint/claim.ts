import type { ElementState, FeatureState, Json, Level } from "@cairn/flow-schema";

/** One operator (`""` = the value itself) at one attribute. `of`: whose attribute. */
export interface AttributeClaim {
  readonly type: "attribute";
  readonly of: AttributeOwner;
  readonly path: string;
  readonly operator: string;
  readonly expected: Json;
}
export type AttributeOwner = "user" | "account" | "device" | "event";

/** The value cannot be turned into text or a number: an object with a `toString` of its own. */
export interface ThrowsClaim {
  readonly type: "throws";
  readonly of: AttributeOwner;
  readonly path: string;
}

/** How often an event came in the last `window` ms (-1 = ever); `since`: counted from an exposure on. */
export interface CountClaim {
  readonly type: "count";
  readonly event: string;
  readonly level: Level;
  readonly where: string;
  readonly window: number;
  readonly since: boolean;
  readonly least: number;
  /** -1 = no limit. */
  readonly most: number;
}
export interface SequenceClaim {
  readonly type: "sequence";
  readonly names: readonly string[];
  readonly since: boolean;
  /** What else makes it another sequence: `without`, `within`, `wait`. */
  readonly rest: string;
}
export interface InactiveClaim {
  readonly type: "inactive";
  readonly subject: { readonly event: string } | { readonly feature: FeatureFacts };
  readonly level: Level;
  readonly ms: number;
}
export interface StateClaim {
  readonly type: "state";
  readonly feature: FeatureFacts;
  readonly level: Level;
  readonly is: FeatureState;
}
/** What of a feature's definition binds its state to events. */
export interface FeatureFacts {
  readonly id: string;
  /** Its event uses, with their `where` as JSON. */
  readonly events: readonly { readonly event: string; readonly where: string }[];
  /** Its only use is one event. */
  readonly single: boolean;
  readonly count: number;
  /** -1 = never lapses. */
  readonly lapsedAfter: number;
}
export interface PageClaim {
  readonly type: "page";
  readonly pattern: string;
}
export interface TimeClaim {
  readonly type: "time";
  /** Epoch ms; `null` = no end. */
  readonly from: number | null;
  readonly to: number | null;
  readonly days: readonly string[] | null;
  readonly hours: readonly [string, string] | null;
  readonly zone: string;
}
export interface LocaleClaim {
  readonly type: "locale";
  readonly tags: readonly string[];
}
export interface SeenClaim {
  readonly type: "seen";
  readonly flow: string;
}
export interface ElementClaim {
  readonly type: "element";
  readonly target: string;
  readonly is: ElementState;
}
/** What is happening at this very moment: one input at a time. */
export interface MomentClaim {
  readonly type: "moment";
  readonly kind: string;
  readonly detail: string;
}
/** Nothing is known that would tie it to anything else. */
export interface FreeClaim {
  readonly type: "free";
  readonly name: string;
}

export type HistoryClaim = CountClaim | SequenceClaim | InactiveClaim | StateClaim;
export type Claim =
  | AttributeClaim
  | ThrowsClaim
  | HistoryClaim
  | PageClaim
  | TimeClaim
  | LocaleClaim
  | SeenClaim
  | ElementClaim
  | MomentClaim
  | FreeClaim;
