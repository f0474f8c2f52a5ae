import { afterAll, describe, expect, it } from "vitest";
import { cairn, type Folder, flow, folderWith } from "./run-cli.ts";

const folders: Folder[] = [];
const folder = (files: { readonly [path: string]: unknown }): string => {
  const made = folderWith(files);
  folders.push(made);
  return made.path;
};
afterAll(() => {
  for (const one of folders) one.dispose();
});

const settings = { schemaVersion: 1, categories: ["tip"] };
/** A flow that nothing can be said about. */
const good = flow("good", { owner: "onboarding", reviewBy: "2099-01-01" });
/** Nobody has two plans. */
const never = flow("never", {
  owner: "onboarding",
  reviewBy: "2099-01-01",
  audience: { all: [{ user: { plan: "pro" } }, { user: { plan: "free" } }] },
});

interface Report {
  readonly findings: readonly { readonly [field: string]: unknown }[];
  readonly summary: object;
}
const reportOf = (stdout: string) => JSON.parse(stdout) as Report;

describe("cairn lint", () => {
  it("ends with 0 where nothing is found", async () => {
    const path = folder({ "flows/good.json": good, "settings.json": settings });
    const found = await cairn(["lint"], { cwd: path });
    expect(found).toEqual({ code: 0, stdout: "2 files, nothing found\n", stderr: "" });
  });

  it("ends with 1 for a rule that can never be true, and says where it stands", async () => {
    const path = folder({ "flows/good.json": good, "flows/never.json": never });
    const [text, json] = await Promise.all([
      cairn(["lint", "."], { cwd: path }),
      cairn(["lint", "--flows", "flows", "--json"], { cwd: path }),
    ]);
    expect([text.code, json.code]).toEqual([1, 1]);
    const { findings } = reportOf(json.stdout);
    const error = findings.find(({ severity }) => severity === "error");
    expect(error).toMatchObject({ file: "flows/never.json", path: expect.stringContaining("/audience") });
    expect(text.stdout).toContain(`flows/never.json:${error?.line}:${error?.column} error ${error?.code}\n`);
    expect(text.stdout).toMatch(/\n2 files, 1 error/);
  });

  it("ends with 1 for what is invalid, naming each file and line", async () => {
    const path = folder({
      "flows/a.json": flow("a", { kind: "popup" }),
      "flows/b.json": "{",
      "features/f.json": { id: "f" },
    });
    const { code, stdout } = await cairn(["lint", "--json"], { cwd: path });
    expect(code).toBe(1);
    const { findings, summary } = reportOf(stdout);
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: "flows/a.json", code: "not-allowed-value", line: 4 }),
        expect.objectContaining({ file: "flows/b.json", code: "not-json", line: 1 }),
        expect.objectContaining({ file: "features/f.json", code: "missing-field" }),
      ]),
    );
    expect(summary).toEqual({ errors: findings.length, warnings: 0, infos: 0 });
  });

  it("names a file that goes deeper than can be read, and reads the others", async () => {
    const path = folder({
      "flows/deep.json": `{"id":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      "flows/never.json": { ...never, priority: 101 },
    });
    const { code, stdout, stderr } = await cairn(["lint", path]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("flows/deep.json:1:1 error too-deep");
    expect(stdout).toContain("flows/never.json");
  });

  it("names both files that have one id", async () => {
    const path = folder({ "flows/a.json": good, "flows/b.json": good });
    const { code, stdout } = await cairn(["lint", path]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/b\.json:\d+:\d+ error duplicate-id\n.* is taken already, by .*flows\/a\.json\n/);
  });

  it("writes SARIF 2.1.0 with rules, levels and regions", async () => {
    const path = folder({ "flows/never.json": never, "flows/good.json": good });
    const { code, stdout } = await cairn(["lint", "--sarif"], { cwd: path });
    expect(code).toBe(1);
    const sarif = JSON.parse(stdout);
    expect(sarif.version).toBe("2.1.0");
    const [run] = sarif.runs;
    expect(run.tool.driver.name).toBe("cairn lint");
    expect(run.results.length).toBeGreaterThan(0);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(["error", "warning", "note"]).toContain(result.level);
      const [{ physicalLocation }] = result.locations;
      expect(physicalLocation.artifactLocation.uri).toBe("flows/never.json");
      expect(physicalLocation.region.startLine).toBeGreaterThan(0);
    }
  });

  it("holds names against a catalog, and dates against a day", async () => {
    const path = folder({
      "flows/a.json": flow("a", { trigger: { event: "report.veiwed" }, owner: "x", reviewBy: "2026-01-01" }),
      "catalog.json": { events: [{ name: "report.viewed", count: 9 }], anchors: [{ name: "button" }] },
    });
    const { stdout } = await cairn(["lint", "--catalog", "catalog.json", "--today", "2026-02-01", "--json"], {
      cwd: path,
    });
    const messages = reportOf(stdout).findings.map(({ message, fix }) => `${message} ${fix}`);
    expect(messages.join("\n")).toContain("report.viewed");
    expect(messages.join("\n")).toContain("2026-01-01");
  });

  it.each([
    [[], ""],
    [{ events: "x" }, ': "events" is no list of {"name": …}'],
    [{ anchors: [{ name: 3 }] }, ': "anchors" is no list of {"name": …}'],
    [{ attributes: [] }, ': "attributes" is no object'],
    [{ attributes: { user: [{}] } }, ': "attributes.user" is no list of {"path": …}'],
    [{ audience: { flows: { a: { users: "x" } } } }, ': "audience" has users that are no number'],
  ])("fails with 2 for a catalog such as %j", async (catalog, why) => {
    const path = folder({ "flows/good.json": good, "catalog.json": catalog });
    const { code, stderr } = await cairn(["lint", "--catalog", "catalog.json"], { cwd: path });
    expect([code, stderr]).toEqual([
      2,
      `catalog.json: this is not a catalog${why}; save what GET /v1/catalog answers\n`,
    ]);
  });

  it("holds holdouts against how many there are", async () => {
    const path = folder({ "flows/a.json": flow("a", { holdout: { share: "5%", by: "account" } }) });
    const lint = (...more: string[]) => cairn(["lint", path, ...more]);
    const [few, many, unknown, wrong] = await Promise.all([
      lint("--users", "9000", "--accounts", "200"),
      lint("--accounts", "20000"),
      lint(),
      lint("--accounts", "many"),
    ]);
    expect(few.stdout).toContain(
      "warning holdout-too-small\n  /holdout/share: 5% of 200 accounts is 10 held out: only a",
    );
    for (const { stdout } of [many, unknown]) expect(stdout).not.toContain("holdout-too-small");
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      '--accounts: "many" is not a number; write one such as 4000\n',
    ]);
  });

  it("finds no errors in the examples", async () => {
    const { code, stdout } = await cairn(["lint", "examples", "--today", "2026-11-01", "--json"]);
    expect(code).toBeLessThan(2);
    expect(reportOf(stdout).findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("fails with 2 where it cannot look", async () => {
    const path = folder({ "flows/good.json": good, "bad.json": "[" });
    const [nothing, day, catalog, both] = await Promise.all([
      cairn(["lint", "none"], { cwd: path }),
      cairn(["lint", "--today", "soon"], { cwd: path }),
      cairn(["lint", "--catalog", "bad.json"], { cwd: path }),
      cairn(["lint", "--json", "--sarif"], { cwd: path }),
    ]);
    expect([nothing.code, day.code, catalog.code, both.code]).toEqual([2, 2, 2, 2]);
    expect(nothing.stderr).toBe("none/flows: there is no such file or folder\n");
    expect(day.stderr).toContain('"soon" is not a date');
    expect(catalog.stderr).toContain("bad.json:1:2");
  });
});
