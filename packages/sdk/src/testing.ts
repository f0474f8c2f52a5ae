import type { Clock } from "./ports.ts";

export interface FakeClock extends Clock {
  /** Moves time on, and runs what becomes due in its order; between two timers, promises settle. */
  advance(ms: number): Promise<void>;
  /** Timers that have not run. */
  pending(): number;
}

/** Lets everything settle that needs no time. */
export async function settle(turns = 100): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}

/** A clock that stands still until it is told to go on. */
export function createFakeClock(start = Date.UTC(2026, 0, 5, 9)): FakeClock {
  let now = start;
  let count = 0;
  const timers = new Map<number, { at: number; fn: () => void }>();
  return {
    now: () => now,
    after(ms, fn) {
      const id = ++count;
      timers.set(id, { at: now + Math.max(0, ms), fn });
      return () => timers.delete(id);
    },
    pending: () => timers.size,
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const due = [...timers]
          .filter(([, { at }]) => at <= end)
          .sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
        if (!due) break;
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].fn();
        await settle();
      }
      now = end;
    },
  };
}
