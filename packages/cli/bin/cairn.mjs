#!/usr/bin/env node
// Where the source lies beside, as in this repository, it is bundled and run; else what was built of it.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(folder, "src/bin.ts");
const cached = join(folder, ".cache/cairn.mjs");
const list = join(folder, ".cache/cairn.inputs.json");

/** Whether none of the files that went into the bundle has changed since. */
function isFresh() {
  try {
    const made = statSync(cached).mtimeMs;
    return JSON.parse(readFileSync(list, "utf8")).every((file) => statSync(file).mtimeMs < made);
  } catch {
    return false;
  }
}

/** One file out of the source of this package and of those it uses: quicker than to load them one by one. */
async function bundle() {
  const { build } = await import("esbuild");
  const mine = `${cached}.${process.pid}`;
  const begun = new Date();
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [source],
    outfile: mine,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    conditions: ["cairn-source"],
    external: ["commander", "jsonc-parser", "@cairn/server"],
    metafile: true,
    logLevel: "error",
  });
  const inputs = [
    fileURLToPath(import.meta.url),
    ...Object.keys(metafile.inputs).map((file) => join(folder, file)),
  ];
  writeFileSync(`${mine}.json`, JSON.stringify(inputs));
  // What changed while it was being read is not in it.
  utimesSync(mine, begun, begun);
  // Each in one step, because others may be starting at the same moment.
  renameSync(`${mine}.json`, list);
  renameSync(mine, cached);
}

/** A replay makes much that is soon thrown away: with room for it, collecting takes half the time. */
const ROOMY = ["simulate", "explain"];
const args = process.argv.slice(2);

const inSource = existsSync(source);
if (inSource && !isFresh()) await bundle();
const program = inSource ? cached : join(folder, "dist/bin.js");
if (ROOMY.includes(args[0])) {
  const { status, signal } = spawnSync(process.execPath, ["--max-semi-space-size=64", program, ...args], {
    stdio: "inherit",
  });
  if (signal) process.kill(process.pid, signal);
  process.exitCode = status ?? 2;
} else await import(pathToFileURL(program).href);
