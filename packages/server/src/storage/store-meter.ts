/** Told by a store what it does. It must return at once and never throw. */
export interface StoreMeter {
  /** So many events were committed together, and how long that took, in seconds. */
  committed(events: number, seconds: number): void;
  /** What waits to be stored now, and whether that is nearly all that may. */
  waiting(events: number, characters: number, isFull: boolean): void;
}

export const NO_METER: StoreMeter = { committed() {}, waiting() {} };
