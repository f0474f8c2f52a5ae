import { afterAll, describe, expect, it } from "vitest";
import { cairn, type Folder, flow, folderWith, line } from "./run-cli.ts";

const folders: Folder[] = [];
const folder = (files: { readonly [path: string]: unknown }): string => {
  const made = folderWith(files);
  folders.push(made);
  return made.path;
};
afterAll(() => {
  for (const one of folders) one.dispose();
});

const LOG = [
  line("09:00:00", { messageId: "1" }),
  line("09:00:01", { messageId: "1" }),
  line("09:00:02", { messageId: "2", userId: "v" }),
  line("09:00:01", { messageId: "3", userId: "v" }),
  line("09:10:00", { messageId: "4", type: "page", properties: { url: "/home" } }),
  line("09:20:00", { messageId: "5" }),
].join("");

const EXAMPLES = [
  ...["--flows", "examples/flows", "--features", "examples/features", "--segments", "examples/segments"],
  ...["--settings", "examples/settings.json"],
];

describe("cairn simulate", () => {
  const simulate = (path: string, ...more: string[]) =>
    cairn(["simulate", "--flows", "flows", "--events", "log.jsonl", ...more], { cwd: path });

  it("gives decisions and summary as JSON, and the time it took on standard error", async () => {
    const path = folder({ "flows/a.json": flow("a"), "log.jsonl": LOG });
    const { code, stdout, stderr } = await simulate(path, "--json");
    expect(code).toBe(0);
    expect(stderr).toMatch(/^6 events replayed in \d+\.\d s\n$/);
    expect(JSON.parse(stdout)).toEqual({
      decisions: [
        { at: "2026-03-02T09:00:00.000Z", user: "u", flow: "a", outcome: "shown" },
        { at: "2026-03-02T09:00:02.000Z", user: "v", flow: "a", outcome: "shown" },
        {
          at: "2026-03-02T09:00:02.000Z",
          user: "v",
          flow: "a",
          outcome: "held",
          reason: "active",
        },
        {
          at: "2026-03-02T09:20:00.000Z",
          user: "u",
          flow: "a",
          outcome: "held",
          reason: "frequency",
          detail: "atMost",
        },
      ],
      summary: {
        flows: { a: { users: 2, shown: 2, withheld: 0, heldByReason: { frequency: 1, active: 1 } } },
        interruptionsPerUserWeek: { p50: 1, p95: 1, max: 1 },
        events: 6,
        users: 2,
        outOfOrder: 1,
        from: "2026-03-02T09:00:00.000Z",
        to: "2026-03-02T09:20:00.000Z",
      },
    });
  });

  it("writes the same bytes for the same input, from a file and from standard input", async () => {
    const path = folder({ "flows/a.json": flow("a"), "flows/b.json": flow("b"), "log.jsonl": LOG });
    const args = ["--json", "--respond", "random:7"];
    const [one, two, piped] = await Promise.all([
      simulate(path, ...args),
      simulate(path, ...args),
      cairn(["simulate", "--flows", "flows", "--events", "-", ...args], { cwd: path, input: LOG }),
    ]);
    expect(one.code).toBe(0);
    expect(two.stdout).toBe(one.stdout);
    expect(piped.stdout).toBe(one.stdout);
  });

  it("tells people who got what, how often, and what changes", async () => {
    const path = folder({
      "flows/a.json": flow("a"),
      "old/a.json": flow("a", { audience: { user: { plan: "pro" } } }),
      "log.jsonl": LOG,
    });
    const { code, stdout } = await simulate(path, "--against", "old");
    expect(code).toBe(0);
    expect(stdout).toBe(`6 events of 2 people, 2026-03-02 to 2026-03-02
1 line came twice and counted once
1 line older than what had happened to the person already: played late

Flow  People  Shown  Withheld  Held, by reason
a          2      2         0  frequency 1, active 1

Interruptions per person and week
  half of the weeks have at most 1, 95 % at most 1, the busiest has 1

Shown to, among others
  a: u, v

What changes
  2 people gain a: u, v
  nobody loses a hint
  interruptions: 0 before, 2 after (+2)
`);
  });

  it("names those who are overloaded, the worst week first", async () => {
    const path = folder({
      "flows/a.json": flow("a", { frequency: { atMost: null, until: "none" } }),
      "settings.json": { schemaVersion: 1, budget: null },
      "log.jsonl": ["v 02", "u 02", "w 02", "u 04", "u 06", "w 10", "w 12"]
        .map((one) => line("", { userId: one.slice(0, 1), timestamp: `2026-03-${one.slice(2)}T09:00:00Z` }))
        .join(""),
    });
    const { stdout } = await simulate(path, "--settings", "settings.json");
    expect(stdout).toContain(`  half of the weeks have at most 1, 95 % at most 3, the busiest has 3
  most in one week: u 3, w 2
`);
  });

  it("says of one person that they lose a hint as of many", async () => {
    const path = folder({
      "flows/a.json": flow("a", { audience: { user: { plan: "pro" } } }),
      "old/a.json": flow("a"),
      "log.jsonl": line("09:00:00", {}),
    });
    const { stdout } = await simulate(path, "--against", "old");
    expect(stdout).toContain("  nobody gains a hint\n  1 person loses a: u\n");
  });

  it("says in JSON who gains and who loses", async () => {
    const path = folder({
      "flows/a.json": flow("a"),
      "old/b.json": flow("b", { trigger: { page: "/home" } }),
      "log.jsonl": LOG,
    });
    const { stdout } = await simulate(path, "--against", "old", "--json");
    expect(JSON.parse(stdout).changes).toEqual({
      gain: [
        { user: "u", flow: "a" },
        { user: "v", flow: "a" },
      ],
      lose: [{ user: "u", flow: "b" }],
      interruptions: { before: 1, after: 2 },
    });
  });

  it("takes how people respond, and whether targets are there", async () => {
    const path = folder({ "flows/a.json": flow("a"), "log.jsonl": LOG });
    const { stdout } = await simulate(path, "--json", "--targets", "absent", "--respond", "dismiss");
    const { decisions } = JSON.parse(stdout) as { decisions: { outcome: string; reason: string }[] };
    expect(new Set(decisions.map(({ reason }) => reason))).toEqual(new Set(["target-missing"]));
  });

  it("passes over a schema that lies beside the flows", async () => {
    const path = folder({ "flows/a.json": flow("a"), "flows/flow.schema.json": {}, "log.jsonl": LOG });
    expect((await simulate(path)).code).toBe(0);
  });

  it("replays the examples", async () => {
    const log = [
      line("09:00:00", { type: "identify", userId: "anna", traits: { role: "owner" } }),
      line("09:00:01", { type: "group", userId: "anna", groupId: "acme", traits: { plan: "trial" } }),
      ...["09:01:00", "09:02:00", "09:03:00"].map((at) =>
        line(at, { userId: "anna", event: "report.viewed" }),
      ),
    ].join("");
    const { code, stdout } = await cairn(["simulate", ...EXAMPLES, "--events", "-", "--json"], {
      input: log,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).decisions).toEqual([
      { at: "2026-03-02T09:03:00.000Z", user: "anna", flow: "first-export", outcome: "shown" },
    ]);
  });

  it("takes an empty log, blank lines, Windows line ends and a byte order mark", async () => {
    const path = folder({ "flows/a.json": flow("a"), "log.jsonl": "" });
    expect((await simulate(path, "--json")).code).toBe(0);
    const input = `\uFEFF${line("09:00:00", {}).replace("\n", "\r\n")}\r\n\n${line("09:00:01", { userId: "ю" }).trim()}`;
    const { stdout } = await cairn(["simulate", "--flows", "flows", "--events", "-", "--json"], {
      cwd: path,
      input,
    });
    expect(JSON.parse(stdout).summary).toMatchObject({ events: 2, users: 2 });
    expect(JSON.parse(stdout).decisions[1].user).toBe("ю");
  });
});

