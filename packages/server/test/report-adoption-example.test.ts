import { describe, expect, it } from "vitest";
import type { AdoptionReport } from "../src/reports/adoption-schema.ts";
import { createTestServer } from "./test-server.ts";

describe("the example of docs/metrics.md", () => {
  it("Acme has breadth, depth and frequency, Bolt does not say its seats, Core is too young", async () => {
    const { send } = createTestServer();
    const put = async (path: string, body: object) =>
      expect((await send("PUT", path, body)).status).toBe(201);
    const feature = (id: string, more: object) =>
      put(`/v1/features/${id}`, {
        id,
        name: id,
        uses: [{ event: id }],
        activated: { count: 1, within: "1d" },
        ...more,
      });
    await feature("export", { lapsed: { after: "30d" } });
    await feature("invite", { availableTo: { user: { role: "admin" } } });
    await feature("close", { expectedEvery: "30d" });
    await feature("theme", { key: false });
    await put("/v1/segments/paying", { id: "paying", where: { account: { seats: { $gte: 2 } } } });
    let ids = 0;
    const said = (userId: string, groupId: string, day: string, more: object) => ({
      messageId: `m${++ids}`,
      userId,
      timestamp: `2026-${day}T09:00:00Z`,
      context: { groupId },
      ...more,
    });
    const used = (user: string, account: string, name: string, ...days: readonly string[]) =>
      days.map((day) => said(user, account, day, { type: "track", event: name }));
    const seats = (user: string, account: string, day: string, traits: object) =>
      said(user, account, day, { type: "group", groupId: account, traits });
    const batch = [
      seats("ana", "acme", "08-01", { seats: 4 }),
      said("ana", "acme", "08-01", { type: "identify", traits: { role: "admin" } }),
      ...used("ana", "acme", "export", "09-10", "10-08", "10-29"),
      ...used("ben", "acme", "export", "10-15"),
      ...used("ben", "acme", "close", "09-01", "10-01"),
      ...used("cleo", "acme", "viewed", "09-20"),
      ...used("dan", "bolt", "export", "09-01"),
      ...used("dan", "bolt", "theme", "09-01"),
      seats("eve", "core", "10-20", { seats: 1 }),
      ...used("eve", "core", "viewed", "10-20"),
      ...used("finn", "core", "viewed", "10-21"),
    ];
    expect((await send("POST", "/v1/batch", { batch })).status).toBe(200);
    const read = async (more = "") =>
      (await (
        await send("GET", `/v1/reports/adoption?from=2026-10-05&to=2026-11-02${more}`)
      ).json()) as AdoptionReport;
    const report = await read();
    const [numerator, n] = [(a: number, b: number) => ({ numerator: a, n: b, value: a / b }), 2];
    expect(report).toMatchObject({
      unit: "account",
      features: [
        { id: "close", expectedEvery: "30d" },
        { id: "export", expectedEvery: "1w" },
        { id: "invite", expectedEvery: "1w" },
      ],
      accounts: 3,
      immature: 1,
      breadth: { n, missing: 0, quartiles: { p25: 0, median: 0, p75: 2 / 3 }, none: numerator(1, 2) },
      depth: { n: 1, missing: 1, over: 0, quartiles: { median: 0.5 }, none: numerator(0, 1), trend: false },
      frequency: { n, missing: 0, quartiles: { p75: 5 / 7 }, full: numerator(0, 2) },
      perAccount: [
        {
          id: "acme",
          users: 2,
          seats: 4,
          breadth: numerator(2, 3),
          depth: numerator(2, 4),
          frequency: numerator(5, 7),
        },
        {
          id: "bolt",
          users: 0,
          seats: null,
          breadth: numerator(0, 2),
          depth: null,
          frequency: numerator(0, 4),
        },
        {
          id: "core",
          immature: true,
          breadth: numerator(0, 2),
          depth: { ...numerator(2, 1), low: null, high: null },
          frequency: null,
        },
      ],
    });
    expect(report.weeks.map(({ week }) => week)).toEqual([
      "2026-10-05",
      "2026-10-12",
      "2026-10-19",
      "2026-10-26",
    ]);
    expect(report.perAccount[0]?.depth?.low).toBeCloseTo(0.15, 3);
    expect(report.breadth.none?.high).toBeCloseTo(0.905, 3);

    expect((await read("&segment=paying")).perAccount.map(({ id }) => id)).toEqual(["acme"]);
    expect((await read("&feature=theme")).perAccount[1]).toMatchObject({ breadth: { numerator: 1, n: 1 } });
    const first = await read("&limit=1");
    expect([first.perAccount.length, first.accounts]).toEqual([1, 3]);

    const csv = await (
      await send("GET", "/v1/reports/adoption?from=2026-10-05&to=2026-11-02&format=csv")
    ).text();
    const [header = "", ...rows] = csv.trimEnd().split("\r\n");
    expect(rows.map((row) => row.split(",", 2).join(" "))).toEqual([
      "all ",
      ...report.weeks.map(({ week }) => `week ${week}`),
      ...["account ", "account ", "account "],
    ]);
    const cells = new Map(header.split(",").map((name, i) => [name, rows[5]?.split(",")[i]]));
    expect(["account", "users", "seats", "depth.value", "depth.n"].map((name) => cells.get(name))).toEqual([
      "acme",
      ...["2", "4", "0.5", "4"],
    ]);
    for (const [query, status] of [
      ["feature=none", 404],
      ["segment=none", 404],
      ["limit=0", 400],
      ["timezone=Mars", 400],
      ["verified=maybe", 400],
      ["by=account.plan", 400],
      ["from=2026-11-02&to=2026-10-05", 400],
    ] as const)
      expect([query, (await send("GET", `/v1/reports/adoption?${query}`)).status]).toEqual([query, status]);
    expect(await read("&verified=only")).toEqual(report);
  });
});

