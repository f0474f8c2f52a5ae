import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadResult } from "./load.ts";

/**
 * Events per second through the real server over HTTP: 20-event batches on 32 keep-alive connections
 * (`BENCH_CONNECTIONS`), from a process of its own. The embedded store stands beside the null store, which answers without storing, in the same run; rounds
 * alternate, and the median counts.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const BAR = 60_000;

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

interface Measured extends LoadResult {
  /** Microseconds of processor time that the server spent on one event. */
  readonly cpuPerEvent: number;
}

async function measure(store: "null" | "sqlite", dataDir: string): Promise<Measured> {
  // Both run from bundles: what is measured is the server, not a TypeScript loader.
  const server = fork(file("../dist/bench/bench-server.js"), [store, dataDir]);
  try {
    const [{ url }] = (await once(server, "message")) as [{ url: string }];
    const load = fork(file("../dist/bench/load.js"), [url, String(SECONDS)]);
    const cpu = async () => {
      server.send("cpu?");
      return ((await once(server, "message")) as [{ cpu: number }])[0].cpu;
    };
    await once(load, "message");
    const before = await cpu();
    const [result] = (await once(load, "message")) as [LoadResult];
    return { ...result, cpuPerEvent: ((await cpu()) - before) / result.accepted };
  } finally {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
}

/** The middle one; of an even count the mean of the middle two, so that no lucky round decides. */
function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = 0, high = low] = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1);
  return (low + high) / 2;
}
const whole = (n: number) => Math.round(n).toLocaleString("en");

const folder = mkdtempSync(join(tmpdir(), "cairn-bench-"));
const results = { null: [] as Measured[], sqlite: [] as Measured[] };
try {
  for (let round = 0; round < ROUNDS; round++)
    for (const store of ["null", "sqlite"] as const) {
      const result = await measure(store, join(folder, `${round}`));
      results[store].push(result);
      const { eventsPerSecond, p50, p99, cpuPerEvent, clientCpuPerEvent, errors } = result;
      console.log(
        `${store.padEnd(7)} ${whole(eventsPerSecond).padStart(9)} events/s   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   cpu per event: server ${cpuPerEvent.toFixed(1)} µs, client ${clientCpuPerEvent.toFixed(1)} µs   errors ${errors}`,
      );
    }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const medianOf = (store: "null" | "sqlite", of: (result: Measured) => number) =>
  median(results[store].map(of));
const nothing = medianOf("null", (r) => r.eventsPerSecond);
const embedded = medianOf("sqlite", (r) => r.eventsPerSecond);
const slow = medianOf("sqlite", (r) => r.p99);
console.log(
  `median on ${cpus().length} cores: null store ${whole(nothing)}, embedded store ${whole(embedded)} events/s (${Math.round((embedded / nothing) * 100)} % of it; bar ${whole(BAR)}), p99 ${slow.toFixed(1)} ms`,
);
process.exitCode = embedded >= BAR ? 0 : 1;
