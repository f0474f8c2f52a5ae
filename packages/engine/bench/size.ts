import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: [new URL("../src/index.ts", import.meta.url).pathname],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  conditions: ["cairn-source"],
  write: false,
  metafile: true,
});
const code = outputFiles[0]?.contents ?? new Uint8Array();
console.log(`engine: ${code.length} bytes minified, ${brotliCompressSync(code).length} brotli (limit 8192)`);
