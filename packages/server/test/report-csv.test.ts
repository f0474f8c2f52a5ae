import { describe, expect, it } from "vitest";
import { createTestServer } from "./test-server.ts";

type Json = { readonly [name: string]: unknown };
const DAY = 86_400_000;
const FROM = Date.parse("2026-10-05T00:00:00Z");
const RANGE = "from=2026-10-05&to=2026-11-02&timezone=Europe/Berlin";

let ids = 0;
const message = (user: string, day: number, more: object) => ({
  messageId: `m${++ids}`,
  userId: user,
  timestamp: new Date(FROM + day * DAY).toISOString(),
  ...more,
});
/** Three accounts whose ids a spreadsheet would run. */
const accountOf = (user: string) => `=a${Number(user.slice(1)) % 3}`;
const track = (user: string, day: number, event: string, properties: object = {}, run = `run-${user}`) =>
  message(user, day, {
    type: "track",
    event,
    properties,
    context: {
      groupId: accountOf(user),
      app: { version: day > 9 ? "2.0" : "1.0" },
      cairn: { session: "s", seq: 1, tab: "t", sdk: "1", run },
    },
  });
const guided = (user: string, day: number, name: string, more: object = {}) =>
  track(user, day, `cairn.${name}`, { flow: "tour", ...more });

async function server() {
  const { send } = createTestServer();
  const plans = ["pro", "trial", '=2+2, "x"'];
  const users = Array.from({ length: 9 }, (_, i) => `u${i}`);
  const batch = users.flatMap((user, i) => [
    message(user, i, { type: "identify", traits: { plan: plans[i % 3] } }),
    // One pays for no seats that we know of, one for fewer than it has users.
    message(user, i < 3 ? -5 : i, {
      type: "group",
      groupId: accountOf(user),
      traits: i % 3 ? { seats: i % 3 } : {},
    }),
    ...Array.from({ length: i }, (_, n) => track(user, i + n, "report.exported")),
    guided(user, i, "flow.held", { reason: i % 2 ? "budget" : "guard", count: i + 1 }),
    guided(user, i + 1, "flow.decided", { outcome: i === 8 ? "withheld" : "shown" }),
    guided(user, i + 2, "step.shown", { step: "one" }),
    ...(i > 3 ? [guided(user, i + 3, "step.shown", { step: "two" })] : []),
    ...(i > 5 ? [guided(user, i + 4, "target.fallback", { step: "two", rank: i - 4 })] : []),
    ...(i > 6 ? [guided(user, i + 4, "target.missing", { step: "one" })] : []),
    ...(i > 2 ? [guided(user, i + 5, "goal.reached")] : []),
    ...(i > 4 ? [guided(user, i + 6, i > 6 ? "flow.completed" : "flow.dismissed")] : []),
  ]);
  const put = async (path: string, body: object) =>
    expect([201, 200]).toContain((await send("PUT", path, body)).status);
  await put("/v1/segments/pros", { id: "pros", where: { user: { plan: "pro" } } });
  await put("/v1/features/export", {
    id: "export",
    name: "Export",
    uses: [{ event: "report.exported" }],
    activated: { count: 2, within: "3d" },
    lapsed: { after: "5d" },
  });
  await put("/v1/flows/tour", {
    schemaVersion: 1,
    id: "tour",
    kind: "tour",
    goal: { reach: { feature: "export", is: "activated" }, within: "20d" },
    steps: ["one", "two"].map((id) => ({
      id,
      title: `Step ${id}`,
      target: { anchor: id, fallback: ["#a", "#b", "#c", "#d"] },
      actions: [{ id: "ok", label: "OK", do: id === "two" ? "done" : "next" }],
    })),
  });
  expect((await send("POST", "/v1/batch", { batch })).status).toBe(200);
  return async (path: string) => {
    const json = (await (await send("GET", `/v1/reports/${path}&${RANGE}`)).json()) as Json;
    const csv = await (await send("GET", `/v1/reports/${path}&${RANGE}&format=csv`)).text();
    return { json, rows: parse(csv) };
  };
}

/** RFC 4180, by its letters. */
function parse(text: string): readonly Map<string, string>[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    (rows.at(-1) as string[]).push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") rows.push([]);
  }
  const [header = [], ...cells] = rows.slice(0, -1);
  for (const row of cells) expect(row).toHaveLength(header.length);
  return cells.map((row) => new Map(header.map((name, i) => [name, row[i] ?? ""])));
}

/** Every leaf under its path; lists under what tells their members apart. */
function leavesOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value))
    return value.flatMap(({ days, rank, runs, ...rest }: Json) =>
      rank === undefined ? leavesOf(rest, `${path}.${days}`) : [[`${path}.${rank}`, runs] as const],
    );
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([name, inner]) =>
      // The share within some days stands in the columns of these days.
      leavesOf(
        inner,
        path === "" ? name : path.includes(".within.") && name === "rate" ? path : `${path}.${name}`,
      ),
    );
  return [[path, value]];
}

const text = (value: unknown) =>
  value === null || value === undefined
    ? ""
    : typeof value === "string" && value.startsWith("=")
      ? `'${value}`
      : String(value);