describe("the adoption report's edges", () => {
  it("are closed where 28 days and a week begin, and open at the moment itself", async () => {
    const { send } = createTestServer();
    const feature = { name: "Export", uses: [{ event: "export" }], activated: { count: 1, within: "1d" } };
    expect((await send("PUT", "/v1/features/export", { id: "export", ...feature })).status).toBe(201);
    const [begin, end] = ["2026-10-05T00:00:00.000Z", "2026-11-02T00:00:00.000Z"];
    const said = (userId: string, groupId: string, timestamp: string, more: object) => ({
      messageId: `${userId} ${timestamp} ${JSON.stringify(more)}`,
      ...{ userId, timestamp, context: { groupId }, ...more },
    });
    const used = { type: "track", event: "export" };
    const pays = (seats: unknown) => ({ type: "group", groupId: "acme", traits: { seats } });
    const batch = [
      said("ana", "acme", "2026-09-01T00:00:00.000Z", pays(5)),
      said("ana", "acme", "2026-09-01T00:00:00.000Z", used),
      said("ana", "acme", begin, used),
      said("ben", "acme", "2026-10-04T23:59:59.999Z", used),
      said("cleo", "acme", end, used),
      said("ana", "acme", end, pays(9)),
      said("dan", "grown", begin, used),
      said("eve", "young", "2026-10-05T00:00:00.001Z", used),
      said("finn", "unborn", end, used),
    ];
    expect((await send("POST", "/v1/batch", { batch })).status).toBe(200);
    const asOf = async (to: string) =>
      (await (await send("GET", `/v1/reports/adoption?from=${begin}&to=${to}`)).json()) as AdoptionReport;
    expect((await asOf(end)).perAccount).toMatchObject([
      { id: "acme", users: 1, seats: 5, frequency: { numerator: 1, n: 4 } },
      { id: "grown", immature: false },
      { id: "young", immature: true },
    ]);
    const later = await asOf("2026-11-02T00:00:00.001Z");
    // Cleo is in, and what Ana did 28 days and a millisecond ago is out.
    expect(later.perAccount[0]).toMatchObject({ users: 1, seats: 9, frequency: { numerator: 1, n: 4 } });
    const unknown = [0, -1, 2.5, "7", null, 1e300, {}];
    const told = unknown.map((seats, i) =>
      said("ana", "acme", `2026-11-${10 + i}T00:00:00.000Z`, pays(seats)),
    );
    expect((await send("POST", "/v1/batch", { batch: told })).status).toBe(200);
    for (const [i, seats] of unknown.entries())
      expect([seats, (await asOf(`2026-11-${11 + i}`)).perAccount[0]]).toMatchObject([
        seats,
        { seats: null, depth: null },
      ]);
  });
});
