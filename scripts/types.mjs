// Type-checks every project of the workspace: each tsconfig*.json under packages/ and examples/. Projects with the same
// options are one program, and every file is checked in its own project only, not again in each that imports it: what
// they import is read once, and the answer is the same.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./bootstrap.mjs";

const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => report([diagnostic]) };
const shown = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => "\n",
};

let failures = 0;
const groups = new Map();
for (const path of projects()) {
  const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(path, {}, host);
  report(errors);
  // What only emits declarations is checked by the build that emits them.
  if (options.emitDeclarationOnly) continue;
  const { configFilePath: _, ...same } = options;
  const key = JSON.stringify(same);
  const group = groups.get(key) ?? { options: same, files: new Set(), paths: [] };
  for (const file of fileNames) group.files.add(file);
  group.paths.push(path.slice(root.length));
  groups.set(key, group);
}

for (const [index, { options, files, paths }] of [...groups.values()].entries()) {
  const before = failures;
  const builder = ts.createIncrementalProgram({
    rootNames: [...files],
    options: {
      ...options,
      noEmit: true,
      incremental: true,
      tsBuildInfoFile: join(root, ".cache", "types", `${index}.tsbuildinfo`),
    },
  });
  report(builder.getOptionsDiagnostics());
  report(builder.getGlobalDiagnostics());
  for (const file of files) {
    const source = builder.getSourceFile(file);
    report(builder.getSyntacticDiagnostics(source));
    report(builder.getSemanticDiagnostics(source));
  }
  builder.emit();
  console.log(`${failures === before ? "ok    " : "FAILED"} ${files.size} files of ${paths.join(", ")}`);
}
process.exitCode = failures === 0 && groups.size > 0 ? 0 : 1;

function projects() {
  return ["packages", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) =>
        readdirSync(join(root, folder, entry.name))
          .filter((name) => /^tsconfig.*\.json$/.test(name))
          .map((name) => join(root, folder, entry.name, name)),
      ),
  );
}

function report(diagnostics) {
  failures += diagnostics.length;
  if (diagnostics.length > 0) console.log(ts.formatDiagnostics(diagnostics, shown));
}
