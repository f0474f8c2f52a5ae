import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

/** Weight of one entry; `boot` is what must be there before any hint shows. */
async function weigh(name: string, code: string, limit: string): Promise<void> {
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
  console.log(`${name}: ${bytes.length} bytes minified, ${brotliCompressSync(bytes).length} brotli${limit}`);
}

await weigh("whole engine", 'export * from "./index.ts"', "");
await weigh(
  "core (boot)",
  'export { compile, createState, deserialise, serialise, transition } from "./core.ts"',
  " (limit 8192)",
);
