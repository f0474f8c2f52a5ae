import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
import esbuild from "rollup-plugin-esbuild";
import { fixedAutoUpdate } from "./scripts/fixed-auto-update.mjs";
import { fixedPreact } from "./scripts/fixed-preact.mjs";
import { createIntegrity } from "./scripts/integrity.mjs";

/** Only so that rollup can read past the schema: nothing in the SDK uses it. */
const json = {
  name: "json",
  transform: (code, id) => (id.endsWith(".json") ? { code: `export default ${code}`, map: null } : null),
};
const source = [
  json,
  fixedAutoUpdate,
  nodeResolve({ exportConditions: ["cairn-source"], extensions: [".ts", ".tsx", ".js"] }),
  esbuild({ target: "es2022", jsx: "automatic", jsxImportSource: "preact" }),
];
const minify = (options = {}) =>
  terser({
    ecma: 2022,
    compress: { passes: 3, ecma: 2022, ...options },
    mangle: true,
    format: { comments: false },
  });

/** Short, as the loader carries the names; whether a file is the right one its hash in the loader says. */
const chunkName = ({ name }) => `${name}-[hash:6].js`;
/** The UI's entry is called index, which says nothing beside the other chunks. */
const npmChunkName = ({ name }) => `${name === "index" ? "ui" : name}-[hash].js`;

/**
 * What a first hint takes, the engine's stage, the screen's half and the UI, is one chunk: needed within a moment, they weigh
 * less together. What follows a hint is another. Nobody waits for two files where one would do.
 */
function partOf(id, { getModuleInfo, getModuleIds }) {
  reached ??= ["script.ts", "screen.ts", "course.ts"].map((entry) => {
    const found = new Set([...getModuleIds()].filter((one) => one.endsWith(`sdk/src/${entry}`)));
    for (const one of found) for (const next of getModuleInfo(one)?.importedIds ?? []) found.add(next);
    return found;
  });
  const first = reached.findIndex((found) => found.has(id));
  return [undefined, "hint", "course"][first];
}
/** What each entry imports, and what that imports; the same for every module asked about. */
let reached;

const integrity = createIntegrity(JSON.parse(readFileSync("package.json", "utf8")).version);
/** Only once everything compiled: a failed build leaves the last good files in place. */
const clean = (directory) => ({
  name: "clean",
  generateBundle() {
    // Earlier releases, which somebody has put into folders of their own, stay.
    for (const name of existsSync(directory) ? readdirSync(directory) : [])
      if (!/^\d+\.\d+\.\d+/.test(name)) rmSync(join(directory, name), { recursive: true });
  },
});

/** Preact's own files import each other in circles. */
const quiet = (warning, warn) => {
  if (warning.code !== "CIRCULAR_DEPENDENCY" || !warning.ids?.every((id) => id.includes("preact")))
    warn(warning);
};

export default [
  {
    input: { boot: "src/script.ts" },
    onwarn: quiet,
    // The UI chunk shares code with it; without this that code would be a third file.
    preserveEntrySignatures: "allow-extension",
    output: {
      dir: "dist/script",
      format: "es",
      entryFileNames: chunkName,
      chunkFileNames: chunkName,
      manualChunks: partOf,
      onlyExplicitManualChunks: true,
      hashCharacters: "hex",
    },
    plugins: [
      fixedPreact,
      ...source,
      integrity.load,
      minify({ module: true }),
      integrity.seal,
      clean("dist/script"),
    ],
  },
  {
    input: "src/loader.ts",
    output: { file: "dist/script/cairn.js", format: "es" },
    // A classic script: `toplevel` names would be the page's globals, and the file has none.
    plugins: [...source, minify(), integrity.write],
  },
  {
    input: { index: "src/index.ts", authoring: "src/authoring.ts" },
    external: /^(preact|@floating-ui\/dom|idb-keyval)(\/|$)/,
    output: { dir: "dist/npm", format: "es", entryFileNames: "[name].js", chunkFileNames: npmChunkName },
    plugins: [clean("dist/npm"), ...source],
  },
];
