// Type-checks every project of the workspace: each tsconfig*.json under packages/ and examples/.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";

const projects = ["packages", "examples"].flatMap((folder) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) =>
      readdirSync(join(root, folder, entry.name))
        .filter((name) => /^tsconfig.*\.json$/.test(name))
        .map((name) => join(folder, entry.name, name)),
    ),
);

let failed = 0;
for (const project of projects) {
  const info = join(root, ".cache", "types", `${project.replaceAll(/[/\\]/g, "-")}.tsbuildinfo`);
  const { status } = spawnSync(
    "tsc",
    ["--noEmit", "--incremental", "--tsBuildInfoFile", info, "-p", project],
    {
      cwd: root,
      stdio: "inherit",
      shell: process.platform === "win32",
    },
  );
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${project}`);
  if (status !== 0) failed += 1;
}
process.exitCode = failed === 0 && projects.length > 0 ? 0 : 1;
