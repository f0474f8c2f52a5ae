import type { Clock, Logger } from "./ports.ts";

/** Where an internal error came from. Stable: they appear in `explain()` and in debug output. */
export type ErrorCode =
  | "api"
  | "boot"
  | "capture"
  | "config"
  | "engine"
  | "effect"
  | "event-handler"
  | "message"
  | "observer"
  | "queue"
  | "state"
  | "tab"
  | "timer"
  | "ui";

/** So many internal errors within {@link BREAKER_WINDOW_MS} switch the SDK off for the page. */
export const BREAKER_ERRORS = 3;
export const BREAKER_WINDOW_MS = 60_000;

export interface Errors {
  /** Notes an internal error; never throws. */
  report(code: ErrorCode, error: unknown): void;
  /** The same function, which now never throws: what fails is reported and `fallback` returned. */
  guarded<A extends unknown[], R>(code: ErrorCode, fn: (...args: A) => R, fallback: R): (...args: A) => R;
  /** Says something to the developer, in debug mode only. */
  hint(message: string): void;
  /** Codes seen so far on this page. */
  codes(): ErrorCode[];
}

/**
 * The one place where the SDK's own errors end. The third within a minute calls `trip`: a product that runs without
 * hints is better than one that runs with a broken SDK.
 */
export function createErrors(ports: { clock: Clock; logger: Logger | undefined; trip(): void }): Errors {
  const seen = new Set<ErrorCode>();
  let recent: number[] = [];

  function report(code: ErrorCode, error: unknown): void {
    try {
      if (!seen.has(code)) ports.logger?.warn(`cairn: internal error (${code})`, error);
      seen.add(code);
      // A host's own handler that throws is the host's error: told, not counted.
      if (code === "event-handler") return;
      const now = ports.clock.now();
      recent = recent.filter((at) => now - at < BREAKER_WINDOW_MS);
      if (recent.push(now) < BREAKER_ERRORS) return;
      recent = [];
      ports.trip();
    } catch {
      // A console that throws is no reason to throw as well.
    }
  }

  return {
    report,
    guarded:
      (code, fn, fallback) =>
      (...args) => {
        try {
          return fn(...args);
        } catch (error) {
          report(code, error);
          return fallback;
        }
      },
    hint(message) {
      try {
        ports.logger?.warn(`cairn: ${message}`);
      } catch {
        // As above.
      }
    },
    codes: () => [...seen],
  };
}
