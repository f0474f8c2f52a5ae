import { readdirSync } from "node:fs";
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { Registry } from "./registry.ts";

/** What the process takes of its machine, under the names that all Prometheus clients use. Gives back how to stop measuring. */
export function addProcessMetrics({ read }: Registry): () => void {
  const one = (value: () => number) => () => [{ value: value() }];
  const started = Date.now() / 1_000 - process.uptime();
  read(
    "gauge",
    "process_start_time_seconds",
    "When the process was started.",
    [],
    one(() => started),
  );
  read(
    "counter",
    "process_cpu_seconds_total",
    "Processor time used, user and system.",
    [],
    one(() => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    }),
  );
  read(
    "gauge",
    "process_resident_memory_bytes",
    "Memory held.",
    [],
    one(() => process.memoryUsage.rss()),
  );
  read(
    "gauge",
    "nodejs_heap_size_used_bytes",
    "Part of the heap that is in use.",
    [],
    one(() => process.memoryUsage().heapUsed),
  );
  if (process.platform === "linux")
    read(
      "gauge",
      "process_open_fds",
      "Open files and sockets.",
      [],
      one(() => readdirSync("/proc/self/fd").length),
    );
  const delay: IntervalHistogram = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  read(
    "gauge",
    "nodejs_eventloop_lag_seconds",
    "How late timers were since the last reading.",
    ["quantile"],
    () => {
      // Before the first measurement there is no number.
      const of = (percent: number) => Math.max(0, delay.percentile(percent) / 1e9 || 0);
      const samples = [
        { labels: ["0.5"], value: of(50) },
        { labels: ["0.99"], value: of(99) },
        { labels: ["1"], value: of(100) },
      ];
      delay.reset();
      return samples;
    },
  );
  return () => delay.disable();
}
