import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/** Starts `writer-thread` on this database: the file beside this one in a build, or its source while developing. */
export function startWriterThread(path: string): Worker {
  const options = { workerData: { path } };
  const here = import.meta.url;
  return here.endsWith(".ts")
    ? new Worker(bundleSource(here), { ...options, eval: true })
    : new Worker(new URL("./writer-thread.js", here), options);
}

/** Node 20 reads no TypeScript, and loaders such as tsx do not reach into its threads: there a bundle is made on the way. */
function bundleSource(here: string): string {
  const require = createRequire(here);
  const { buildSync } = require("esbuild") as typeof import("esbuild");
  const { outputFiles } = buildSync({
    entryPoints: [new URL("./writer-thread.ts", here).pathname],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
  });
  return `((require) => {${outputFiles[0]?.text}})(require("node:module").createRequire(${JSON.stringify(here)}))`;
}
