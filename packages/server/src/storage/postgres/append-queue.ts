import type { EnvironmentId } from "../environment-id.ts";
import type { AppendResult, ArrivingEvent } from "../event-store.ts";
import { NO_METER, type StoreMeter } from "../store-meter.ts";
import { createWaitingRoom } from "../waiting-room.ts";

/** Most events in one commit: bounds how long other requests wait for it. */
const COMMIT_EVENTS = 2_000;

/** The events of one request. */
export interface Batch {
  readonly environment: EnvironmentId;
  readonly records: readonly ArrivingEvent[];
}

/** Stores some batches in one commit; gives back how many events of each were not stored before. */
export type Commit = (batches: readonly Batch[]) => Promise<readonly number[]>;

export interface AppendQueue {
  append(environment: EnvironmentId, records: readonly ArrivingEvent[]): Promise<AppendResult>;
  /** Waits for all that was asked. */
  drained(): Promise<void>;
}

interface Waiting extends Batch {
  resolve(accepted: number): void;
  reject(reason: unknown): void;
}

/** Batches that arrive while commits run share the next one: the disk is asked to sync once for all of them. */
export function createAppendQueue(
  commit: Commit,
  commitsAtOnce: number,
  meter: StoreMeter = NO_METER,
): AppendQueue {
  const room = createWaitingRoom(meter);
  let waiting: Waiting[] = [];
  let running = 0;
  let whenDrained: (() => void)[] = [];

  const take = (): Waiting[] => {
    let taken = 0;
    let end = 0;
    while (end < waiting.length && taken < COMMIT_EVENTS) taken += waiting[end++]?.records.length ?? 0;
    const group = waiting.slice(0, end);
    waiting = waiting.slice(end);
    return group;
  };
  const run = async () => {
    while (waiting.length > 0) {
      const group = take();
      const events = group.reduce((sum, { records }) => sum + records.length, 0);
      const from = performance.now();
      const settle: (one: Waiting, index: number) => void = await commit(group).then(
        (accepted) => (one, index) => one.resolve(accepted[index] ?? 0),
        (thrown: unknown) => (one) => one.reject(thrown),
      );
      group.forEach(settle);
      meter.committed(events, (performance.now() - from) / 1_000);
    }
  };
  const start = () => {
    if (running >= commitsAtOnce) return;
    running += 1;
    // After this turn's sockets have been read.
    setImmediate(() =>
      run().finally(() => {
        running -= 1;
        if (running > 0 || waiting.length > 0) return;
        for (const tell of whenDrained.splice(0)) tell();
      }),
    );
  };

  return {
    async append(environment, records) {
      const leave = room.enter(records);
      try {
        const accepted = await new Promise<number>((resolve, reject) => {
          waiting.push({ environment, records, resolve, reject });
          start();
        });
        return { accepted, duplicate: records.length - accepted };
      } finally {
        leave();
      }
    },
    drained: () =>
      new Promise((resolve) => {
        if (running === 0) resolve();
        else whenDrained = [...whenDrained, resolve];
      }),
  };
}
