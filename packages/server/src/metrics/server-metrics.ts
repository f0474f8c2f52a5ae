import type { StoreMeter } from "../storage/store-meter.ts";
import type { SeenEvents, SeenRequest } from "../watch.ts";
import { addProcessMetrics } from "./process-metrics.ts";
import { createRegistry } from "./registry.ts";

/** Figures of one server for Prometheus. They name routes, codes and counts: nobody's data, and no environment. */
export interface ServerMetrics {
  request(seen: SeenRequest): void;
  events(seen: SeenEvents): void;
  /** A request that was refused before it had an address: not HTTP, too slow. */
  refused(reason: string): void;
  /** Called when a report is begun; what it gives back, when that is over. */
  report(name: string): () => void;
  readonly store: StoreMeter;
  /** All of it as text. */
  render(): string;
  dispose(): void;
}

export interface BuildInfo {
  readonly version: string;
  readonly store: "sqlite" | "postgresql" | "other";
}

/** Upper ends of buckets, in seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Upper ends of buckets, in events. */
const EVENTS = [1, 10, 50, 100, 250, 500, 1_000, 2_000, 4_000];

export function createServerMetrics({ version, store }: BuildInfo): ServerMetrics {
  const registry = createRegistry();
  const { counter, histogram, read } = registry;
  read("gauge", "cairn_build_info", "Which Cairn this is; always 1.", ["version", "node", "store"], () => [
    { labels: [version, process.version, store], value: 1 },
  ]);
  const requests = counter("cairn_http_requests_total", "Requests answered.", ["method", "route", "status"]);
  const durations = histogram(
    "cairn_http_request_duration_seconds",
    "Time until the answer was made.",
    ["method", "route"],
    SECONDS,
  );
  const refusals = counter("cairn_refusals_total", "Requests refused, by the code of the error.", ["reason"]);
  const events = counter("cairn_events_total", "Messages taken in, by what became of them.", ["result"]);
  // There from the start, so that the first of them is a rise.
  for (const result of ["accepted", "duplicate", "rejected"]) events.add([result], 0);
  const batches = histogram("cairn_commit_events", "Events committed together.", [], EVENTS);
  const commits = histogram(
    "cairn_commit_duration_seconds",
    "Time that one commit of events took.",
    [],
    SECONDS,
  );
  let waiting = { events: 0, characters: 0 };
  read("gauge", "cairn_queue_events", "Events that wait to be committed.", [], () => [
    { value: waiting.events },
  ]);
  read("gauge", "cairn_queue_characters", "Characters of the messages that wait.", [], () => [
    { value: waiting.characters },
  ]);
  const reports = histogram(
    "cairn_report_duration_seconds",
    "Time from asking to answer.",
    ["report"],
    SECONDS,
  );
  const asked = new Set<{ readonly since: number }>();
  read("gauge", "cairn_reports_waiting", "Reports asked for and not answered.", [], () => [
    { value: asked.size },
  ]);
  read(
    "gauge",
    "cairn_report_lag_seconds",
    "How long the oldest of them waits. (Rollups never lag: they are written with the events.)",
    [],
    () => {
      // A set keeps the order of arrival.
      const [oldest] = asked;
      return [{ value: oldest === undefined ? 0 : (performance.now() - oldest.since) / 1_000 }];
    },
  );
  const stopMeasuring = addProcessMetrics(registry);
  return {
    request({ method, route, status, ms, code }) {
      requests.add([method, route, `${status}`]);
      durations.observe([method, route], ms / 1_000);
      if (code !== undefined) refusals.add([code]);
    },
    events({ accepted, duplicate, rejected }) {
      if (accepted > 0) events.add(["accepted"], accepted);
      if (duplicate > 0) events.add(["duplicate"], duplicate);
      if (rejected > 0) events.add(["rejected"], rejected);
    },
    refused(reason) {
      refusals.add([reason]);
    },
    report(name) {
      const one = { since: performance.now() };
      asked.add(one);
      return () => {
        asked.delete(one);
        reports.observe([name], (performance.now() - one.since) / 1_000);
      };
    },
    store: {
      committed(count, seconds) {
        batches.observe([], count);
        commits.observe([], seconds);
      },
      waiting(count, characters) {
        waiting = { events: count, characters };
      },
    },
    render: registry.render,
    dispose: stopMeasuring,
  };
}
