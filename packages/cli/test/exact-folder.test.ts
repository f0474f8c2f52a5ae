import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flow } from "./run-cli.ts";
import { ask, bytesOf, eachWithServerAndFolder, folder, fresh, run, write } from "./server-and-folder.ts";

eachWithServerAndFolder();

describe("cairn pull", () => {
  it("writes no definition over another whose file is called as it is", async () => {
    await run("apply", folder.path);
    // The first one lies nowhere, and the file of its name holds the second.
    rmSync(join(folder.path, "flows/second.json"));
    write("flows/first.json", flow("second", { name: "Second" }));
    const pulled = await run("pull", folder.path);
    expect(pulled.stdout).toBe(`created ${join(folder.path, "flows/first-2.json")}\n4 files as they were\n`);
    const planned = await run("plan", folder.path, "--prune");
    expect([planned.code, planned.stdout]).toEqual([0, "production is what the folder says.\n"]);
    expect((await run("pull", folder.path)).stdout).toBe("5 files as they were\n");
  });

  it("knows a file that begins with a byte order mark, and one of two that hold the same", async () => {
    await run("apply", folder.path);
    rmSync(join(folder.path, "flows/second.json"));
    for (const name of ["mine", "twice"])
      writeFileSync(
        join(folder.path, `flows/${name}.json`),
        `\uFEFF${JSON.stringify(flow("second", { name: "Second" }))}`,
      );
    expect((await run("pull", folder.path, "--prune")).code).toBe(0);
    expect(Object.keys(bytesOf(folder.path)).filter((name) => name.startsWith("flows"))).toEqual([
      "flows/first.json",
      "flows/mine.json",
    ]);
    expect((await run("plan", folder.path)).code).toBe(0);
  });

  it("names the drafts that are not live, which apply would publish", async () => {
    await run("apply", folder.path);
    await ask("/v1/flows/second", "PUT", flow("second", { name: "Half done" }));
    await ask("/v1/flows/third", "PUT", flow("third"));
    const empty = fresh({});
    expect((await run("pull", empty.path)).stdout).toContain(
      "Drafts that are not live, and that apply would publish: flows/second, flows/third\n",
    );
    const json = JSON.parse((await run("pull", empty.path, "--json")).stdout) as { drafts: string[] };
    expect(json.drafts).toEqual(["flows/second", "flows/third"]);
    expect((await run("plan", empty.path, "--draft")).code).toBe(0);
  });
});

describe("cairn plan and apply", () => {
  it("take a folder without flows, but none without anything", async () => {
    for (const name of ["flows/first.json", "flows/second.json"]) rmSync(join(folder.path, name));
    expect((await run("apply", folder.path)).code).toBe(0);
    rmSync(join(folder.path, "flows"), { recursive: true });
    expect((await run("plan", folder.path)).stdout).toBe("production is what the folder says.\n");
    const empty = fresh({});
    expect((await run("pull", empty.path)).code).toBe(0);
    expect((await run("plan", empty.path, "--prune")).stdout).toBe("production is what the folder says.\n");
    rmSync(join(empty.path, "settings.json"));
    for (const name of ["features/export.json", "segments/trial.json"]) rmSync(join(empty.path, name));
    expect((await run("apply", empty.path, "--prune")).code).toBe(2);
  });

  it("delete the last flow where they are told to", async () => {
    await run("apply", folder.path);
    rmSync(join(folder.path, "flows"), { recursive: true });
    const planned = await run("plan", folder.path, "--prune");
    expect(planned.stdout).toBe("- flows/first: delete\n- flows/second: delete\nproduction: 2 to change.\n");
    expect((await run("apply", folder.path, "--prune")).code).toBe(0);
    expect(((await (await ask("/v1/flows")).json()) as { flows: unknown[] }).flows).toEqual([]);
  });

  it("say what of a draft in the studio they would write over", async () => {
    await run("apply", folder.path);
    await ask("/v1/flows/second", "PUT", flow("second", { name: "Half done" }));
    expect((await run("plan", folder.path)).stdout).toContain(
      '~ flows/second: write, over a draft that is not live\n    /name: "Half done" → "Second"\n',
    );
    write("flows/second.json", flow("second", { name: "New" }));
    expect((await run("plan", folder.path)).stdout).toContain(
      '~ flows/second: write and publish, in place of version 1, over a draft that is not live\n    /name: "Second" → "New"\n',
    );
  });

  it("name what is planned to go live later, in place of what the folder says", async () => {
    await run("apply", folder.path);
    await ask("/v1/flows/second", "PUT", flow("second", { name: "Later" }));
    const at = new Date(Date.now() + 86_400_000).toISOString();
    expect((await ask("/v1/flows/second/publish", "POST", { at })).status).toBe(202);
    await run("apply", folder.path);
    const planned = await run("plan", folder.path);
    expect([planned.code, planned.stdout]).toEqual([
      0,
      `Planned for ${at}, as it was when that was said: flows/second\nproduction is what the folder says.\n`,
    ]);
    const { scheduled } = JSON.parse((await run("plan", folder.path, "--json")).stdout) as {
      scheduled: object[];
    };
    expect(scheduled).toMatchObject([{ at, flows: ["second"] }]);
  });

  it("refuse a file that is no UTF-8, and one that says a field twice, and name the place", async () => {
    const text = JSON.stringify(flow("third", { name: "XX" }), null, 2);
    const at = Buffer.from(text);
    at[at.indexOf("XX")] = 0xcf;
    writeFileSync(join(folder.path, "flows/third.json"), at);
    const line = text.split("\n").findIndex((one) => one.includes("XX")) + 1;
    const bytes = await run("apply", folder.path);
    expect([bytes.code, bytes.stderr]).toEqual([
      2,
      `${join(folder.path, "flows/third.json")}:${line}:12 the file is not UTF-8; save it as UTF-8\n`,
    ]);
    writeFileSync(join(folder.path, "flows/third.json"), text.replace('"XX"', '"XX",\n  "kind": "modal"'));
    const twice = await run("apply", folder.path);
    expect([twice.code, twice.stderr]).toEqual([
      2,
      `${join(folder.path, "flows/third.json")}:${line + 1}:3 /kind: "kind" stands here twice; keep one of them\n`,
    ]);
    expect(((await (await ask("/v1/flows")).json()) as { flows: unknown[] }).flows).toEqual([]);
  });
});
