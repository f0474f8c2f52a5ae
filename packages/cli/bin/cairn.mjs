#!/usr/bin/env node
// Runs the source where it lies beside, as in this repository; else what was built of it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../src/bin.ts", import.meta.url));
if (existsSync(source)) {
  const tsx = import.meta.resolve("tsx");
  const args = ["--conditions=cairn-source", "--import", tsx, source, ...process.argv.slice(2)];
  const { status, signal } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (signal) process.kill(process.pid, signal);
  process.exitCode = status ?? 2;
} else await import("../dist/bin.js");
