import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
import { rollup } from "rollup";
import esbuild from "rollup-plugin-esbuild";

/** What the engine may take of the SDK's boot, brotli. Exits with 1 where it takes more. */
const LIMIT = 8_192;

const CORE = 'export { compile, createState, deserialise, serialise, transition } from "./core.ts";';
const STAGE = 'export { stage } from "./stage.ts";';
const COURSE = 'export { course } from "./course.ts";';

const entry = fileURLToPath(new URL("../src/entry.ts", import.meta.url));

/** Weight of one entry, made as the SDK's build makes it. */
async function weigh(name: string, code: string): Promise<number> {
  const bundle = await rollup({
    input: entry,
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? code : null),
      },
      {
        name: "json",
        transform: (text, id) =>
          id.endsWith(".json") ? { code: `export default ${text}`, map: null } : null,
      },
      nodeResolve({ exportConditions: ["cairn-source"], extensions: [".ts"] }),
      esbuild({ target: "es2022" }),
      terser({ ecma: 2022, module: true, compress: { passes: 3, ecma: 2022 } }),
    ],
  });
  const { output } = await bundle.generate({ format: "es" });
  const small = brotliCompressSync(output[0].code).length;
  console.log(`${name}: ${output[0].code.length} bytes minified, ${small} brotli`);
  return small;
}

await weigh("every export", 'export * from "./index.ts"');
await weigh("core, stage and course", CORE + STAGE + COURSE);
const both = await weigh("core and stage", CORE + STAGE);
// What must be there before any hint shows.
const core = await weigh(`core (boot; limit ${LIMIT})`, CORE);
console.log(`stage: ${both - core} brotli more`);
process.exitCode = core > LIMIT ? 1 : 0;
