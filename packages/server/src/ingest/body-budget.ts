import { httpError } from "../errors.ts";

/** Most bytes of all bodies together that are still being read, or unpacked, in one process. */
export const BODY_BUDGET = 67_108_864;
/** What a piece of a body costs beside its bytes: who sends a byte at a time holds more than that. */
const PIECE_COST = 256;

/** What bodies hold of memory before anybody knows whose they are. */
export interface BodyBudget {
  /** To be closed, whatever happens, once the body is read or given up. */
  open(): BodyHold;
}
export interface BodyHold {
  /** Counts one more piece; throws 503 where that is more than all bodies together may hold. */
  take(bytes: number): void;
  close(): void;
}

/** `most`: in bytes. */
export function createBodyBudget(most = BODY_BUDGET): BodyBudget {
  let total = 0;
  return {
    open() {
      let held = 0;
      return {
        take(bytes) {
          const cost = bytes + PIECE_COST;
          if (total + cost > most)
            throw httpError("unavailable", "Too much is being sent at once. Try again.", undefined, 1, true);
          total += cost;
          held += cost;
        },
        close() {
          total -= held;
          held = 0;
        },
      };
    },
  };
}
