import { describe, expect, it } from "vitest";
import { useFolderAndServer } from "./apply-process.ts";
import { tooltip } from "./test-server.ts";

/** Proven to hold for nobody: lint refuses it. */
const NEVER = { all: [{ user: { plan: "pro" } }, { not: { user: { plan: "pro" } } }] };
const trial = (plan: string) => ({ id: "trial", where: { account: { plan } } });

describe("cairn apply", () => {
  const { ask, cairn, write } = useFolderAndServer();
  /** Everything that a page gets, and everything that an author sees, as bytes. */
  const whole = async () => {
    const paths = ["/v1/config", "/v1/flows", "/v1/flows?archived=true", "/v1/segments", "/v1/audit"];
    return await Promise.all(paths.map(async (path) => await (await ask(path)).text()));
  };

  it("changes nothing at all where lint refuses one flow, and does all of it once that is mended", async () => {
    expect((await cairn("apply")).code).toBe(0);
    const before = await whole();
    write("segments/trial.json", trial("pro"));
    write("settings.json", { schemaVersion: 1, budget: { perDay: 1 } });
    write("flows/b.json", tooltip("b", { audience: NEVER }));
    for (const command of ["plan", "apply"]) {
      const refused = await cairn(command);
      expect([command, refused.code]).toEqual([command, 2]);
      expect(refused.stdout).toContain("~ segments/trial: write");
      expect(refused.stderr).toMatch(/This would be refused: .*\n {2}flows\/b \/audience/);
      expect(await whole()).toEqual(before);
    }
    write("flows/b.json", tooltip("b", { name: "Mended" }));
    const mended = await cairn("apply", "--note", "mended");
    expect([mended.code, mended.stderr]).toEqual([0, ""]);
    expect(mended.stdout).toContain("live now: b version 2");
    const after = await whole();
    const again = await cairn("apply");
    expect([again.code, again.stdout]).toEqual([0, "production is what the folder says.\n"]);
    expect(await whole()).toEqual(after);
    expect((await cairn("plan")).code).toBe(0);
  });
});
