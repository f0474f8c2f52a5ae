import { beforeAll, describe, expect, it } from "vitest";
import type { AdoptionReport } from "../src/reports/adoption-schema.ts";
import type { ActivationReport, FunnelReport } from "../src/reports/report-schemas.ts";
import { createTestServer } from "./test-server.ts";

/**
 * Three accounts of three people, each with a moment on either side of Monday, 19 October, by its own clocks: in Los
 * Angeles it begins at 07:00 UTC, in Auckland on Sunday at 11:00, and for whom no such zone is known at 00:00.
 */
const EDGES = {
  west: { zone: "America/Los_Angeles", monday: "2026-10-19T07:00:00.000Z", count: 1 },
  east: { zone: "Pacific/Auckland", monday: "2026-10-18T11:00:00.000Z", count: 10 },
  lost: { zone: "Mars/Base", monday: "2026-10-19T00:00:00.000Z", count: 100 },
};
const before = (moment: string) => new Date(Date.parse(moment) - 1).toISOString();
const week = <Row extends { week: string }>(weeks: readonly Row[], name: string): Row => {
  const found = weeks.find((row) => row.week === name);
  if (found === undefined) throw new Error(`there is no week ${name}`);
  return found;
};

describe("an account's own time zone", () => {
  let send: ReturnType<typeof createTestServer>["send"];
  const read = async <Report>(report: string, query: string) =>
    (await (await send("GET", `/v1/reports/${report}?${query}`)).json()) as Report;

  beforeAll(async () => {
    ({ send } = createTestServer());
    const put = async (path: string, body: object) =>
      expect((await send("PUT", path, body)).status).toBe(201);
    const export_ = { name: "Export", uses: [{ event: "export" }], activated: { count: 1, within: "1d" } };
    await put("/v1/features/export", { id: "export", ...export_ });
    await put("/v1/segments/lost", { id: "lost", where: { account: { timezone: "Mars/Base" } } });
    await put("/v1/features/pooled", { id: "pooled", level: "account", ...export_ });
    const actions = [{ id: "ok", label: "OK", do: "done" }];
    const steps = [{ id: "one", title: "One", actions }];
    await put("/v1/flows/tour", { schemaVersion: 1, id: "tour", kind: "tour", steps });
    const batch = Object.entries(EDGES).flatMap(([account, { zone, monday, count }]) => {
      const said = (userId: string, timestamp: string, more: object) => ({
        messageId: `${userId} ${timestamp} ${"event" in more ? more.event : ""}`,
        ...{ userId, timestamp, context: { groupId: account }, ...more },
      });
      const used = (userId: string, timestamp: string) => [
        said(userId, timestamp, { type: "track", event: "export" }),
        said(userId, timestamp, {
          ...{ type: "track", event: "cairn.flow.held" },
          properties: { flow: "tour", reason: "budget", count },
        }),
      ];
      const lives = (timestamp: string, timezone: string) =>
        said(`${account}-admin`, timestamp, { type: "group", groupId: account, traits: { timezone } });
      return [
        // It lived elsewhere before, and will again: what it was at `to` holds.
        lives("2026-08-01T00:00:00.000Z", "Asia/Kolkata"),
        lives("2026-09-01T00:00:00.000Z", zone),
        lives("2026-11-20T00:00:00.000Z", "Asia/Kolkata"),
        ...used(`${account}-early`, before(monday)),
        ...used(`${account}-late`, monday),
      ];
    });
    expect(await (await send("POST", "/v1/batch", { batch })).json()).toMatchObject({ rejected: [] });
  });

  it("decides in activation which week its people, and the account itself, were active and activated in", async () => {
    const { features } = await read<ActivationReport>("activation", "from=2026-10-05&to=2026-11-02");
    const [people, accounts] = ["export", "pooled"].map((id) => {
      const weeks = features.find((feature) => feature.id === id)?.weeks ?? [];
      return ["2026-10-12", "2026-10-19"].map((name) => {
        const { active, newlyActivated, activated, retained, cohort } = week(weeks, name);
        return { active, newlyActivated, activated, retained, started: cohort.started };
      });
    });
    // The admins have been there since August; of each account one person came before its Monday, and one with it.
    expect(people).toEqual([
      { active: 3, newlyActivated: 3, activated: 3, retained: 0, started: 3 },
      { active: 3, newlyActivated: 3, activated: 6, retained: 0, started: 3 },
    ]);
    expect(accounts).toEqual([
      { active: 3, newlyActivated: 3, activated: 3, retained: 0, started: 0 },
      { active: 3, newlyActivated: 0, activated: 3, retained: 3, started: 0 },
    ]);
  });

  it("says in adoption at which moment its week ends", async () => {
    const { weeks } = await read<AdoptionReport>("adoption", "from=2026-10-05&to=2026-11-02&feature=export");
    const full = (name: string) => week(weeks, name).breadth.full?.numerator;
    expect([full("2026-10-05"), full("2026-10-12")]).toEqual([0, 3]);
    // Of the two weeks since they activated, each has one of the two uses.
    const { frequency } = week(weeks, "2026-10-19");
    expect([frequency.n, frequency.full?.numerator]).toEqual([3, 3]);
  });

  it("puts in the funnel what was decided for its people into their week", async () => {
    const { weeks } = await read<FunnelReport>("funnel", "flow=tour&from=2026-10-05&to=2026-11-02");
    expect(weeks.map(({ week, triggered, decided }) => [week, triggered, decided.holds.budget ?? 0])).toEqual(
      [
        ["2026-10-05", 0, 0],
        ["2026-10-12", 3, 111],
        ["2026-10-19", 3, 111],
        ["2026-10-26", 0, 0],
      ],
    );
  });

  it("keeps a week incomplete, and its cohort immature, until it has ended by all clocks", async () => {
    const until = async (to: string) => {
      const range = `from=2026-10-12&to=${to}`;
      const activation = await read<ActivationReport>("activation", range);
      const adoption = await read<AdoptionReport>("adoption", range);
      const funnel = await read<FunnelReport>("funnel", `flow=tour&${range}`);
      const rows: readonly { week: string; complete: boolean }[] = [
        ...activation.features.map(({ weeks }) => week(weeks, "2026-10-12")),
        week(adoption.weeks, "2026-10-12"),
        week(funnel.weeks, "2026-10-12"),
      ];
      return rows.map(({ complete }) => complete);
    };
    const all = (complete: boolean) => [complete, complete, complete, complete];
    // By UTC it is over at 00:00; in Los Angeles seven hours later.
    expect(await until("2026-10-19T00:00:00.000Z")).toEqual(all(false));
    expect(await until("2026-10-19T06:59:59.999Z")).toEqual(all(false));
    expect(await until("2026-10-19T07:00:00.000Z")).toEqual(all(true));
    // Of those in a segment only their clocks count.
    const ofLost = "from=2026-10-12&to=2026-10-19T00:00:00.000Z&segment=lost";
    const { features } = await read<ActivationReport>("activation", ofLost);
    const { weeks } = await read<AdoptionReport>("adoption", ofLost);
    expect([...features.map((one) => one.weeks[0]?.complete), weeks[0]?.complete]).toEqual([
      true,
      true,
      true,
    ]);
    const immature = async (to: string) => {
      const { features } = await read<ActivationReport>("activation", `from=2026-10-12&to=${to}`);
      return features.map(({ weeks }) => week(weeks, "2026-10-12").cohort.immature);
    };
    expect(await immature("2026-11-02T06:59:59.999Z")).toEqual([true, true]);
    expect(await immature("2026-11-02T07:00:00.000Z")).toEqual([false, false]);
  });

  it("gives no row to what is a week by its clocks alone, and leaves the totals as they are", async () => {
    const range = "from=2026-10-12&to=2026-10-18T12:00:00.000Z";
    const { features } = await read<ActivationReport>("activation", range);
    const people = features.find(({ id }) => id === "export");
    // In Auckland it is Monday already: both of its people are there, and one of them in no week.
    expect(people?.weeks.map(({ week, active, activated }) => [week, active, activated])).toEqual([
      ["2026-10-12", 1, 1],
    ]);
    expect([people?.states.activated, people?.rate?.numerator]).toEqual([2, 2]);
    const funnel = await read<FunnelReport>("funnel", `flow=tour&${range}`);
    expect([funnel.triggered, funnel.weeks.map(({ triggered }) => triggered)]).toEqual([2, [1]]);
    const adoption = await read<AdoptionReport>("adoption", range);
    expect(adoption.perAccount.map(({ id, users }) => [id, users])).toEqual([
      ["east", 2],
      ["lost", 0],
      ["west", 0],
    ]);
  });
});

