import type { Log } from "./log.ts";
import type { ServerMetrics } from "./metrics/server-metrics.ts";

/** What is known of a request when it has been answered: nothing of it says who asked, or about whom. */
export interface SeenRequest {
  readonly method: string;
  /** The route's pattern (`/v1/flows/:id`), never the address itself; `none` where there is no such address. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly requestId: string;
  readonly traceId: string;
  /** Of the error, where it was refused. */
  readonly code?: string | undefined;
}

/** What became of the messages of one request. */
export interface SeenEvents {
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
}

/** Told what the server does, for log and metrics. */
export interface Watch {
  request(seen: SeenRequest): void;
  events(seen: SeenEvents): void;
}

export const NO_WATCH: Watch = { request() {}, events() {} };

export function createWatch(log: Log, metrics: ServerMetrics): Watch {
  return {
    request(seen) {
      metrics.request(seen);
      log.request(seen);
    },
    events: metrics.events,
  };
}
