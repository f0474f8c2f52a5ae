import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { createMemoryStorage, type RunningServer, serve } from "@cairn/server";
import { afterAll, afterEach, beforeEach } from "vitest";
import { run as runCommand } from "../src/program.ts";
import { type Folder, flow, folderWith } from "./run-cli.ts";

export const KEY = "sk_0123456789abcdef";
/** Of the test that runs now. */
export let server: RunningServer;
export let folder: Folder;
export const folders: Folder[] = [];

/** Definitions that name each other: a segment a feature, a flow both. */
const files = {
  "segments/trial.json": {
    id: "trial",
    where: { all: [{ account: { plan: "trial" } }, { feature: "export", is: "untried" }] },
  },
  "features/export.json": {
    id: "export",
    name: "Export",
    level: "user",
    uses: [{ event: "exported" }],
    activated: { count: 3, within: "14d" },
  },
  "settings.json": { schemaVersion: 1, budget: { perDay: 2 } },
  "flows/first.json": flow("first", { audience: { segment: "trial" } }),
  "flows/second.json": flow("second", { name: "Second" }),
};
export const fresh = (content: { readonly [path: string]: unknown }) => {
  const made = folderWith(
    Object.fromEntries(
      Object.entries(content).map(([path, value]) => [path, `${JSON.stringify(value, null, 2)}\n`]),
    ),
  );
  folders.push(made);
  return made;
};
/** In this process: what is asked here is not how a process starts. */
export async function cairn(args: readonly string[], { input = "" }: { readonly input?: string } = {}) {
  const told = { stdout: "", stderr: "" };
  const into = (name: "stdout" | "stderr") =>
    new Writable({
      write(chunk, _, done) {
        told[name] += `${chunk}`;
        done();
      },
    });
  const code = await runCommand(args, {
    stdin: Readable.from([input]),
    stdout: into("stdout"),
    stderr: into("stderr"),
  });
  return { code, ...told };
}
export const run = (...args: string[]) => cairn([...args, "--host", server.url, "--key", KEY]);
export const bytesOf = (path: string) =>
  Object.fromEntries(
    readdirSync(path, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => [name, readFileSync(join(path, name), "utf8")]),
  );
export const write = (name: string, value: unknown) =>
  writeFileSync(join(folder.path, name), `${JSON.stringify(value, null, 2)}\n`);
export const ask = async (path: string, method = "GET", body?: unknown) => {
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
  return await fetch(`${server.url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
};

/** A server without definitions, and a folder with some, for each test of the file that calls this. */
export function eachWithServerAndFolder(): void {
  beforeEach(async () => {
    server = await serve({ port: 0, secretKey: KEY, storage: createMemoryStorage() });
    folder = fresh(files);
  });
  afterEach(async () => {
    await server.close();
  });
  afterAll(() => {
    for (const one of folders.splice(0)) one.dispose();
  });
}
