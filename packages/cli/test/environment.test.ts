import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flow } from "./run-cli.ts";
import {
  ask,
  bytesOf,
  cairn,
  eachWithServerAndFolder,
  folder,
  fresh,
  KEY,
  run,
  server,
  write,
} from "./server-and-folder.ts";

eachWithServerAndFolder();

describe("cairn plan, apply, pull", () => {
  it("make an environment what the folder says, once, and give the same bytes back", async () => {
    const planned = await run("plan", folder.path);
    expect(planned.code).toBe(1);
    expect(planned.stdout).toContain("+ flows/first: write and publish, first version");
    expect(planned.stdout).toContain("production: 5 to change.");
    const applied = await run("apply", folder.path, "--note", "from git");
    expect([applied.code, applied.stderr]).toEqual([0, ""]);
    expect(applied.stdout).toContain("live now: first version 1, second version 1");
    const again = await run("plan", folder.path);
    expect([again.code, again.stdout]).toEqual([0, "production is what the folder says.\n"]);
    await run("apply", folder.path);
    const { versions } = (await (await ask("/v1/flows/first/versions")).json()) as {
      versions: { note: string }[];
    };
    expect(versions.map(({ note }) => note)).toEqual(["from git"]);
    const empty = fresh({});
    expect((await run("pull", empty.path)).code).toBe(0);
    expect(bytesOf(empty.path)).toEqual(bytesOf(folder.path));
    expect((await run("pull", empty.path)).stdout).toBe("5 files as they were\n");
  });

  it("say what differs, place by place, and change only that", async () => {
    await run("apply", folder.path);
    write("flows/second.json", { ...flow("second", { name: "Zweiter", priority: 70 }) });
    const planned = await run("plan", folder.path);
    expect(planned.stdout).toContain(
      '~ flows/second: write and publish, in place of version 1\n    /name: "Second" → "Zweiter"\n    /priority: nothing → 70\n',
    );
    expect(planned.stdout).toContain("production: 1 to change.");
    await run("apply", folder.path, "--draft");
    expect((await run("plan", folder.path, "--draft")).code).toBe(0);
    expect((await run("plan", folder.path)).stdout).toContain(
      "~ flows/second: publish, in place of version 1",
    );
    const json = JSON.parse((await run("apply", folder.path, "--json")).stdout) as { applied: object };
    expect(json.applied).toMatchObject({
      written: [],
      published: [{ id: "second", version: 2 }],
      deleted: [],
    });
  });

  it("leave alone what is not in the folder, unless told to delete it", async () => {
    await run("apply", folder.path);
    for (const name of ["flows/first.json", "segments/trial.json", "features/export.json"])
      rmSync(join(folder.path, name));
    const planned = await run("plan", folder.path);
    expect([planned.code, planned.stdout]).toEqual([
      0,
      "Not in the folder, left alone (--prune deletes): segments/trial, features/export, flows/first\nproduction is what the folder says.\n",
    ]);
    expect((await run("apply", folder.path, "--prune")).code).toBe(0);
    expect((await run("plan", folder.path, "--prune")).stdout).toBe("production is what the folder says.\n");
    expect((await ask("/v1/segments/trial")).status).toBe(404);
    const pulled = await run("pull", folder.path, "--prune");
    expect(pulled.stdout).toBe("2 files as they were\n");
  });

  it("change nothing where anything is wrong, and name the place", async () => {
    write("flows/second.json", flow("second", { priority: 1_000 }));
    const invalid = await run("apply", folder.path);
    expect(invalid.code).toBe(2);
    expect(invalid.stderr).toMatch(/flows\/second\.json:\d+:\d+ \/priority/);
    expect(((await (await ask("/v1/flows")).json()) as { flows: unknown[] }).flows).toEqual([]);
    // Valid, and proven to hold for nobody: the server publishes nothing of it.
    const never = { all: [{ user: { plan: "pro" } }, { not: { user: { plan: "pro" } } }] };
    write("flows/second.json", flow("second", { audience: never }));
    const refused = await run("apply", folder.path);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/This would be refused: .*\n {2}flows\/second \/audience/);
    expect(((await (await ask("/v1/config")).json()) as { flows: unknown[] }).flows).toEqual([]);
  });

  it("keep the name of a file that holds a definition already", async () => {
    await run("apply", folder.path);
    rmSync(join(folder.path, "flows/second.json"));
    write("flows/my own name.json", flow("second", { name: "Old" }));
    await run("pull", folder.path);
    expect(Object.keys(bytesOf(folder.path))).toContain("flows/my own name.json");
    expect((await run("plan", folder.path)).code).toBe(0);
  });

  it("say what is missing: a key, a server, a folder", async () => {
    const bare = await cairn(["plan", folder.path, "--host", server.url]);
    expect([bare.code, bare.stderr]).toEqual([
      2,
      "A secret key is needed: set CAIRN_SECRET_KEY, or give --key.\n",
    ]);
    const wrong = await cairn(["plan", folder.path, "--host", server.url, "--key", "sk_wrong"]);
    expect([wrong.code, wrong.stderr]).toEqual([2, "The server: This key is not known here.\n"]);
    const { url } = server;
    await server.close();
    const nobody = await cairn(["plan", folder.path, "--host", url, "--key", KEY]);
    expect([nobody.code, nobody.stderr]).toEqual([2, "The server does not answer: ECONNREFUSED\n"]);
    expect((await run("plan", join(folder.path, "none"))).code).toBe(2);
  });
});

