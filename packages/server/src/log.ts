import { type DestinationStream, destination, pino, stdTimeFunctions } from "pino";
import type { LogLevel } from "./options/option-table.ts";
import type { Forgotten } from "./storage/storage.ts";
import type { SeenRequest } from "./watch.ts";

/** Most that may wait where nobody reads the log: what is more is thrown away, so that memory stays bounded. */
const WAITING_BYTES = 8 * 2 ** 20;

/**
 * The server's log: one line of JSON each. No id of a person, no body, no token, no address that was asked for ever
 * goes in: a request is told by its route's pattern.
 */
export interface Log {
  request(seen: SeenRequest): void;
  /** Something that no caller may see. */
  error(fields: object): void;
  /** What retention took away: numbers only. */
  forgotten(gone: Forgotten): void;
  /** Writes what still waits. */
  close(): void;
}

/** @param to @default standard error */
export function createLog(level: LogLevel, to?: DestinationStream): Log {
  const file = to === undefined ? destination({ dest: 2, sync: false, maxLength: WAITING_BYTES }) : undefined;
  const log = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to ?? (file as DestinationStream),
  );
  return {
    request: ({ method, route, status, ms, requestId, traceId, code }) =>
      log.info({ method, route, status, ms: Math.round(ms * 10) / 10, requestId, traceId, code }, "request"),
    error: (fields) => log.error(fields, "error"),
    forgotten: (gone) => log.info(gone, "forgotten"),
    close() {
      try {
        file?.flushSync();
      } catch {
        // Whoever read it has gone.
      }
    },
  };
}
