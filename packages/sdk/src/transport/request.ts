import type { Clock } from "../ports.ts";

/** A server that is silent for longer is given up. Milliseconds. */
const TIMEOUT_MS = 10_000;

/** Asks the server, and hands its answer to `read`. Never rejects: `undefined` where anything fails. */
export type Request = <T>(
  path: string,
  init: RequestInit,
  read: (answer: Response) => T | Promise<T>,
) => Promise<T | undefined>;

/** Requests without credentials and own headers, so without preflight. */
export function createRequest({
  fetch,
  clock,
  host,
}: {
  fetch: typeof globalThis.fetch;
  clock: Clock;
  host: string;
}): Request {
  return async (path, init, read) => {
    const abort = new AbortController();
    let cancel: (() => void) | undefined;
    try {
      // In here: a page may have broken its timers.
      cancel = clock.after(TIMEOUT_MS, () => abort.abort());
      return await read(await fetch(host + path, { ...init, credentials: "omit", signal: abort.signal }));
    } catch {
      // No network, no server, not its words: nothing to do but try again later.
      return undefined;
    } finally {
      cancel?.();
    }
  };
}