describe("cairn preview", () => {
  it("gives a link for a file, and for a flow on the server", async () => {
    const page = "https://app.example.com/reports";
    const made = await run(
      "preview",
      join(folder.path, "flows/second.json"),
      "--page",
      page,
      "--user",
      "anna",
      "--traits",
      '{"plan":"pro"}',
    );
    expect(made.stderr).toBe("");
    expect(made.stdout).toMatch(/^https:\/\/app\.example\.com\/reports#cairn-preview=[\w.-]+\nUntil 20/);
    expect((await run("preview", "none", "--page", page)).stderr).toBe(
      'The server: There is no flow "none".\n',
    );
  });
});

describe("cairn keys and people", () => {
  it("make, list and revoke keys, and let people in", async () => {
    const made = await run(
      "keys",
      "create",
      "--name",
      "CI",
      "--scope",
      "definitions:read",
      "publish",
      "--expires",
      "2099-01-01",
      "--json",
    );
    const { key, id } = JSON.parse(made.stdout) as { key: string; id: string };
    expect(key).toMatch(/^sk_/);
    const listed = await run("keys", "list");
    expect(listed.stdout).toContain(`${id}  secret  CI`);
    expect(listed.stdout).not.toContain(key);
    expect((await run("keys", "revoke", id)).stdout).toContain("opens nothing any more");
    expect((await run("keys", "list")).stdout).toContain("revoked ");
    const signed = await run("keys", "sign", "HS256");
    expect(signed.stdout).toMatch(/^kid ut_\w+\nsecret [\w-]{43}\n/);
    expect((await run("keys", "list")).stdout).toContain("HS256");
    const kid = /kid (\w+)/.exec(signed.stdout)?.[1] ?? "";
    expect((await run("keys", "unsign", kid)).code).toBe(0);
    const put = await cairn(
      [
        "people",
        "put",
        "anna@example.com",
        "--role",
        "author",
        "--password-stdin",
        "--host",
        server.url,
        "--key",
        KEY,
      ],
      { input: "correct horse battery\n" },
    );
    expect(put.stdout).toBe("anna@example.com may sign in as author.\n");
    expect((await run("people", "list")).stdout).toContain("anna@example.com");
    expect((await run("people", "remove", "anna@example.com")).code).toBe(0);
    expect((await run("keys", "create", "--scope", "everything")).code).toBe(2);
  });
});
