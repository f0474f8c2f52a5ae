import type { Clock, Logger } from "./ports.ts";

/** Where an internal error came from. Stable: they appear in `explain()` and in debug output. */
export type ErrorCode =
  | "api"
  | "boot"
  | "capture"
  | "chunk"
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
  guarded<A extends unknown[]>(code: ErrorCode, fn: (...args: A) => void): (...args: A) => void;
  guarded<A extends unknown[], R>(code: ErrorCode, fn: (...args: A) => R, fallback: R): (...args: A) => R;
  /** Says something to the developer, in debug mode only; never throws. */
  hint(message: string): void;
  /** Codes seen so far on this page. */
  codes(): ErrorCode[];
}

/**
 * The one place where the SDK's own errors end. The third within a minute calls `trip`: a product that runs without
 * hints is better than one that runs with a broken SDK.
 */
export function createErrors(ports: {
  clock: Clock;
  logger: Logger | undefined;
  /** A code has been seen for the first time on this page. */
  first(code: ErrorCode): void;
  trip(): void;
}): Errors {
  const seen = new Set<ErrorCode>();
  let recent: number[] = [];

  const quietly = (fn: () => void) => {
    try {
      fn();
    } catch {
      // A console that throws is no reason to throw as well.
    }
  };
  const hint = (message: string, ...error: unknown[]) =>
    quietly(() => ports.logger?.warn(`cairn: ${message}`, ...error));
  const report = (code: ErrorCode, error: unknown): void =>
    // The page may have broken what is used here, too.
    quietly(() => {
      if (!seen.has(code)) {
        seen.add(code);
        hint(`internal error (${code})`, error);
        quietly(() => ports.first(code));
      }
      // A host's own handler that throws is the host's error, a file that does not come the network's: told, not counted.
      if (code === "event-handler" || code === "chunk") return;
      const now = ports.clock.now();
      recent = [now, ...recent].filter((at) => now - at < BREAKER_WINDOW_MS);
      if (recent.length < BREAKER_ERRORS) return;
      recent = [];
      ports.trip();
    });

  return {
    report,
    guarded:
      <A extends unknown[], R>(code: ErrorCode, fn: (...args: A) => R, fallback?: R) =>
      (...args: A) => {
        try {
          return fn(...args);
        } catch (error) {
          report(code, error);
          return fallback as R;
        }
      },
    hint,
    codes: () => [...seen],
  };
}
