import type { Worker } from "node:worker_threads";
import { httpError } from "../errors.ts";
import { storeUnavailable } from "../storage/store-unavailable.ts";
import type { ReportOrder, ReportOutcome } from "./report-protocol.ts";
import type { ReportName, Reports } from "./reports.ts";

/** Most reports that may wait; beyond it new ones are refused. */
const WAITING = 32;

/** Reports worked out on a thread of their own, so that events are taken in meanwhile. */
export interface ReportPort extends Reports {
  /** Ends the thread; whoever waits is told that there is no answer. */
  close(): Promise<void>;
}

/**
 * The thread is started by the first report, and started again by the next one if it has died. `begun` is told of each
 * report that is asked for; what it gives back is called when that is over.
 */
export function createReportPort(
  start: () => Worker,
  begun: (name: ReportName) => () => void = () => () => {},
): ReportPort {
  const waiting = new Map<number, { resolve(result: unknown): void; reject(reason: unknown): void }>();
  let thread: Worker | undefined;
  let orders = 0;

  const up = (): Worker => {
    const started = start();
    // A server must be able to end while nobody asks for reports.
    started.unref();
    started.on("message", (outcome: ReportOutcome) => {
      const one = waiting.get(outcome.id);
      waiting.delete(outcome.id);
      if ("result" in outcome) one?.resolve(outcome.result);
      else if (outcome.words !== undefined) one?.reject(new Error(outcome.words));
      else one?.reject(httpError(outcome.error.code, outcome.error.message, outcome.error.details));
    });
    let reason: unknown;
    started.on("error", (error) => {
      reason = error;
    });
    started.on("exit", () => {
      if (thread === started) thread = undefined;
      for (const { reject } of waiting.values())
        reject(storeUnavailable("The reports' thread has ended.", reason));
      waiting.clear();
    });
    return started;
  };
  const ask = async (name: ReportName, environment: string, query: unknown): Promise<never> => {
    const over = begun(name);
    return await order(name, environment, query).finally(over);
  };
  const order = (name: ReportName, environment: string, query: unknown): Promise<never> =>
    new Promise((resolve, reject) => {
      if (waiting.size >= WAITING) {
        reject(storeUnavailable("Too many reports are waiting."));
        return;
      }
      thread ??= up();
      const asked: ReportOrder = { id: ++orders, name, environment, query };
      waiting.set(asked.id, { resolve: resolve as (result: unknown) => void, reject });
      thread.postMessage(asked);
    });
  return {
    activation: (environment, query) => ask("activation", environment, query),
    adoption: (environment, query) => ask("adoption", environment, query),
    funnel: (environment, query) => ask("funnel", environment, query),
    decisions: (environment, query) => ask("decisions", environment, query),
    targets: (environment, query) => ask("targets", environment, query),
    async close() {
      await thread?.terminate();
    },
  };
}
