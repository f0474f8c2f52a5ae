import { describe, expect, it } from "vitest";
import { useFolderAndServer } from "./apply-process.ts";
import { tooltip } from "./test-server.ts";

describe("cairn apply beside archived flows", () => {
  const { ask, cairn, remove, write } = useFolderAndServer();

  it("brings back what the folder has and somebody archived, as the next version", async () => {
    await cairn("apply");
    await ask("/v1/flows/b/archive", "POST");
    const planned = await cairn("plan");
    expect([planned.code, planned.stderr]).toEqual([1, ""]);
    expect(planned.stdout).toContain("~ flows/b: restore and publish, as version 2\n");
    write("flows/b.json", tooltip("b", { name: "Again" }));
    const applied = await cairn("apply");
    expect([applied.code, applied.stderr]).toEqual([0, ""]);
    expect(applied.stdout).toContain("~ flows/b: restore, write and publish, as version 2\n");
    expect(applied.stdout).toContain("1 definition written, 1 restored, 0 deleted; live now: b version 2");
    expect((await cairn("plan")).code).toBe(0);
    await ask("/v1/flows/b/archive", "POST");
    const draft = await cairn("apply", "--draft");
    expect(draft.stdout).toContain("~ flows/b: restore\n");
    expect((await cairn("plan", "--draft")).code).toBe(0);
    expect(await (await ask("/v1/config")).text()).not.toContain('"id":"b"');
  });

  it("prunes all but what an archived flow could not be without, and says so", async () => {
    write("features/export.json", {
      id: "export",
      name: "Export",
      availableTo: { segment: "trial" },
      uses: [{ event: "exported" }],
      activated: { count: 1, within: "14d" },
    });
    write("flows/a.json", tooltip("a", { audience: { feature: "export", is: "untried" } }));
    write("segments/free.json", { id: "free", where: { user: { free: true } } });
    await cairn("apply");
    await ask("/v1/flows/a/archive", "POST");
    for (const name of ["flows/a.json", "features/export.json", "segments/trial.json", "segments/free.json"])
      remove(name);
    const pruned = await cairn("apply", "--prune");
    expect([pruned.code, pruned.stderr]).toEqual([0, ""]);
    expect(pruned.stdout).toContain("- segments/free: delete\n");
    expect(pruned.stdout).toContain(
      "kept: features/export, which the archived flows/a could not be without.",
    );
    expect(pruned.stdout).toContain("kept: segments/trial, which features/export could not be without.");
    const again = await cairn("plan", "--prune");
    expect([again.code, again.stderr]).toEqual([0, ""]);
    expect(again.stdout).toMatch(/production is what the folder says\.\n$/);
    await ask("/v1/flows/a", "DELETE");
    const last = await cairn("apply", "--prune");
    expect([last.code, last.stderr]).toEqual([0, ""]);
    expect(await (await ask("/v1/segments")).json()).toEqual({ segments: [] });
  });
});
