import { nodeResolve } from "@rollup/plugin-node-resolve";
import esbuild from "rollup-plugin-esbuild";

const workspace = /^@cairn\//;

/** Workspace packages are inlined, npm's are not. */
const bundle = (input, dir) => ({
  input,
  output: { dir, format: "esm", sourcemap: true, chunkFileNames: "[name]-[hash].js" },
  external: (id) => !id.startsWith(".") && !id.startsWith("/") && !workspace.test(id),
  plugins: [
    nodeResolve({ exportConditions: ["cairn-source"], extensions: [".ts", ".js"] }),
    esbuild({ target: "node20", loaders: { ".json": "json" } }),
  ],
});

/** Started by name, so that each lies beside the file that starts it. */
const THREADS = {
  "writer-thread": "src/storage/sqlite/writer-thread.ts",
  "report-thread": "src/report-thread.ts",
};

/** The library, and `main.js`, which runs it; with `--configBench` what `pnpm bench` runs. */
export default ({ configBench }) =>
  configBench
    ? bundle(
        {
          "bench-server": "bench/bench-server.ts",
          load: "bench/load.ts",
          reports: "bench/reports.ts",
          ...THREADS,
        },
        "dist/bench",
      )
    : bundle({ index: "src/index.ts", main: "src/main.ts", ...THREADS }, "dist");
