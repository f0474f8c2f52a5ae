import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const HERE = import.meta.url;
/** Made once, and only while developing: a build has the file. */
const SOURCE = HERE.endsWith(".ts") ? bundleSource(HERE) : undefined;

/** Starts `writer-thread` on this database: the file beside this one in a build, or its source while developing. */
export function startWriterThread(path: string): Worker {
  const options = { workerData: { path } };
  return SOURCE === undefined
    ? new Worker(new URL("./writer-thread.js", HERE), options)
    : new Worker(SOURCE, { ...options, eval: true });
}

/** Node 20 reads no TypeScript, and loaders such as tsx do not reach into its threads: there a bundle is made on the way. */
function bundleSource(here: string): string {
  const require = createRequire(here);
  const { buildSync } = require("esbuild") as typeof import("esbuild");
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("./writer-thread.ts", here))],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
  });
  return `((require) => {${outputFiles[0]?.text}})(require("node:module").createRequire(${JSON.stringify(here)}))`;
}
