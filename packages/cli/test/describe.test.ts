import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cairn, flow, folderWith, ROOT } from "./run-cli.ts";

const NAMES = ["--features", "examples/features", "--segments", "examples/segments"];

describe("cairn describe", () => {
  it("reads every example back in English and Russian", async () => {
    const ids = readdirSync(join(ROOT, "examples/flows")).map((name) => name.replace(".json", ""));
    for (const lang of ["en", "ru"]) {
      const { code, stdout } = await cairn([
        "describe",
        "examples/flows",
        "--lang",
        lang,
        ...NAMES,
        "--json",
      ]);
      expect(code).toBe(0);
      const said = JSON.parse(stdout) as { flow: string; file: string; text: string }[];
      expect(said.map(({ flow }) => flow)).toEqual(ids.sort());
      for (const { text } of said) expect(text).toMatch(lang === "ru" ? /[а-я]{4}/ : /[a-z]{4}/);
    }
  });

  it("says one flow in a sentence", async () => {
    const { code, stdout } = await cairn(["describe", "examples/flows/first-export.json", ...NAMES]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^first-export\n {2}The tooltip .*report viewed.*3 times.*\.\n$/);
  });

  it("fails with 2 for a feature or segment that is none", async () => {
    const folder = folderWith({ "a.json": flow("a"), "features/x.json": "[", "segments/y.json": [] });
    const [feature, segment] = await Promise.all(
      ["features", "segments"].map((name) =>
        cairn(["describe", "a.json", `--${name}`, name], { cwd: folder.path }),
      ),
    );
    folder.dispose();
    expect([feature?.code, segment?.code]).toEqual([2, 2]);
    expect(feature?.stderr).toMatch(/^features\/x\.json:1:\d+ the file is not JSON/);
    expect(segment?.stderr).toMatch(/^segments\/y\.json:1:1 found a list/);
  });

  it("fails with 2 for what is no flow", async () => {
    const folder = folderWith({ "a.json": { id: "a" } });
    const [invalid, nothing, language] = await Promise.all([
      cairn(["describe", "a.json"], { cwd: folder.path }),
      cairn(["describe", "none"], { cwd: folder.path }),
      cairn(["describe", "a.json", "--lang", "de"], { cwd: folder.path }),
    ]);
    folder.dispose();
    expect([invalid.code, nothing.code, language.code]).toEqual([2, 2, 2]);
    expect(invalid.stderr).toContain("a.json:1:1");
    expect(nothing.stderr).toBe("none: there is no such file or folder\n");
    expect(language.stderr).toContain("Allowed choices are en, ru");
  });
});
