/** What retention took away. */
export interface Forgotten {
  readonly events: number;
  /** Combinations of ids that no message names any more. */
  readonly people: number;
  /** States of people that nothing was added to since then. */
  readonly states: number;
}

/** What goes on in the background, in slices so short that no request waits for one. */
export interface UpkeepStore {
  /**
   * Ends erasures that were cut short; then takes away whatever happened before a moment, in every environment:
   * messages, what was counted of them, people of whom nothing is left. `undefined`: another server is at it.
   * `before` is rounded down to a whole hour; `null` keeps everything. Ends early, between two slices, when told to stop.
   */
  forget(before: number | null, stop: AbortSignal): Promise<Forgotten | undefined>;
}

/** Reports count by quarters of an hour, which are kept or forgotten as a whole. */
const HOUR_MS = 3_600_000;
export function wholeHour(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** Gives others their turn: as long as the slice before took, so that upkeep takes half of a store at most. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(ms, 100)));
}
