import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { serve } from "../src/node.ts";
import { OPTIONS } from "../src/options/option-table.ts";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";
import { SPAWNED_SECRET_KEY, spawnServer } from "./spawn-server.ts";

const SOAK = process.env.CAIRN_SOAK === "1";
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const DOCKER = "packages/server/docker";
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const manifest = (path: string) => JSON.parse(read(path)) as Record<string, never>;

interface Step {
  readonly stage: string;
  readonly does: string;
  readonly words: string;
}
/** The steps of the Dockerfile, each with the stage that it belongs to. */
function steps(): readonly Step[] {
  let stage = "";
  return read(`${DOCKER}/Dockerfile`)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, does = "", words = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      if (does === "FROM") stage = / AS (\w+)$/.exec(words)?.[1] ?? "final";
      return { stage, does, words };
    });
}
/** `COPY --from=build a b` → from which stage, what, where to. */
function copies() {
  return steps()
    .filter(({ does }) => does === "COPY")
    .map(({ stage, words }) => {
      const parts = words.split(" ");
      const from = parts[0]?.startsWith("--from=") ? parts.shift()?.slice("--from=".length) : undefined;
      const to = parts.pop() ?? "";
      return { stage, from, sources: parts, to };
    });
}
const variablesOf = (text: string) => text.matchAll(/^\s+([A-Z_]+): /gm);

