import type { Clock } from "../ports.ts";

/** `setTimeout` with a longer delay fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
/** Timers are early by no more than that; a greater distance means that somebody has set the clock back. */
const EARLY_MS = 50;

/** The page's own clock. */
export function createBrowserClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, fn) {
      const due = Date.now() + ms;
      let timer: ReturnType<typeof setTimeout>;
      const wait = (left: number) => {
        const now = Math.min(left, MAX_TIMEOUT_MS);
        timer = setTimeout(() => {
          // In Firefox a timer may fire a moment before `Date.now()` says so, when nothing is due yet.
          const early = due - Date.now();
          if (left > now) wait(left - now);
          else if (early > 0 && early < EARLY_MS) wait(early);
          else fn();
        }, now);
      };
      wait(ms);
      return () => clearTimeout(timer);
    },
  };
}
