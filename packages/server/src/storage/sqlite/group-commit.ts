import type { AppendResult, ArrivingEvent, EnvironmentId } from "../storage.ts";
import { storeUnavailable } from "../store-unavailable.ts";

interface Waiting {
  readonly environment: EnvironmentId;
  readonly records: readonly ArrivingEvent[];
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (thrown: unknown) => void;
}

/** Most events in one commit: bounds how long other requests wait for it. */
const COMMIT_LIMIT = 2_000;
/** Most events that may wait; beyond it new ones are refused, so that memory stays bounded. */
const QUEUE_LIMIT = 100_000;

export interface GroupCommit {
  append(environment: EnvironmentId, records: readonly ArrivingEvent[]): Promise<AppendResult>;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
}

/**
 * Batches that arrive while a commit runs share the next one: the disk is asked to sync once for all of them, and
 * each is answered after that sync. `commit` stores all batches in one transaction, or throws and stores none.
 */
export function createGroupCommit(
  commit: (batches: readonly Pick<Waiting, "environment" | "records">[]) => readonly AppendResult[],
): GroupCommit {
  let queue: Waiting[] = [];
  let queued = 0;
  let scheduled = false;
  let idle: (() => void)[] = [];

  const flush = () => {
    scheduled = false;
    const batches = takeUpTo(COMMIT_LIMIT);
    try {
      const results = commit(batches);
      batches.forEach(({ resolve }, index) => {
        resolve(results[index] ?? { accepted: 0, duplicate: 0 });
      });
    } catch (thrown) {
      const error = storeUnavailable("The events could not be stored.", thrown);
      for (const { reject } of batches) reject(error);
    }
    if (queue.length > 0) schedule();
    else {
      for (const resolve of idle) resolve();
      idle = [];
    }
  };
  const takeUpTo = (limit: number): readonly Waiting[] => {
    let count = 0;
    let size = 0;
    while (count < queue.length && (count === 0 || size + (queue[count]?.records.length ?? 0) <= limit)) {
      size += queue[count]?.records.length ?? 0;
      count += 1;
    }
    const taken = queue.slice(0, count);
    queue = queue.slice(count);
    queued -= size;
    return taken;
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    // After this turn's sockets have been read: what they brought is committed together.
    setImmediate(flush);
  };

  return {
    append: (environment, records) =>
      new Promise((resolve, reject) => {
        if (queued + records.length > QUEUE_LIMIT) {
          reject(storeUnavailable("Too many events are waiting."));
          return;
        }
        queue.push({ environment, records, resolve, reject });
        queued += records.length;
        schedule();
      }),
    drain: () =>
      new Promise((resolve) => {
        if (queue.length === 0 && !scheduled) resolve();
        else idle.push(resolve);
      }),
  };
}
