import { nodeResolve } from "@rollup/plugin-node-resolve";
import esbuild from "rollup-plugin-esbuild";

const workspace = /^@cairn\//;

/** Two entries: the library, and `main.js`, which runs. Workspace packages are inlined, npm's are not. */
export default {
  input: { index: "src/index.ts", main: "src/main.ts" },
  output: { dir: "dist", format: "esm", sourcemap: true, chunkFileNames: "[name]-[hash].js" },
  external: (id) => !id.startsWith(".") && !id.startsWith("/") && !workspace.test(id),
  plugins: [
    nodeResolve({ exportConditions: ["cairn-source"], extensions: [".ts", ".js"] }),
    esbuild({ target: "node20", loaders: { ".json": "json" } }),
  ],
};