describe("names of zones that are none", () => {
  it("are looked up a thousand times for a report, and then no more", async () => {
    const lives = (account: string, second: number, timezone: string) => ({
      ...{ type: "group", messageId: account, userId: `of-${account}`, groupId: account },
      timestamp: new Date(Date.UTC(2026, 8, 1, 0, 0, second)).toISOString(),
      traits: { timezone },
    });
    const asked = async (names: number) => {
      const { send } = createTestServer();
      const feature = { name: "Export", uses: [{ event: "export" }], activated: { count: 1, within: "1d" } };
      expect((await send("PUT", "/v1/features/export", { id: "export", ...feature })).status).toBe(201);
      const used = { type: "track", event: "export", messageId: "used", userId: "of-west" };
      const batch = [
        ...Array.from({ length: names }, (_, i) => lives(`a${i}`, i, `Mars/${i}`)),
        lives("west", 2_000, "AMERICA/los_angeles"),
        { ...used, timestamp: "2026-10-19T06:59:59.999Z", context: { groupId: "west" } },
      ];
      for (let i = 0; i < batch.length; i += 250)
        expect((await send("POST", "/v1/batch", { batch: batch.slice(i, i + 250) })).status).toBe(200);
      const answer = await send("GET", "/v1/reports/activation?from=2026-10-12&to=2026-10-26T12:00:00Z");
      const { features } = (await answer.json()) as ActivationReport;
      return features[0]?.weeks.map(({ active }) => active);
    };
    expect(await asked(999)).toEqual([1, 0, 0]);
    expect(await asked(1_001)).toEqual([0, 1, 0]);
  });
});
