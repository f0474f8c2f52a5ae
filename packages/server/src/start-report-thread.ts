import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { ReportPlace } from "./reports/report-protocol.ts";

const HERE = import.meta.url;

/** Where the store that `openStorage` opens with these options keeps its data. */
export function reportPlace(dataDir: string, databaseUrl = ""): ReportPlace {
  return databaseUrl === "" ? { sqlite: join(dataDir, "cairn.db") } : { postgres: databaseUrl };
}

/** Starts `report-thread` on this database: the file beside this one in a build, or its source while developing. */
export function startReportThread(place: ReportPlace): Worker {
  const options = { workerData: place };
  return HERE.endsWith(".ts")
    ? new Worker(bundleSource(HERE), { ...options, eval: true })
    : new Worker(new URL("./report-thread.js", HERE), options);
}

/** Node 20 reads no TypeScript, and loaders such as tsx do not reach into its threads: there a bundle is made on the way. */
function bundleSource(here: string): string {
  const require = createRequire(here);
  const { buildSync } = require("esbuild") as typeof import("esbuild");
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("./report-thread.ts", here))],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    conditions: ["cairn-source"],
    // It carries machine code, which no bundle can.
    external: ["@photostructure/sqlite"],
  });
  return `((require) => {${outputFiles[0]?.text}})(require("node:module").createRequire(${JSON.stringify(here)}))`;
}
