// Brings a clean clone to the point where the workspace's own commands run: the pinned pnpm and the dependencies.
// Needs only Node and npm. With nothing changed, a second run only hashes a few files.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const MINIMUM_NODE = [20, 11];

/** Environment in which `pnpm` is the pinned one; throws an `Error` with what to do where that cannot be had. */
export function bootstrap() {
  checkNode();
  const env = { ...process.env, ...providePnpm() };
  installDependencies(env);
  return env;
}

/** Runs a command in the repository's root with its output shown; throws where it fails. */
export function run(command, args, env) {
  const result = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (result.error) throw result.error;
  if (result.status !== 0)
    throw new Error(`\`${command} ${args.join(" ")}\` failed (${result.status ?? result.signal})`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  throw new Error(
    `Node ${MINIMUM_NODE.join(".")} or newer is needed, this is ${process.versions.node}. See https://nodejs.org`,
  );
}

/** The pinned pnpm: the installed one if it is that version, else a copy of our own under `.cache/`. */
function providePnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = packageManager.split("@")[1];
  const shell = process.platform === "win32";
  const installed = spawnSync("pnpm", ["--version"], { cwd: root, encoding: "utf8", shell });
  if (installed.stdout?.trim() === version) return {};
  const home = join(root, ".cache", `pnpm-${version}`);
  const bin = join(home, "node_modules", ".bin");
  if (!existsSync(join(bin, shell ? "pnpm.cmd" : "pnpm"))) {
    console.log(`Fetching pnpm ${version} …`);
    mkdirSync(home, { recursive: true });
    run(
      "npm",
      [
        "install",
        "--prefix",
        home,
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        `pnpm@${version}`,
      ],
      process.env,
    );
  }
  return { PATH: `${bin}${delimiter}${process.env.PATH}` };
}

function installDependencies(env) {
  const stamp = join(root, "node_modules", ".cairn-installed");
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  run("pnpm", ["install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"], env);
  writeFileSync(stamp, wanted);
}

/** Changes when an install could give something else. */
function fingerprint() {
  const hash = createHash("sha256").update(process.version);
  const manifests = ["packages", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, "package.json")),
  );
  for (const file of ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests.sort()]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest("hex");
}
