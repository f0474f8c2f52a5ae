import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openStorage } from "../open-storage.ts";
import { lockFolder } from "./lock-folder.ts";

const folders: string[] = [];
const fresh = () => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-lock-"));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe("a data folder", () => {
  it("is one server's until that one has closed it", async () => {
    const dataDir = fresh();
    const first = await openStorage({ dataDir });
    await expect(async () => lockFolder(dataDir, 0)).rejects.toThrow(
      /Another server is using .*DATABASE_URL/,
    );
    await first.dispose();
    const second = await openStorage({ dataDir });
    await second.dispose();
  });

  it("is free again when its server was killed", async () => {
    const dataDir = fresh();
    const code = `
      const { DatabaseSync } = process.getBuiltinModule?.("node:sqlite") ?? require("@photostructure/sqlite");
      const file = new DatabaseSync(${JSON.stringify(join(dataDir, "cairn.lock"))});
      file.exec("BEGIN EXCLUSIVE");
      console.log("locked");
      setInterval(() => file, 1_000);`;
    const child = spawn(process.execPath, ["-e", code], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    expect(() => lockFolder(dataDir, 0)).toThrow("Another server");
    child.kill("SIGKILL");
    await once(child, "exit");
    lockFolder(dataDir, 0)();
  });
});
