import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The repository that this file is in. */
export const ROOT = join(import.meta.dirname, "../../../..");

/**
 * Copies the repository as it stands on disk, without what git ignores, to where guards can be taken out of it. What is
 * installed is shared by links. Returns the folder and what removes it.
 */
export function copyRepository(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "cairn-guards-"));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  for (const name of listed.split("\0")) {
    if (!name || !existsSync(join(ROOT, name))) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(ROOT, name), join(folder, name));
  }
  for (const place of ["", ...packagesIn(ROOT)]) linkModules(join(ROOT, place), join(folder, place));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const packagesIn = (root: string) =>
  ["packages", "examples"].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => join(group, name))
      .filter((place) => existsSync(join(root, place, "node_modules"))),
  );

/** Links to packages of the workspace are relative: in the copy they lead to the copy. */
function linkModules(from: string, to: string): void {
  const modules = join(to, "node_modules");
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(join(from, "node_modules"))) {
    const original = join(from, "node_modules", name);
    if (name === ".pnpm") symlinkSync(original, join(modules, name));
    else if (name === ".bin" || name.startsWith("@") || lstatSync(original).isSymbolicLink())
      cpSync(original, join(modules, name), { recursive: true, verbatimSymlinks: true });
  }
}
