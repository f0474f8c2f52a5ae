// `pnpm --filter @cairn/sdk run package-check`: is the npm package, as it would be published, sound?
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const folder = mkdtempSync(join(tmpdir(), "cairn-package-"));
const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], ...options });
const problems = [];
/** Runs one check; what it prints is shown only where it fails. */
async function check(name, fn) {
  try {
    await fn();
    process.stdout.write(`ok      ${name}\n`);
  } catch (error) {
    problems.push(name);
    process.stdout.write(`FAILED  ${name}\n${error.stdout ?? ""}${error.stack ?? error}\n`);
  }
}

try {
  run("pnpm", ["pack", "--pack-destination", folder]);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  const packed = join(folder, tarball);
  run("tar", ["-xzf", packed, "-C", folder]);
  const home = join(folder, "package");
  // Its dependencies, as they are installed here.
  symlinkSync(join(process.cwd(), "node_modules"), join(home, "node_modules"));

  await check("publint", () => run("pnpm", ["exec", "publint", "run", packed, "--strict"]));
  await check("are the types wrong?", () => run("pnpm", ["exec", "attw", packed, "--profile", "esm-only"]));
  await check("holds no source and no test", () => {
    const strange = readdirSync(home, { recursive: true, encoding: "utf8" }).filter(
      (name) =>
        !name.startsWith("node_modules") &&
        /(^|\/)(src|test)\/[^/]*$/.test(name) &&
        !name.includes("dist/npm/types"),
    );
    if (strange.length) throw new Error(strange.join("\n"));
  });
  await check("imports in plain Node, and does nothing there", () => {
    const text = `
      const before = Object.getOwnPropertyNames(globalThis).length;
      const { createCairn } = await import(${JSON.stringify(join(home, "dist/npm/index.js"))});
      const cairn = createCairn({ key: "pk_x", host: "https://cairn.test" });
      cairn.track("x"); cairn.identify("u"); cairn.hold()(); cairn.on("x", () => {})(); await cairn.explain(); cairn.destroy();
      if (Object.getOwnPropertyNames(globalThis).length !== before) throw new Error("new globals");
      if (process.getActiveResourcesInfo().some((one) => /Timeout|TCP/.test(one))) throw new Error("something runs on");`;
    run(process.execPath, ["--input-type=module", "-e", text]);
  });
  await check("is dropped from a bundle that does not use it", async () => {
    const bundle = (contents) =>
      build({
        stdin: { contents, resolveDir: folder },
        alias: { "@cairn/sdk": join(home, "dist/npm/index.js") },
        absWorkingDir: home,
        bundle: true,
        splitting: true,
        outdir: join(folder, "out"),
        format: "esm",
        minify: true,
        write: false,
        logLevel: "silent",
      });
    const { outputFiles } = await bundle(`import { createCairn } from "@cairn/sdk"; console.log(1);`);
    // The files behind import() are written whether or not anything leads to them.
    const entry = outputFiles.find(({ path }) => path.endsWith("stdin.js"));
    if (entry.contents.length > 100) throw new Error(`this stays: ${entry.text.slice(0, 300)}`);
    const used = await bundle(`import { createCairn } from "@cairn/sdk"; createCairn({});`);
    if (used.outputFiles.length < 5) throw new Error("the parts are no files of their own");
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = problems.length ? 1 : 0;
