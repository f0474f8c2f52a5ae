import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Runs benches (file names as arguments) as a bundler makes them: a loader that compiles on the fly wraps each function,
 * and would be measured along.
 */
const folder = mkdtempSync(join(tmpdir(), "cairn-bench-"));
let failed = 0;
try {
  for (const name of process.argv.slice(2)) {
    const file = join(folder, `${name}.mjs`);
    await build({
      entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
      outfile: file,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      conditions: ["cairn-source"],
    });
    failed ||= spawnSync(process.execPath, [file], { stdio: "inherit" }).status ?? 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed;
