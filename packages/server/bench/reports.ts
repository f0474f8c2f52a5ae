import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { Feature, Flow } from "@cairn/flow-schema";
import { createReports } from "../src/reports/reports.ts";
import { openSqliteStorage } from "../src/storage/sqlite/sqlite-storage.ts";
import type { ArrivingEvent, DefinitionChange, Storage } from "../src/storage/storage.ts";
import { FROM, reportLog, STEPS, TO } from "./report-log.ts";

/**
 * How long reports take on five million events (`BENCH_EVENTS`) in the embedded store: activation of twenty features by
 * week, and a funnel of four steps. The events come in as the server's own batches do. `BENCH_DATA` names a folder
 * whose database is kept, and used again where it is there.
 */
const EVENTS = Number(process.env.BENCH_EVENTS ?? 5_000_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
const BARS = { activation: 100, funnel: 250 };
/** Events in one append, as a commit under load has them. */
const APPEND = 2_000;
const ENVIRONMENT = "production";

const kept = process.env.BENCH_DATA;
const folder = kept ?? mkdtempSync(join(tmpdir(), "cairn-bench-reports-"));
mkdirSync(folder, { recursive: true });
const file = join(folder, "reports.db");

const features = Array.from({ length: 20 }, (_, i) => ({
  id: i === 0 ? "clicked" : `feature-${i}`,
  name: `Feature ${i}`,
  uses: i === 0 ? [{ click: { anchor: "export-button" } }] : [{ event: `host.${i + 2}` }],
  activated: { count: 3, within: "14d" },
  lapsed: { after: "30d" },
  ...(i % 5 === 4 ? { level: "account" } : {}),
  ...(i % 4 === 1 ? { availableTo: { account: { plan: { $in: ["pro", "team"] } } } } : {}),
})) as unknown as Feature[];
const tour = {
  schemaVersion: 1,
  id: "tour",
  kind: "tour",
  goal: { reach: { feature: "feature-1", is: "activated" }, within: "14d" },
  steps: STEPS.map((id) => ({ id, title: id, target: { anchor: id } })),
} as unknown as Flow;

const whole = (n: number) => Math.round(n).toLocaleString("en");

async function fill(storage: Storage): Promise<void> {
  const changes: DefinitionChange[] = [
    ...features.map((body) => ({ type: "put", kind: "feature", id: body.id, body }) as const),
    { type: "put", kind: "flow", id: "tour", body: tour },
  ];
  await storage.change(ENVIRONMENT, 0, changes, Date.now());
  const start = performance.now();
  let batch: ArrivingEvent[] = [];
  let open: Promise<unknown>[] = [];
  let stored = 0;
  for (const session of reportLog(EVENTS)) {
    batch.push(...session);
    if (batch.length < APPEND) continue;
    open.push(storage.append(ENVIRONMENT, batch));
    stored += batch.length;
    batch = [];
    if (open.length < 4) continue;
    await Promise.all(open);
    open = [];
  }
  await Promise.all([...open, storage.append(ENVIRONMENT, batch)]);
  stored += batch.length;
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `stored ${whole(stored)} events in ${seconds.toFixed(1)} s (${whole(stored / seconds)} a second)`,
  );
}

/** Milliseconds on the clock, and of processor time: a busy machine stretches the first, not the second. */
async function time(ask: () => Promise<unknown>): Promise<readonly [number, number]> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await ask();
  const { user, system } = process.cpuUsage(cpu);
  return [performance.now() - start, (user + system) / 1000];
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

try {
  let storage = await openSqliteStorage(file);
  if ((await storage.definitions(ENVIRONMENT)).revision === 0) {
    await fill(storage);
    await storage.dispose();
    storage = await openSqliteStorage(file);
  }
  console.log(`${cpus().length} cores, database of ${whole(statSync(file).size / 1e6)} MB`);
  const reports = createReports(storage);
  const query = { from: FROM, to: TO, timezone: "UTC" };
  const questions = {
    activation: () => reports.activation(ENVIRONMENT, query),
    funnel: () => reports.funnel(ENVIRONMENT, { ...query, flow: "tour" }),
    "by plan": () =>
      reports.activation(ENVIRONMENT, { ...query, by: "account.plan", timezone: "Europe/Berlin" }),
    adoption: () => reports.adoption(ENVIRONMENT, { ...query, limit: 1_000 }),
    targets: () => reports.targets(ENVIRONMENT, { ...query, flow: "tour" }),
  };
  let failed = false;
  for (const [name, ask] of Object.entries(questions)) {
    const [cold] = await time(ask);
    const times: number[] = [];
    const cpu: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [clock, processor] = await time(ask);
      times.push(clock);
      cpu.push(processor);
    }
    const bar = BARS[name as keyof typeof BARS];
    const found = median(times);
    if (bar !== undefined && found > bar) failed = true;
    console.log(
      `${name.padEnd(11)} median ${found.toFixed(1).padStart(6)} ms${bar === undefined ? "" : ` (bar ${bar})`}, processor ${median(cpu).toFixed(1)} ms (least ${Math.min(...cpu).toFixed(1)}); first after opening ${cold.toFixed(0)} ms`,
    );
  }
  const funnel = await reports.funnel(ENVIRONMENT, { ...query, flow: "tour" });
  console.log(`funnel: ${funnel.exposed} people, ${funnel.steps.map(({ users }) => users).join(" / ")}`);
  const memory = process.memoryUsage();
  console.log(`memory: ${whole(memory.rss / 1e6)} MB, of it ${whole(memory.arrayBuffers / 1e6)} MB columns`);
  await storage.dispose();
  process.exitCode = failed ? 1 : 0;
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}
