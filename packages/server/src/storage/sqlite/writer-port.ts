import type { Worker } from "node:worker_threads";
import type { AppendResult, ArrivingEvent, EnvironmentId } from "../storage.ts";
import { NO_METER, type StoreMeter } from "../store-meter.ts";
import { storeUnavailable } from "../store-unavailable.ts";
import { createWaitingRoom } from "../waiting-room.ts";
import { packBatch } from "./packed-batch.ts";
import type { UpkeepTask } from "./upkeep-tasks.ts";
import type { Write } from "./writer.ts";
import type { Order, Outcome, Report } from "./writer-protocol.ts";

/** Events that are sent over without waiting for the end of the turn, so that the writer begins while we still read. */
const GATHER = 200;
/** How long after its end a new thread is started. */
const RESTART_MS = 1_000;

/** This side of the writer's thread. What it rejects with is `storeUnavailable`. */
export interface WriterPort {
  append(environment: EnvironmentId, records: readonly ArrivingEvent[]): Promise<AppendResult>;
  write(write: Write): Promise<boolean>;
  upkeep(task: UpkeepTask): Promise<number>;
  /** Waits for all that was asked, then ends the thread. No call may follow. */
  close(): Promise<void>;
}

type Settle = (outcome: Outcome) => void;

/**
 * Opens a writer on a thread of its own. If the thread dies, whatever waits is told that it may not be stored, and a
 * new thread is started after a second; until then everything is refused. Rejects where the first does not come up.
 */
export async function openWriterPort(start: () => Worker, meter: StoreMeter = NO_METER): Promise<WriterPort> {
  const room = createWaitingRoom(meter);
  let waiting: Settle[] = [];
  let answered = 0;
  let thread: Worker | undefined;
  let restart: NodeJS.Timeout | undefined;
  let closing = false;
  let gathered: Order[] = [];
  let gatheredEvents = 0;

  const settle = (outcomes: readonly Outcome[]) => {
    for (const outcome of outcomes) {
      waiting[answered++]?.(outcome);
    }
    // Cut now and then, since taking the first of a long list moves all the others.
    if (answered > 1_000 || answered === waiting.length) {
      waiting = waiting.slice(answered);
      answered = 0;
    }
  };

  const up = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const started = start();
      let reason: unknown;
      started.on("message", (report: Report) => {
        if ("ready" in report) {
          thread = started;
          resolve();
        } else {
          settle(report.outcomes);
          if (report.committed) meter.committed(report.committed.events, report.committed.seconds);
        }
      });
      started.on("error", (error) => {
        reason = error;
      });
      started.on("exit", () => {
        gathered = [];
        gatheredEvents = 0;
        const was = thread === started;
        thread = undefined;
        settle(waiting.slice(answered).map(() => ({ failure: "The store's thread has ended." })));
        reject(reason ?? new Error("The store's thread ended before it was ready."));
        if (was && !closing) again();
      });
    });
  const again = () => {
    restart = setTimeout(() => {
      up().catch(() => {
        if (!closing) again();
      });
    }, RESTART_MS);
    restart.unref();
  };
  const flush = () => {
    if (gathered.length === 0) return;
    thread?.postMessage(gathered);
    gathered = [];
    gatheredEvents = 0;
  };
  const send = (order: Order, events: number) => {
    gathered.push(order);
    gatheredEvents += events;
    if (gatheredEvents >= GATHER) flush();
    // Else after this turn's sockets have been read.
    else if (gathered.length === 1) setImmediate(flush);
  };
  const ask = (order: Order, events: number): Promise<Exclude<Outcome, object>> =>
    new Promise((resolve, reject) => {
      if (thread === undefined) {
        reject(storeUnavailable("The store is being started again."));
        return;
      }
      waiting.push((outcome) => {
        if (typeof outcome === "object")
          reject(storeUnavailable("The store could not write.", outcome.failure));
        else resolve(outcome);
      });
      send(order, events);
    });

  const askToAppend = async (environment: EnvironmentId, records: readonly ArrivingEvent[]) =>
    ask({ type: "append", batch: packBatch(environment, records) }, records.length);

  await up();
  return {
    async append(environment, records) {
      const leave = room.enter(records);
      const count = records.length;
      // Not awaited here, where the events are still at hand.
      return askToAppend(environment, records)
        .then((accepted) => ({ accepted: Number(accepted), duplicate: count - Number(accepted) }))
        .finally(leave);
    },
    write: async (write) => (await ask({ type: "write", write }, 0)) === true,
    upkeep: async (task) => Number(await ask({ type: "upkeep", task }, 0)),
    close: () =>
      new Promise((resolve) => {
        closing = true;
        clearTimeout(restart);
        if (thread === undefined) return resolve();
        thread.once("exit", () => resolve());
        send({ type: "close" }, 0);
      }),
  };
}