describe("the Dockerfile", () => {
  it("copies only what is there, and what its builds make", () => {
    const made = [
      "packages/server/dist",
      "packages/sdk/dist/script",
      "packages/studio/dist",
      "packages/cli/dist",
    ];
    for (const { from, sources } of copies())
      for (const source of sources)
        if (from === undefined) expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
        else if (source !== "/app") expect(made).toContain(source.replace("/app/", ""));
    expect(copies()).toHaveLength(15);
    for (const path of made) {
      const { scripts } = manifest(`${path.split("/").slice(0, 2).join("/")}/package.json`);
      expect([path, Object.keys(scripts ?? {})]).toEqual([path, expect.arrayContaining(["build"])]);
    }
  });

  it("knows every package of the workspace before it installs, and the pnpm that is pinned", () => {
    const known = copies().flatMap(({ stage, sources }) => (stage === "base" ? sources : []));
    const packages = readdirSync(join(ROOT, "packages")).map((name) => `packages/${name}/package.json`);
    const examples = readdirSync(join(ROOT, "examples")).map((name) => `examples/${name}/package.json`);
    for (const path of [...packages, ...examples].filter((one) => existsSync(join(ROOT, one))))
      expect(known).toContain(path);
    const { packageManager } = manifest("package.json");
    expect(read(`${DOCKER}/Dockerfile`)).toContain(`--no-fund ${packageManager}\n`);
    for (const [, name] of read(`${DOCKER}/Dockerfile`).matchAll(/"?(@cairn\/\w+)/g))
      expect(packages.map((path) => manifest(path).name)).toContain(name);
  });

  it("is not run by root, and sets only options that exist", () => {
    const final = steps().filter(({ stage }) => stage === "final");
    const user = final.findIndex(({ does }) => does === "USER");
    expect(final[user]?.words).toBe("node");
    expect(final.slice(user).some(({ does }) => does === "RUN" || does === "COPY")).toBe(false);
    const known = Object.values(OPTIONS).map(({ env }) => env as string);
    const set = final.find(({ does }) => does === "ENV")?.words.matchAll(/([A-Z_]+)=/g) ?? [];
    const names = [...set].map(([, name]) => name);
    expect(names.filter((name) => name !== "NODE_ENV" && !known.includes(name ?? ""))).toEqual([]);
    expect(names).toHaveLength(4);
    const entry = JSON.parse(final.find(({ does }) => does === "ENTRYPOINT")?.words ?? "[]") as string[];
    const [file = "", ...before] = entry.reverse();
    expect(statSync(join(ROOT, file.replace("/app/", ""))).mode & 0o100).toBe(0o100);
    const [, ...flags] = before.reverse();
    expect(spawnSync(process.execPath, [...flags, "--eval", ""]).status).toBe(0);
  });

  it("asks /readyz whether it is well, in words that work", async () => {
    const { words = "" } = steps().find(({ does }) => does === "HEALTHCHECK") ?? {};
    const [program = "", ...args] = JSON.parse(words.slice(words.indexOf("["))) as string[];
    let broken = false;
    const memory = createMemoryStorage();
    const probe = (now: number) => (broken ? Promise.reject(new Error("full")) : memory.probe(now));
    const server = await serve({ port: 0, storage: { ...memory, probe }, logLevel: "silent" });
    const check = (port: string) =>
      new Promise((resolve) => {
        spawn(program, args, { env: { ...process.env, PORT: port }, stdio: "inherit" }).on("exit", resolve);
      });
    const { port } = new URL(server.url);
    expect(await check(port)).toBe(0);
    broken = true;
    // One answer is everybody's for a second.
    await expect.poll(() => check(port), { timeout: 60_000 }).toBe(1);
    await server.close();
    expect(await check(port)).toBe(1);
  });

  it("hands over to the builder what it copies, and no more", () => {
    const lines = read(`${DOCKER}/Dockerfile.dockerignore`)
      .split("\n")
      .filter((line) => line && !line.startsWith("#"));
    expect(lines[0]).toBe("*");
    const letIn = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    for (const { from, sources } of copies())
      for (const source of from === undefined ? sources : [])
        expect([source, letIn.some((one) => source === one || source.startsWith(`${one}/`))]).toEqual([
          source,
          true,
        ]);
    expect(lines).toEqual(expect.arrayContaining(["**/node_modules", "**/dist", "**/.cache"]));
  });

  // It installs and builds everything, which takes minutes: by `pnpm soak`. Here its steps are run without Docker.
  it.runIf(SOAK)(
    "builds a server that runs, from nothing but what it copies",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "cairn-docker-"));
      const at = (stage: string, path: string) => join(folder, stage, path.replace(/^\/app/, ""));
      const ignored = (path: string) =>
        ["node_modules", "dist", ".cache", ".wireit"].includes(basename(path));
      try {
        for (const { stage, does, words } of steps()) {
          if (does === "FROM") {
            mkdirSync(join(folder, stage), { recursive: true });
            const [base = ""] = words.split(" ");
            if (existsSync(join(folder, base)))
              cpSync(join(folder, base), join(folder, stage), { recursive: true });
          }
          if (does === "COPY") {
            const parts = words.split(" ");
            const from = parts[0]?.startsWith("--from=") ? parts.shift()?.slice("--from=".length) : undefined;
            const to = parts.pop() ?? "";
            for (const source of parts) {
              const target = at(
                stage,
                to.endsWith("/") && source !== "/app" ? join(to, basename(source)) : to,
              );
              mkdirSync(dirname(target), { recursive: true });
              const origin = from === undefined ? join(ROOT, source) : at(from, source);
              const filter = from === undefined ? (path: string) => !ignored(path) : () => true;
              cpSync(origin, target, { recursive: true, verbatimSymlinks: true, filter });
            }
          }
          // What belongs to the image itself: its pnpm, its user's folders.
          if (does === "RUN" && words.startsWith("pnpm ")) {
            const { status, stdout, stderr } = spawnSync("sh", ["-c", words], {
              cwd: join(folder, stage),
              env: { ...process.env, CI: "1" },
              encoding: "utf8",
            });
            expect([words, status, status === 0 ? "" : stdout + stderr]).toEqual([words, 0, ""]);
          }
        }
        const bin = join(folder, "final/packages/cli/bin/cairn.mjs");
        const { url, child, exited } = await spawnServer(join(folder, "data"), {
          main: bin,
          args: ["serve"],
        });
        for (const path of ["/readyz", "/v1/cairn.js", "/studio/", "/v1/openapi.json"])
          expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
        const headers = { authorization: `Bearer ${SPAWNED_SECRET_KEY}` };
        const report = `${url}/v1/reports/activation?from=2026-11-01&to=2026-11-20`;
        expect((await fetch(report, { headers })).status).toBe(200);
        child.kill("SIGTERM");
        expect(await exited).toEqual([0, null]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    900_000,
  );
});

describe("the compose file", () => {
  const text = read(`${DOCKER}/compose.yaml`);
  it("builds this Dockerfile from the repository's root, and sets only options that exist", () => {
    expect(text).toContain(`dockerfile: ${DOCKER}/Dockerfile`);
    expect(join(ROOT, DOCKER, /context: (\S+)/.exec(text)?.[1] ?? "")).toBe(ROOT.replace(/\/$/, ""));
    const known = Object.values(OPTIONS).map(({ env }) => env as string);
    const names = [...variablesOf(text)].map(([, name]) => name ?? "");
    expect(names.filter((name) => !known.includes(name) && !name.startsWith("POSTGRES_"))).toEqual([]);
    expect(names).toHaveLength(7);
  });
  it("keeps no password, is reached from this machine alone, and gives the server time to stop", () => {
    expect(text).toContain("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?");
    expect(text).toMatch(/- "127\.0\.0\.1:[^"]+:8787"/);
    expect(text).toContain("stop_grace_period: 15s");
    expect(text).toContain("condition: service_healthy");
  });
});
