import type { Forgotten, Storage } from "./storage/storage.ts";

/** How long messages are kept where nobody says otherwise: a year, and a month to look back on it. */
export const RETENTION_MS = 400 * 86_400_000;
/** After a start others have more urgent things to do. */
const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;

export interface RetentionPorts {
  readonly storage: Pick<Storage, "forget" | "dropExpired">;
  readonly now: () => number;
  readonly report: (thrown: unknown, requestId: string) => void;
  /** Told what went, where anything did. */
  readonly forgotten?: (gone: Forgotten) => void;
}

/**
 * Takes away what is older than `keepMs` (`null`: nothing is), a minute after the start and then every hour, what has
 * expired (previews and sessions), and ends erasures that were cut short. Of several servers on one database one does it. Returns what stops it, between two
 * short commits.
 */
export function startRetention(
  { storage, now, report, forgotten }: RetentionPorts,
  keepMs: number | null,
  firstMs: number = FIRST_MS,
  everyMs: number = EVERY_MS,
): () => Promise<void> {
  const stopped = new AbortController();
  let busy: Promise<void> | undefined;
  const look = async () => {
    await storage.dropExpired(now());
    const gone = await storage.forget(keepMs === null ? null : now() - keepMs, stopped.signal);
    if (gone !== undefined && gone.events + gone.people + gone.states > 0) forgotten?.(gone);
  };
  const start = () => {
    busy ??= look()
      .catch((thrown: unknown) => report(thrown, "retention"))
      .finally(() => {
        busy = undefined;
      });
  };
  const first = setTimeout(start, firstMs);
  const timer = setInterval(start, everyMs);
  first.unref();
  timer.unref();
  return async () => {
    clearTimeout(first);
    clearInterval(timer);
    stopped.abort();
    await busy;
  };
}
