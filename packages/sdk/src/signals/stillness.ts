import type { Clock } from "../ports.ts";
import type { SignalPorts, WantedSignal, Watcher } from "./signal.ts";

/** Where the author names no time. Milliseconds. */
const DEFAULT_MS = 60_000;
const ACTIVITY = "pointerdown pointermove keydown wheel scroll touchstart";

/**
 * A stopwatch that says when each of these times has passed, once until it is set back; it stands while it is paused.
 * Setting it back is cheap: pointers move often.
 */
function createStopwatch(clock: Clock, times: readonly number[], passed: (ms: number) => void) {
  const steps = [...new Set(times)].sort((a, b) => a - b);
  let begin = clock.now();
  let pausedAt: number | undefined;
  let next = 0;
  let cancel: (() => void) | undefined;
  const stop = () => {
    cancel?.();
    cancel = undefined;
  };
  function arm(): void {
    const step = steps[next];
    if (pausedAt !== undefined || step === undefined) return;
    cancel ??= clock.after(Math.max(0, begin + step - clock.now()), () => {
      cancel = undefined;
      if (clock.now() - begin >= step) {
        next++;
        passed(step);
      }
      arm();
    });
  }
  arm();
  return {
    reset(): void {
      begin = clock.now();
      if (pausedAt !== undefined) pausedAt = begin;
      if (next > 0) stop();
      next = 0;
      arm();
    },
    pause(): void {
      pausedAt ??= clock.now();
      stop();
    },
    resume(): void {
      if (pausedAt !== undefined) begin += clock.now() - pausedAt;
      pausedAt = undefined;
      arm();
    },
    stop,
  };
}

const timesOf = (wanted: readonly WantedSignal[]) => wanted.map(({ ms }) => (ms < 0 ? DEFAULT_MS : ms));

/** `idle`: nobody touches the page, though it is in view. */
export function watchIdle(
  { window, clock, listen, seen }: SignalPorts,
  wanted: readonly WantedSignal[],
): Watcher {
  const { document } = window;
  const watch = createStopwatch(clock, timesOf(wanted), (ms) => seen({ name: "idle", for: ms }));
  const look = () => {
    watch.reset();
    if (document.visibilityState === "hidden") watch.pause();
    else watch.resume();
  };
  look();
  const undo = [listen(document, ACTIVITY, watch.reset), listen(document, "visibilitychange", look)];
  return {
    dispose() {
      watch.stop();
      for (const off of undo) off();
    },
  };
}

/** `dwell`: so long in view on one page of the product, whatever the person does there. */
export function watchDwell(
  { window, clock, listen, seen }: SignalPorts,
  wanted: readonly WantedSignal[],
): Watcher {
  const { document } = window;
  const watch = createStopwatch(clock, timesOf(wanted), (ms) => seen({ name: "dwell", for: ms }));
  const look = () => (document.visibilityState === "hidden" ? watch.pause() : watch.resume());
  look();
  const off = listen(document, "visibilitychange", look);
  return {
    moved: watch.reset,
    dispose() {
      watch.stop();
      off();
    },
  };
}
