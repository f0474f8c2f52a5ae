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
        const now = Math.min(left, MAX_TIMEOUT_MS);
        timer = setTimeout(() => (left > now ? wait(left - now) : fn()), now);
      };
      wait(ms);
      return () => clearTimeout(timer);
    },
  };
}
