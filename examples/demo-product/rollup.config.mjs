import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
import { transformSync } from "esbuild";
import esbuild from "rollup-plugin-esbuild";

const require = createRequire(import.meta.url);
const STYLES = ["fonts", "base", "frame", "parts", "pages", "why"];
const FONTS = ["latin", "latin-ext", "cyrillic"];

/** Writes what stands around the script: style sheet, fonts, stub, page. */
const page = {
  name: "saldo-page",
  buildStart() {
    rmSync("dist", { recursive: true, force: true });
  },
  writeBundle(_, bundle) {
    mkdirSync("dist/fonts", { recursive: true });
    for (const name of FONTS) {
      const file = `golos-text-${name}-wght-normal.woff2`;
      copyFileSync(require.resolve(`@fontsource-variable/golos-text/files/${file}`), `dist/fonts/${file}`);
    }
    for (const file of ["cairn-stub.js", "saldo.svg"]) copyFileSync(`public/${file}`, `dist/${file}`);
    const source = STYLES.map((name) => readFileSync(`src/styles/${name}.css`, "utf8")).join("\n");
    const style = transformSync(source, { loader: "css", minify: true }).code;
    const styleName = `saldo-${createHash("sha256").update(style).digest("hex").slice(0, 8)}.css`;
    writeFileSync(`dist/${styleName}`, style);
    const app = Object.values(bundle).find((chunk) => chunk.type === "chunk" && chunk.isEntry)?.fileName;
    const html = readFileSync("src/index.html", "utf8").replace("%STYLE%", styleName).replace("%APP%", app);
    writeFileSync("dist/index.html", html);
  },
};

export default [
  {
    input: "src/main.tsx",
    output: { dir: "dist", format: "es", entryFileNames: "saldo-[hash].js", sourcemap: true },
    plugins: [
      page,
      nodeResolve({ extensions: [".tsx", ".ts", ".mjs", ".js"] }),
      esbuild({ target: "es2022", jsx: "automatic", jsxImportSource: "preact" }),
      terser(),
    ],
  },
  {
    input: "seed/seed.ts",
    output: { file: "dist-seed/seed.js", format: "es" },
    external: /^node:/,
    plugins: [nodeResolve({ extensions: [".ts", ".js"] }), esbuild({ target: "node20" })],
  },
];
