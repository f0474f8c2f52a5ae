import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSimulation, type LogLine } from "../src/simulate/index.ts";
import { listenersPerEvent, referenceConfig, referenceLog } from "./reference-log.ts";

const EVENTS = 200_000;
const ROUNDS = 3;
const fixed = (n: number) => Math.round(n).toLocaleString("en-GB");

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}

/** As the `cairn` command starts a replay: with room for what is soon thrown away. */
const ROOMY = "--max-semi-space-size=64";

const texts = [...referenceLog({ events: EVENTS })];
const config = referenceConfig();

interface Round {
  readonly rate: number;
  /** Microseconds of the processor's own time an event: on a busy machine the clock also counts what others do. */
  readonly cpu: number;
  readonly said: string;
}

/** One replay of lines that lie parsed in memory: events per second. */
function replay(lines: readonly LogLine[]): Round {
  let decisions = 0;
  const simulation = createSimulation({ config, onDecision: () => void decisions++ });
  const before = process.cpuUsage();
  const begin = process.hrtime.bigint();
  for (const line of lines) simulation.read(line);
  const { summary } = simulation.finish();
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  const shown = Object.values(summary.flows).reduce((sum, flow) => sum + flow.shown, 0);
  const said = `${fixed(summary.users)} people, ${fixed(decisions)} decisions, ${fixed(shown)} shown`;
  const { user } = process.cpuUsage(before);
  return { rate: lines.length / seconds, cpu: user / lines.length, said };
}

/** The same through `cairn simulate --json` on a file, all included: reading, checking, sorting, writing. */
function replayFile(folder: string): number {
  for (const part of ["flows", "features"] as const) {
    mkdirSync(join(folder, part));
    for (const one of config[part] ?? [])
      writeFileSync(join(folder, part, `${one.id}.json`), JSON.stringify(one));
  }
  const log = join(folder, "events.jsonl");
  writeFileSync(log, `${texts.join("\n")}\n`);
  const bin = join(process.cwd(), "../cli/bin/cairn.mjs");
  const run = (events: string) => {
    const begin = process.hrtime.bigint();
    const args = ["simulate", "--flows", join(folder, "flows"), "--features", join(folder, "features")];
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args, "--events", events, "--json"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0) throw new Error(`cairn simulate failed: ${stderr}`);
    return Number(process.hrtime.bigint() - begin) / 1e9;
  };
  const empty = join(folder, "empty.jsonl");
  writeFileSync(empty, "");
  // Starting Node and compiling TypeScript is no part of the bar.
  const rate = EVENTS / (run(log) - run(empty));
  console.log(`  (${fixed(statSync(log).size / EVENTS)} bytes a line)`);
  return rate;
}

function run(): void {
  const lines = texts.map((text) => JSON.parse(text) as LogLine);
  const { said } = replay(lines);
  const listeners = listenersPerEvent(config, lines).toFixed(2);
  console.log(`reference log: ${fixed(EVENTS)} events, 100 flows, ${listeners} listen to one, ${said}`);
  const memory = Array.from({ length: ROUNDS }, () => replay(lines));
  const rates = memory.map(({ rate }) => rate);
  const cpu = median(memory.map((one) => one.cpu)).toFixed(1);
  console.log(
    `replay from memory: ${fixed(median(rates))} events/s median of ${ROUNDS} rounds (goal 200,000; best ${fixed(Math.max(...rates))}), ${cpu} µs of processor time an event`,
  );
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-"));
  try {
    console.log(`replay from a file: ${fixed(replayFile(folder))} events/s (goal 100,000)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.execArgv.includes(ROOMY)) run();
else
  process.exitCode =
    spawnSync(process.execPath, [ROOMY, process.argv[1] ?? ""], { stdio: "inherit" }).status ?? 1;
