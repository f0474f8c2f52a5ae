import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const CORE = 'export { compile, createState, deserialise, serialise, transition } from "./core.ts"';
const STAGE = 'export { stage } from "./stage.ts"';

/** Brotli weight of one entry, as a bundler makes it. */
async function weigh(name: string, code: string, limit = ""): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: new URL("../src/", import.meta.url).pathname, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    conditions: ["cairn-source"],
    write: false,
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  const small = brotliCompressSync(bytes).length;
  console.log(`${name}: ${bytes.length} bytes minified, ${small} brotli${limit}`);
  return small;
}

await weigh("every export", 'export * from "./index.ts"');
const both = await weigh("core and stage", `${CORE}\n${STAGE}`);
// What must be there before any hint shows.
const core = await weigh("core (boot)", CORE, " (limit 8192)");
console.log(`stage: ${both - core} brotli more`);
