import { nodeResolve } from "@rollup/plugin-node-resolve";
import esbuild from "rollup-plugin-esbuild";

/** The server stays outside: it has files of its own that it starts as threads. */
const workspace = /^@cairn\/(?!server$)/;

/** One file that runs; workspace packages are inlined, npm's are not. */
export default {
  input: "src/bin.ts",
  output: { dir: "dist", format: "esm", sourcemap: true },
  external: (id) => !id.startsWith(".") && !id.startsWith("/") && !workspace.test(id),
  plugins: [
    nodeResolve({ exportConditions: ["cairn-source"], extensions: [".ts", ".js"] }),
    esbuild({ target: "node20", loaders: { ".json": "json" } }),
  ],
};
