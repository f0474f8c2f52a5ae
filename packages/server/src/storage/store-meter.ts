/** Told by a store what it does, for figures only. It must return at once and never throw. */
export interface StoreMeter {
  /** So many events were committed together, and how long that took, in seconds. */
  committed(events: number, seconds: number): void;
  /** What waits to be stored now. */
  waiting(events: number, characters: number): void;
}

export const NO_METER: StoreMeter = { committed() {}, waiting() {} };
