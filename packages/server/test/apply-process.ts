import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach } from "vitest";
import { type RunningServer, serve } from "../src/node.ts";
import { storeOfRun } from "./store-of-run.ts";
import { tooltip } from "./test-server.ts";

const KEY = "sk_0123456789abcdef";
const BIN = fileURLToPath(new URL("../../cli/bin/cairn.mjs", import.meta.url));

/** Before each test a server on the store of this run, and a folder of definitions to apply to it. */
export function useFolderAndServer() {
  let server: RunningServer;
  let folder: string;
  const write = (name: string, value: unknown): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), JSON.stringify(value, null, 2));
  };
  beforeEach(async () => {
    server = await serve({ port: 0, secretKey: KEY, storage: storeOfRun(), logLevel: "silent" });
    folder = mkdtempSync(join(tmpdir(), "cairn-apply-"));
    write("segments/trial.json", { id: "trial", where: { account: { plan: "trial" } } });
    write("flows/a.json", tooltip("a", { audience: { segment: "trial" } }));
    write("flows/b.json", tooltip("b"));
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  return {
    write,
    remove: (name: string) => rmSync(join(folder, name)),
    /** The command on that folder, in a process of its own. */
    async cairn(command: string, ...options: string[]) {
      const child = spawn(process.execPath, [BIN, command, folder, ...options], {
        env: { ...process.env, CAIRN_HOST: server.url, CAIRN_SECRET_KEY: KEY },
      });
      const told = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const)
        child[name].setEncoding("utf8").on("data", (text: string) => {
          told[name] += text;
        });
      const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
      return { code, ...told };
    },
    ask: async (path: string, method = "GET") =>
      await fetch(server.url + path, { method, headers: { authorization: `Bearer ${KEY}` } }),
  };
}
