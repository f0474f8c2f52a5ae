import type { Clock } from "../ports.ts";

/** `setTimeout` with a longer delay fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The page's own clock. */
export function createBrowserClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, fn) {
      let timer: ReturnType<typeof setTimeout>;
      const wait = (left: number) => {
        timer = setTimeout(
          () => (left > MAX_TIMEOUT_MS ? wait(left - MAX_TIMEOUT_MS) : fn()),
          Math.min(Math.max(left, 0), MAX_TIMEOUT_MS),
        );
      };
      wait(ms);
      return () => clearTimeout(timer);
    },
  };
}
