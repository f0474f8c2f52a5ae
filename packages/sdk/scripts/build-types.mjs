// Writes dist/npm/index.d.ts and authoring.d.ts: the SDK's declarations with those of the two private packages they rest on.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

const out = resolve("dist/npm/types");
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript")), "../bin/tsc");
rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.types.json", "--outDir", out], { stdio: "inherit" });

const entries = {
  "@cairn/engine": "engine/src/index.js",
  "@cairn/engine/core": "engine/src/core.js",
  "@cairn/engine/stage": "engine/src/stage.js",
  "@cairn/engine/explain": "engine/src/explain/index.js",
  "@cairn/flow-schema": "flow-schema/src/index.js",
};
for (const file of readdirSync(out, { recursive: true, encoding: "utf8" })) {
  if (!file.endsWith(".d.ts")) continue;
  const path = join(out, file);
  const text = readFileSync(path, "utf8").replace(/(from |import\()"([^"]+)"/g, (_, before, name) => {
    const entry = entries[name];
    const there = entry
      ? relative(dirname(path), join(out, entry)).replace(/^(?!\.)/, "./")
      : name.replace(/\.tsx?$/, ".js");
    return `${before}"${there}"`;
  });
  writeFileSync(path, text);
}
for (const entry of ["index", "authoring"])
  writeFileSync(`dist/npm/${entry}.d.ts`, `export * from "./types/sdk/src/${entry}.js";\n`);
