import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const packageDir = fileURLToPath(new URL("..", import.meta.url));
const src = (file: string) => fileURLToPath(new URL(`../src/${file}`, import.meta.url));

/** The server as a build has it, made of the sources as they are now: it starts as fast as the real one. */
export async function buildServer(): Promise<{ readonly main: string; remove(): void }> {
  // Within the package, so that Node finds what it depends on.
  const cache = join(packageDir, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "server-"));
  await build({
    entryPoints: [src("main.ts"), src("report-thread.ts"), src("storage/sqlite/writer-thread.ts")],
    outdir: folder,
    outbase: src("."),
    entryNames: "[name]",
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["cairn-source"],
    plugins: [
      {
        name: "npm-stays-outside",
        setup(esbuild) {
          esbuild.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === "entry-point" || path.startsWith("@cairn/") ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  return {
    main: join(folder, "main.js"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
