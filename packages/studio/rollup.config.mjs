import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import commonjs from "@rollup/plugin-commonjs";
import json from "@rollup/plugin-json";
import nodeResolve from "@rollup/plugin-node-resolve";
import terser from "@rollup/plugin-terser";
import { build } from "esbuild";
import esbuild from "rollup-plugin-esbuild";

const BASE = "/studio/";

/** Bundles the style sheet with its fonts, and writes index.html with the hashed names in it. */
function page({ styles, html }) {
  return {
    name: "page",
    buildStart() {
      this.addWatchFile(styles);
      this.addWatchFile(html);
    },
    async generateBundle(_options, bundle) {
      await rm("dist", { recursive: true, force: true });
      const { outputFiles } = await build({
        entryPoints: [styles],
        bundle: true,
        minify: true,
        write: false,
        outdir: "dist",
        target: "esnext",
        entryNames: "assets/studio-[hash]",
        assetNames: "assets/[name]-[hash]",
        loader: { ".woff2": "file" },
        publicPath: BASE,
        conditions: ["style"],
      });
      let sheet = "";
      for (const file of outputFiles) {
        const fileName = file.path.slice(file.path.lastIndexOf("assets/"));
        if (fileName.endsWith(".css")) sheet = fileName;
        this.emitFile({ type: "asset", fileName, source: file.contents });
      }
      const entry = Object.values(bundle).find((chunk) => chunk.type === "chunk" && chunk.isEntry);
      const preload = entry.imports
        .map((name) => `<link rel="modulepreload" href="${BASE}${name}">`)
        .join("\n    ");
      const icon = await readFile("src/icon.svg");
      const iconName = `assets/icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
      this.emitFile({ type: "asset", fileName: iconName, source: icon });
      const source = (await readFile(html, "utf8"))
        .replace("%STYLES%", BASE + sheet)
        .replace("%SCRIPT%", BASE + entry.fileName)
        .replace("%ICON%", BASE + iconName)
        .replace("%PRELOAD%", preload);
      this.emitFile({ type: "asset", fileName: "index.html", source });
    },
  };
}

export default {
  input: "src/main.tsx",
  output: {
    dir: "dist",
    format: "es",
    entryFileNames: "assets/[name]-[hash].js",
    chunkFileNames: "assets/[name]-[hash].js",
    hashCharacters: "hex",
  },
  plugins: [
    nodeResolve({
      browser: true,
      exportConditions: ["cairn-source"],
      extensions: [".mjs", ".js", ".ts", ".tsx", ".json"],
    }),
    commonjs(),
    json(),
    esbuild({
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      define: { "process.env.NODE_ENV": '"production"' },
    }),
    terser(),
    page({ styles: "src/styles/studio.css", html: "src/index.html" }),
  ],
  onwarn(warning, warn) {
    // Circular imports inside dependencies are theirs to mend.
    if (warning.code === "CIRCULAR_DEPENDENCY" && warning.ids?.every((id) => id.includes("node_modules")))
      return;
    warn(warning);
  },
};
