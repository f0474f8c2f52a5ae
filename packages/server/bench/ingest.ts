import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { createPostgresServer } from "../test/postgres/postgres-server.ts";
import type { LoadResult } from "./load.ts";

/**
 * Events per second through the real server over HTTP: 20-event batches on 32 keep-alive connections
 * (`BENCH_CONNECTIONS`), from a process of its own. The embedded store and PostgreSQL (a server of our own on this
 * machine, which syncs each commit) stand beside the null store, which answers without storing, in the same run;
 * rounds alternate, and the median counts. Node runs as the image runs it.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const BAR = 80_000;
/** The embedded store's least share of the null store. */
const SHARE = 0.25;
/** Milliseconds that the slowest hundredth of the embedded store's answers may take. */
const SLOW = 25;
const STORES = ["null", "sqlite", "postgres"] as const;
type Store = (typeof STORES)[number];

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

interface Measured extends LoadResult {
  /** Microseconds of processor time that the server spent on one event. */
  readonly cpuPerEvent: number;
}

/** As the image starts the server. */
const AS_IN_THE_IMAGE = ["--max-semi-space-size=32"];

async function measure(store: Store, dataDir: string, databaseUrl: string): Promise<Measured> {
  // All run from bundles: what is measured is the server, not a TypeScript loader.
  const server = fork(
    file("../dist/bench/bench-server.js"),
    [store, dataDir, ...(store === "postgres" ? [databaseUrl] : [])],
    { execArgv: AS_IN_THE_IMAGE },
  );
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
const database = await createPostgresServer({ durable: true });
const results: Record<Store, Measured[]> = { null: [], sqlite: [], postgres: [] };
let version = "";
try {
  await database.start();
  const admin = postgres(database.url(), { max: 1 });
  const [row] = await admin<{ version: string }[]>`SELECT current_setting('server_version') AS version`;
  version = row?.version ?? "";
  for (let round = 0; round < ROUNDS; round++) {
    await admin.unsafe(`CREATE DATABASE round_${round}`);
    for (const store of STORES) {
      const result = await measure(store, join(folder, `${round}`), database.url(`round_${round}`));
      results[store].push(result);
      const { eventsPerSecond, p50, p99, cpuPerEvent, clientCpuPerEvent, errors } = result;
      console.log(
        `${store.padEnd(9)} ${whole(eventsPerSecond).padStart(9)} events/s   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   cpu per event: server ${cpuPerEvent.toFixed(1)} µs, client ${clientCpuPerEvent.toFixed(1)} µs   errors ${errors}`,
      );
    }
  }
  await admin.end();
} finally {
  await database.remove();
  rmSync(folder, { recursive: true, force: true });
}
const medianOf = (store: Store, of: (result: Measured) => number) => median(results[store].map(of));
const nothing = medianOf("null", (r) => r.eventsPerSecond);
const embedded = medianOf("sqlite", (r) => r.eventsPerSecond);
const beside = medianOf("postgres", (r) => r.eventsPerSecond);
const slow = medianOf("sqlite", (r) => r.p99);
console.log(
  `median on ${cpus().length} cores: null store ${whole(nothing)}, embedded store ${whole(embedded)} events/s (${Math.round((embedded / nothing) * 100)} % of it; bar ${whole(BAR)}, ${SHARE * 100} %), p99 ${slow.toFixed(1)} ms (bar ${SLOW}); PostgreSQL ${version} ${whole(beside)} events/s, p99 ${medianOf("postgres", (r) => r.p99).toFixed(1)} ms`,
);
process.exitCode = embedded >= BAR && embedded / nothing >= SHARE && slow <= SLOW ? 0 : 1;
