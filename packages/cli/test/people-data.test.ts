import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { createMemoryStorage, openSqliteStorage, type RunningServer, serve } from "@cairn/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../src/program.ts";
import { type Folder, folderWith } from "./run-cli.ts";

const KEY = "sk_0123456789abcdef";
let folder: Folder;
beforeEach(() => {
  folder = folderWith({ "kept.txt": "as it was" });
});
afterEach(() => folder.dispose());
const inFolder = (name: string) => join(folder.path, name);

/** In this process: what is asked here is not how a process starts. */
async function cairn(...args: string[]) {
  const told = { stdout: "", stderr: "" };
  const into = (name: "stdout" | "stderr") =>
    new Writable({
      write(chunk, _, done) {
        told[name] += `${chunk}`;
        done();
      },
    });
  const code = await run(args, { stdin: Readable.from([]), stdout: into("stdout"), stderr: into("stderr") });
  return { code, ...told };
}

describe("cairn users", () => {
  let server: RunningServer;
  const remote = (...args: string[]) => cairn("users", ...args, "--host", server.url, "--key", KEY);
  beforeEach(async () => {
    server = await serve({ port: 0, secretKey: KEY, storage: createMemoryStorage() });
    const batch = ["anna", "anna", "boris"].map((userId, n) => ({
      type: "track",
      event: "went",
      userId,
      messageId: `m${n}`,
    }));
    const answer = await fetch(`${server.url}/v1/batch`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ batch }),
    });
    expect(answer.status).toBe(200);
  });
  afterEach(() => server.close());

  it("exports a person to standard output, or into a new file that only its owner reads", async () => {
    const { code, stdout } = await remote("export", "anna");
    expect(code).toBe(0);
    const records = stdout.trim().split("\n");
    expect(records.map((line) => (JSON.parse(line) as { record: string }).record)).toEqual([
      "person",
      "event",
      "event",
      "traits",
      "end",
    ]);
    const out = inFolder("anna.jsonl");
    expect(await remote("export", "anna", "--out", out)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("2 messages"),
    });
    expect(readFileSync(out, "utf8").split("\n").slice(1)).toEqual([...records.slice(1), ""]);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(await remote("export", "anna", "--out", inFolder("kept.txt"))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("There is a file already"),
    });
    expect(readFileSync(inFolder("kept.txt"), "utf8")).toBe("as it was");
  });

  it("erases only who says --yes, and says what is gone", async () => {
    expect(await remote("erase", "anna")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--yes"),
    });
    expect(await remote("erase", "anna", "--yes", "--json")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"events": 2'),
    });
    for (const command of [
      ["export", "anna"],
      ["erase", "anna", "--yes"],
    ])
      expect(await remote(...command)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("Nothing is stored of anybody with this id"),
      });
    expect((await remote("export", "boris")).code).toBe(0);
  });

  it("does not take an export that was cut for a whole one", async () => {
    const cutting = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.end('{"record":"person"}\n');
    });
    await new Promise<void>((resolve) => cutting.listen(0, "127.0.0.1", resolve));
    const { port } = cutting.address() as AddressInfo;
    const out = inFolder("cut.jsonl");
    const asked = ["users", "export", "anna", "--host", `http://127.0.0.1:${port}`, "--key", KEY];
    expect(await cairn(...asked, "--out", out)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("not complete"),
    });
    expect([existsSync(out), existsSync(`${out}.partial`)]).toEqual([false, false]);
    cutting.close();
  });
});

describe("cairn backup and restore", () => {
  it("copy a store that is in use into a new file, and make a new store of it", async () => {
    const data = inFolder("data");
    writeFileSync(inFolder("cairn.json"), JSON.stringify({ dataDir: data }));
    const file = inFolder("cairn.backup");
    expect(await cairn("backup", file, "--data-dir", data)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("There is no database"),
    });
    folder.dispose();
    folder = folderWith({ "cairn.json": { dataDir: "data" }, "data/empty": "" });
    const source = inFolder("data");
    const storage = await openSqliteStorage(join(source, "cairn.db"));
    await storage.addKey({ hash: "h", kind: "secret", environment: "one", createdAt: 1 });
    const copy = inFolder("cairn.backup");
    expect(await cairn("backup", copy, "--data-dir", source)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("treat it like the database"),
    });
    expect(await cairn("backup", copy, "--data-dir", source)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("There is a file already"),
    });
    expect(await cairn("restore", copy, "--data-dir", source)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("A server is using"),
    });
    await storage.dispose();
    const target = inFolder("restored");
    expect(await cairn("restore", copy, `--data-dir=${target}`)).toMatchObject({ code: 0, stderr: "" });
    const restored = await openSqliteStorage(join(target, "cairn.db"));
    expect(await restored.keys()).toHaveLength(1);
    await restored.dispose();
  });

  it("say what is wrong with how they were asked", async () => {
    expect((await cairn("backup", "--help")).stdout).toContain("--data-dir");
    expect((await cairn("backup")).stderr).toContain("Which file?");
    expect((await cairn("restore", "a", "b")).stderr).toContain('"b" is one argument too many');
    expect((await cairn("backup", "a", "--data-dri", "b")).stderr).toContain("Did you mean --data-dir?");
    expect((await cairn("restore", inFolder("none"), "--data-dir", inFolder("x"))).stderr).toContain(
      "There is no database",
    );
    expect((await cairn("restore", inFolder("kept.txt"), "--data-dir", inFolder("x"))).stderr).toContain(
      "not a database of Cairn",
    );
  });
});
