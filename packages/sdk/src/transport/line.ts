import type { Message } from "@cairn/flow-schema";
import type { Store } from "../ports.ts";

export const MAX_BATCH_EVENTS = 100;
/** While the server takes nothing, the caps are checked once in so many additions at least. */
export const TIDY_EVERY = 500;

/** Where sending stands: what delivery and the code for trouble, which is loaded later, share. */
export interface Line {
  /** Messages of this page, neither sent nor copied. */
  readonly own: Map<string, Message>;
  readonly store: Store;
  /** What the keys of its messages begin with. */
  readonly prefix: string;
  /** Where the moment is kept before which the server is not to be asked, for all tabs and pages. */
  readonly laterKey: string;
  /** Where it is kept, for all tabs and pages, how many were given up that the server has not been told of. */
  readonly droppedKey: string;
  /** Added since the caps were checked, and how many may be before they are again. */
  sinceTidy: number;
  room: number;
  /** Given up on this page. */
  dropped: number;
  /** Not 0 = there may be some that the server has not been told of; `undefined` = not looked yet. */
  untold: number | undefined;
  /** Failures in a row. */
  attempt: number;
  /** How many messages a batch may have. */
  size: number;
  /** Ids of messages that the server fails on, and how often; they are left out until others have been taken. */
  readonly suspects: Map<string, number>;
  /** Those left out for now. */
  readonly aside: Set<string>;
  /** Nothing more is sent from this page. */
  stopped: boolean;
  /** A server that answered with "later" is not asked before this moment, whatever happens meanwhile. */
  notBefore: number;
  /** Takes out of the store what the server has, or will never take. */
  forget(batch: readonly Message[]): Promise<void>;
}