describe("cairn simulate fails with exit code 2", () => {
  const fails = async (files: { readonly [path: string]: unknown }, ...more: string[]) => {
    const path = folder({ "flows/a.json": flow("a"), "log.jsonl": LOG, ...files });
    const { code, stdout, stderr } = await cairn(
      ["simulate", "--flows", "flows", "--events", "log.jsonl", ...more],
      { cwd: path },
    );
    expect(code).toBe(2);
    expect(stdout).toBe("");
    return stderr;
  };

  it("for a line that is not JSON, naming file and line", async () => {
    const log = `${line("09:00:00", {})}{"type":\n`;
    expect(await fails({ "log.jsonl": log })).toMatch(/^log\.jsonl:2 the line is not JSON: .*\n$/);
  });

  it("for a line that is no message, naming file, line, what was found and what to write", async () => {
    expect(await fails({ "log.jsonl": `\n${line("09:00:00", { type: "trak" })}` })).toBe(
      'log.jsonl:2 /type: "trak" is not a type of message; did you mean "track"?\n',
    );
    const when = line("09:00:00", { timestamp: "yesterday" });
    expect(await fails({ "log.jsonl": when })).toContain('log.jsonl:1 /timestamp: "yesterday"');
    const signal = line("09:00:00", { type: "signal", name: "shout" });
    expect(await fails({ "log.jsonl": signal })).toContain('log.jsonl:1 /name: "name" is "shout"');
    const ui = line("09:00:00", { type: "ui", action: "click" });
    expect(await fails({ "log.jsonl": ui })).toContain('log.jsonl:1 /target: the line has no "target"');
  });

  it("for an invalid flow, naming file and line", async () => {
    const text = `{\n  "schemaVersion": 1,\n  "id": "b",\n  "kind": "tooltip",\n  "frequency": { "gap": "7 days" },\n  "steps": []\n}\n`;
    const said = await fails({ "flows/b.json": text });
    expect(said).toMatch(/^flows\/b\.json:5:\d+ \/frequency\/gap: .*7 days/m);
  });

  it("for a flow that is not JSON", async () => {
    expect(await fails({ "flows/b.json": '{\n  "id": "b"\n  "kind": 1 }' })).toContain(
      "flows/b.json:3:3 the file is not JSON: comma expected",
    );
  });

  it("for two flows with one id", async () => {
    expect(await fails({ "flows/b.json": flow("a") })).toMatch(/^flows\/b\.json:3:\d+ \/id: .*"a"/m);
  });

  it("for definitions that are not there, saying which option is missing", async () => {
    const said = await fails({ "flows/b.json": flow("b", { audience: { segment: "vips" } }) });
    expect(said).toContain('there is no segment "vips"');
    expect(said).toContain("No --features and no --segments was given");
  });

  it("for invalid flows to compare with", async () => {
    expect(await fails({ "old/a.json": flow("a", { kind: "popup" }) }, "--against", "old")).toMatch(
      /^old\/a\.json:4:\d+ \/kind/,
    );
  });

  it("for files, folders and options that are not there", async () => {
    expect(await fails({}, "--settings", "none.json")).toBe("none.json: there is no such file or folder\n");
    expect(await fails({}, "--events", "none.jsonl")).toBe("none.jsonl: there is no such file or folder\n");
    expect(await fails({}, "--features", "none")).toBe("none: there is no such file or folder\n");
    expect(await fails({}, "--respond", "laugh")).toContain("write ignore, dismiss, complete or random:SEED");
    expect(await fails({}, "--targets", "perhaps")).toContain("Allowed choices are present, absent");
    expect(await fails({}, "--fast")).toContain("unknown option '--fast'");
  });
});

describe("cairn", () => {
  it("helps, and refuses what it does not know", async () => {
    const [help, nothing, unknown, missing] = await Promise.all([
      cairn(["--help"]),
      cairn([]),
      cairn(["simulat"]),
      cairn(["simulate"]),
    ]);
    expect(help.code).toBe(0);
    for (const name of ["lint", "describe", "simulate", "explain"]) expect(help.stdout).toContain(name);
    expect(nothing.code).toBe(2);
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toContain("Did you mean simulate?");
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain("--flows");
  });
});