/** Looks for each leaf in the one row that has these cells; gives back how many were found. */
function find(rows: readonly Map<string, string>[], cells: Json, leaves: Json, names: Json = {}): number {
  const own = rows.filter((row) =>
    Object.entries(cells).every(([name, value]) => row.get(name) === text(value)),
  );
  expect([cells, own.length]).toEqual([cells, 1]);
  const found = leavesOf(leaves, "").filter(([, value]) => value !== null);
  for (const [path, value] of found)
    expect([cells, path, own[0]?.get((names[path] as string) ?? path)]).toEqual([cells, path, text(value)]);
  return found.length;
}

describe("a report as CSV", () => {
  it("holds every number of the activation, its weeks and groups", async () => {
    const ask = await server();
    const { json, rows } = await ask("activation?by=user.plan");
    let [found, expected] = [0, 0];
    for (const { id, weeks, groups, ...total } of json.features as (Json &
      Record<"weeks" | "groups", Json[]>)[]) {
      const feature = { feature: id };
      expected += 1 + weeks.length + groups.length;
      found += find(rows, { ...feature, row: "all" }, total);
      for (const { tried, activated, lapsed, retained, ...week } of weeks)
        found += find(
          rows,
          { ...feature, row: "week", week: week.week },
          { ...week, states: { tried, activated, lapsed }, retainedUnits: retained },
        );
      for (const { value, ...group } of groups)
        found += find(rows, { ...feature, row: "group", value }, group);
    }
    expect(rows).toHaveLength(expected);
    expect(expected).toBe(1 + 4 + 3);
    expect(found).toBeGreaterThan(150);
  });

  it("holds every number of the adoption, its weeks and accounts", async () => {
    const ask = await server();
    const { json, rows } = await ask("adoption?feature=export");
    const report = json as Json & Record<"weeks" | "perAccount", Json[]>;
    const { accounts, immature, breadth, depth, frequency } = report;
    let found = find(rows, { row: "all" }, { accounts, immature, breadth, depth, frequency });
    for (const week of report.weeks) found += find(rows, { row: "week", week: week.week }, week);
    for (const { id, ...account } of report.perAccount)
      found += find(rows, { row: "account", account: id }, account);
    expect(rows).toHaveLength(1 + 4 + 3);
    expect(found).toBeGreaterThan(150);
  });

  it("holds every number of the funnel, its reasons and weeks", async () => {
    const ask = await server();
    const { json, rows } = await ask("funnel?flow=tour");
    const { eligible, exposed, immature, window, trend } = json;
    const report = json as unknown as {
      steps: Json[];
      goal: Json;
      weeks: (Json & { decided: Decided; triggered: number })[];
      decided: Decided;
      triggered: number;
    };
    type Decided = { shown: number; withheld: number; held: Json; holds: Json };
    let found = 0;
    const all = { flow: "tour", kind: "tour", window, trend };
    for (const [row, users] of Object.entries({ eligible, exposed, immature }))
      found += find(rows, { row, week: null }, { ...all, users });
    const decisions = ({ triggered, decided }: { triggered: number; decided: Decided }, cells: Json) => {
      const { shown, withheld, held, holds } = decided;
      for (const [row, users] of Object.entries({ triggered, shown, withheld }))
        found += find(rows, { row, ...cells }, { users });
      for (const [id, users] of Object.entries(held))
        found += find(rows, { row: "held", id, ...cells }, { users, times: holds[id] });
      expect(Object.keys(holds)).toEqual(Object.keys(held));
    };
    decisions(report, { week: null });
    for (const week of report.weeks) decisions(week, { week: week.week, complete: week.complete });
    for (const { id, ...step } of report.steps) found += find(rows, { row: "step", id }, { ...all, ...step });
    for (const row of ["completed", "dismissed"])
      found += find(rows, { row }, { ...all, users: json[row], share: json[`${row}Share`] });
    const { within, ...goal } = report.goal;
    expect(within).toBe(window);
    found += find(rows, { row: "goal" }, { ...all, ...goal });
    expect(report.weeks.filter(({ triggered }) => triggered > 0).length).toBeGreaterThan(1);
    expect(immature).toBeGreaterThan(0);
    expect(found).toBeGreaterThan(70);
  });

  it("holds every number of the targets, by release and by fallback", async () => {
    const ask = await server();
    const { json, rows } = await ask("targets?flow=tour");
    let [found, expected] = [0, 0];
    for (const { releases, ...step } of json.steps as (Json & { releases: Json[] })[]) {
      const cells = { flow: step.flow, step: step.step };
      expected += 1 + releases.length;
      found += find(rows, { ...cells, row: "all" }, step);
      for (const release of releases)
        found += find(rows, { ...cells, row: "release", release: release.release }, release);
    }
    expect(rows).toHaveLength(expected);
    expect(found).toBeGreaterThan(50);
  });

  it("holds every decision of the list", async () => {
    const ask = await server();
    const { json, rows } = await ask("decisions?limit=1000");
    const decisions = json.decisions as Json[];
    expect(decisions.length).toBeGreaterThan(15);
    expect(rows.map((row) => Object.fromEntries(row))).toEqual(
      decisions.map((one) => ({ detail: "", count: "", page: "", reason: "", ...strings(one) })),
    );
  });
});

const strings = (one: Json) =>
  Object.fromEntries(Object.entries(one).map(([name, value]) => [name, text(value)]));
