import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cairn, type Folder, flow, folderWith, line } from "./run-cli.ts";

const flows = {
  "flows/a.json": flow("a", {
    trigger: { event: "go", atLeast: 2, within: "1d" },
    audience: { all: [{ user: { plan: "pro" } }, { not: { event: "done" } }] },
  }),
};
const LOG = [
  line("08:59:00", { type: "identify", traits: { plan: "free" } }),
  line("09:00:00", {}),
  line("09:01:00", {}),
  line("10:00:00", { type: "identify", traits: { plan: "pro" } }),
  line("10:01:00", {}),
].join("");

let folder: Folder;
beforeAll(() => {
  folder = folderWith({ ...flows, "log.jsonl": LOG });
});
afterAll(() => folder.dispose());

const explain = (at: string, ...more: string[]) =>
  cairn(
    [
      "explain",
      "--flows",
      "flows",
      "--events",
      "log.jsonl",
      "--user",
      "u",
      "--flow",
      "a",
      "--at",
      at,
      ...more,
    ],
    { cwd: folder.path },
  );

describe("cairn explain", () => {
  it("says which gate held the flow, what each leaf asked for and what there was, and what was decided", async () => {
    const { code, stdout } = await explain("2026-03-02T09:30:00Z");
    expect(code).toBe(0);
    expect(stdout).toBe(`a for u at 2026-03-02T09:30:00.000Z

It could not be shown: audience.
It had been seen 0 times.

Trigger
  true    {"event":"go","atLeast":2,"within":"1d"}, there was 2

Audience
  false   all of
    false   {"user":{"plan":"pro"}}, there was {"plan":"free"}
    true    not of
      false   {"event":"done"}, there was 0

Decisions up to then
  2026-03-02T09:01:00.000Z held audience

Decisions in the day after
  2026-03-02T10:01:00.000Z shown
`);
  });

  it("knows nothing of what came later", async () => {
    const { stdout } = await explain("2026-03-02T09:00:30Z");
    expect(stdout).toContain('false   {"event":"go","atLeast":2,"within":"1d"}, there was 1');
    expect((await explain("2026-03-02T10:01:02Z")).stdout).toContain(
      "It was on screen.\nIt had been seen once.",
    );
  });

  it("answers as JSON", async () => {
    const { code, stdout } = await explain("2026-03-02T09:30:00Z", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      user: "u",
      at: "2026-03-02T09:30:00.000Z",
      explanation: { flow: "a", gate: { reason: "audience" }, trigger: { value: true, had: 2 } },
      decisions: [
        { outcome: "held", reason: "audience" },
        { outcome: "shown", at: "2026-03-02T10:01:00.000Z" },
      ],
    });
  });

  it("fails with 2 for a person, a flow or a moment that is not there", async () => {
    const [person, early, unknown, moment] = await Promise.all([
      explain("2026-03-03", "--user", "nobody"),
      explain("2026-03-02"),
      explain("2026-03-03", "--flow", "b"),
      explain("Tuesday"),
    ]);
    expect([person.code, early.code, unknown.code, moment.code]).toEqual([2, 2, 2, 2]);
    expect(person.stderr).toContain('"nobody"');
    expect(early.stderr).toContain("no line up to 2026-03-02T00:00:00.000Z");
    expect(unknown.stderr).toContain('there is no flow "b"; there are a');
    expect(moment.stderr).toContain("write ISO 8601");
  });
});
