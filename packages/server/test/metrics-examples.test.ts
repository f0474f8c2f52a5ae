import { describe, expect, it } from "vitest";
import { createTestServer, PUBLIC_KEY } from "./test-server.ts";

let ids = 0;
const message = (user: string, timestamp: string, more: object) => ({
  messageId: `e${++ids}`,
  userId: user,
  timestamp,
  ...more,
});
const track = (user: string, timestamp: string, event: string, properties: object = {}, more: object = {}) =>
  message(user, timestamp, { type: "track", event, properties, ...more });
const plan = (user: string, name: string) =>
  message(user, "2026-10-01T08:00:00Z", { type: "identify", traits: { plan: name } });
const exported = (user: string, day: string) => track(user, `${day}T09:00:00Z`, "report.exported");
const feature = {
  id: "report-export",
  name: { en: "Export", ru: "Экспорт" },
  uses: [{ event: "report.exported" }],
  availableTo: { user: { plan: "pro" } },
  activated: { count: 3, within: "14d" },
  lapsed: { after: "30d" },
};

async function withEvents(
  batch: object[],
  flow?: object,
  defined: object = feature,
  unverified: readonly object[] = [],
) {
  const server = createTestServer();
  expect((await server.send("PUT", "/v1/features/report-export", defined)).status).toBe(201);
  if (flow !== undefined) {
    expect((await server.send("PUT", "/v1/flows/tour", flow)).status).toBe(201);
    await server.send("POST", "/v1/flows/tour/publish", {});
  }
  const answer = await (await server.send("POST", "/v1/batch", { batch })).json();
  expect(answer).toEqual({ accepted: batch.length, duplicate: 0, rejected: [] });
  if (unverified.length > 0) {
    const body = JSON.stringify({ writeKey: PUBLIC_KEY, batch: unverified });
    expect((await server.app.request("/v1/batch", { method: "POST", body })).status).toBe(200);
  }
  return Object.assign(
    async (path: string, headers: Record<string, string> = {}) =>
      await server.send("GET", path, undefined, headers),
    { put: async (path: string, body: object) => await server.send("PUT", path, body) },
  );
}

describe("the examples of docs/metrics.md", () => {
  it("Ana has tried until her window holds three uses, and lapses thirty days after the last", async () => {
    const get = await withEvents([
      plan("ana", "pro"),
      ...["2026-10-01", "2026-10-10", "2026-10-15", "2026-10-16"].map((day) => exported("ana", day)),
    ]);
    const statesAt = async (to: string) => {
      const response = await get(`/v1/reports/activation?from=2026-09-01&to=${to}`);
      return ((await response.json()) as { features: { states: object }[] }).features[0]?.states;
    };
    const one = (state: string) => ({ untried: 0, tried: 0, activated: 0, lapsed: 0, [state]: 1 });
    expect(await statesAt("2026-10-01T09:00:00Z")).toEqual(one("untried"));
    expect(await statesAt("2026-10-16T09:00:00Z")).toEqual(one("tried"));
    expect(await statesAt("2026-10-16T09:00:00.001Z")).toEqual(one("activated"));
    expect(await statesAt("2026-11-15T08:59:59.999Z")).toEqual(one("activated"));
    expect(await statesAt("2026-11-15T09:00:00Z")).toEqual(one("lapsed"));
  });

  const week = [
    ...["ana", "ben", "cleo", "dan"].map((user) => plan(user, "pro")),
    plan("eve", "trial"),
    ...["2026-10-10", "2026-10-15", "2026-10-16"].map((day) => exported("ana", day)),
    message("ana", "2026-11-04T10:00:00Z", { type: "page", properties: { path: "/reports" } }),
    exported("ben", "2026-11-03"),
    ...["2026-10-30", "2026-11-01", "2026-11-05"].map((day) => exported("cleo", day)),
    exported("eve", "2026-11-05"),
  ];

  it("knows nobody whom only the public key spoke of where it asks what is verified", async () => {
    const { availableTo: _, ...forAll } = feature;
    const get = await withEvents(
      ["2026-10-01", "2026-10-02", "2026-10-03"].map((day) => exported("ana", day)),
      undefined,
      forAll,
      ["ben", "cleo"].flatMap((user) => [1, 2, 3, 4, 5].map((day) => exported(user, `2026-10-0${day}`))),
    );
    const states = async (more: string) => {
      const response = await get(`/v1/reports/activation?from=2026-10-01&to=2026-10-08${more}`);
      return ((await response.json()) as { features: { entitled: number; states: object }[] }).features[0];
    };
    const none = { untried: 0, tried: 0, lapsed: 0 };
    expect(await states("")).toMatchObject({ entitled: 3, states: { ...none, activated: 3 } });
    expect(await states("&verified=only")).toMatchObject({ entitled: 1, states: { ...none, activated: 1 } });
  });

  it("counts the week from 2 to 8 November as written", async () => {
    const get = await withEvents(week);
    const response = await get("/v1/reports/activation?from=2026-11-02&to=2026-11-09&feature=report-export");
    const report = (await response.json()) as { features: { rate: { low: number; high: number } }[] };
    expect(report).toMatchObject({
      from: "2026-11-02T00:00:00.000Z",
      to: "2026-11-09T00:00:00.000Z",
      timezone: "UTC",
      features: [
        {
          id: "report-export",
          name: "Export",
          level: "user",
          unit: "user",
          entitled: 4,
          states: { untried: 1, tried: 1, activated: 2, lapsed: 0 },
          rate: { numerator: 2, n: 3 },
          retained: { numerator: 0, n: 1 },
          trend: false,
          weeks: [
            {
              week: "2026-11-02",
              complete: true,
              entitled: 4,
              active: 3,
              tried: 1,
              activated: 2,
              lapsed: 0,
              newlyActivated: 1,
              retained: 0,
              rate: { numerator: 2, n: 3 },
            },
          ],
        },
      ],
    });
    expect(report.features[0]?.rate.low).toBeCloseTo(0.208, 3);
    expect(report.features[0]?.rate.high).toBeCloseTo(0.939, 3);
    expect((await get("/v1/reports/activation?feature=none")).status).toBe(404);
    expect((await get("/v1/reports/activation?from=2026-11-09&to=2026-11-02")).status).toBe(400);
  });

  it("says the same as CSV", async () => {
    const get = await withEvents(week);
    const response = await get("/v1/reports/activation?from=2026-11-02&to=2026-11-09", {
      accept: "text/csv",
    });
    expect(response.headers.get("content-type")).toContain("text/csv");
    const [header, all, ofWeek] = (await response.text()).split("\r\n");
    expect(header).toMatch(
      /^feature,name,level,unit,row,week,complete,value,other,entitled,active,states.untried,/,
    );
    expect(all).toMatch(/^report-export,Export,user,user,all,,,,,4,3,1,1,2,0,,2,3,0.66/);
    expect(ofWeek).toMatch(
      /^report-export,Export,user,user,week,2026-11-02,true,,,4,3,,1,2,0,1,2,3,0.6666666666666666,0.20765960080204765,0.9385080552796037,0,/,
    );
  });

  const tour = {
    schemaVersion: 1,
    id: "tour",
    kind: "tour",
    steps: ["one", "two", "three"].map((id) => ({
      id,
      title: `Step ${id}`,
      actions: [{ id: "ok", label: "OK", do: id === "three" ? "done" : "next" }],
    })),
  };
  const at = (minute: number) => `2026-11-10T10:${String(minute).padStart(2, "0")}:00.000Z`;
  const recorded = (user: string, minute: number, name: string, properties: object, run = `run-${user}`) =>
    track(
      user,
      at(minute),
      `cairn.${name}`,
      { flow: "tour", ...properties },
      {
        context: {
          page: { path: "/reports" },
          cairn: { session: "s", seq: minute + 1, tab: "t", sdk: "1.0.0", run },
        },
      },
    );
  const see = (user: string, minute: number, step: string) => recorded(user, minute, "step.shown", { step });
  const guidance = [
    ...["ana", "ben", "cleo"].map((user) =>
      recorded(user, 0, "flow.decided", { outcome: "shown", start: "trigger" }),
    ),
    ...["ana", "ben", "cleo"].map((user) => recorded(user, 1, "flow.shown", { start: "trigger" })),
    ...["one", "two", "three"].map((step, i) => see("ana", 2 + i, step)),
    recorded("ana", 9, "flow.completed", {}),
    see("ben", 2, "one"),
    see("ben", 3, "one"),
    see("ben", 4, "two"),
    recorded("ben", 9, "flow.dismissed", {}),
    see("cleo", 2, "one"),
    see("cleo", 3, "three"),
    recorded("dan", 2, "flow.held", { reason: "budget", count: 4, detail: "perDay", from: at(0), to: at(1) }),
    recorded("dan", 5, "flow.held", { reason: "budget", count: 1 }),
    recorded("dan", 6, "flow.held", { reason: "guard", count: 1 }),
    recorded("eve", 1, "flow.shown", { start: "forced" }),
    see("eve", 2, "one"),
  ];
  const range = "from=2026-11-10&to=2026-11-11";

  it("follows the tour step by step, in order", async () => {
    const get = await withEvents(guidance, tour);
    expect(await (await get(`/v1/reports/funnel?flow=tour&${range}`)).json()).toMatchObject({
      flow: "tour",
      kind: "tour",
      unit: "user",
      eligible: 4,
      triggered: 4,
      decided: { shown: 3, withheld: 0, held: { budget: 1, guard: 1 }, holds: { budget: 5, guard: 1 } },
      exposed: 3,
      steps: [
        { id: "one", title: "Step one", users: 3, share: { numerator: 3, n: 3, value: 1, high: 1 } },
        { id: "two", users: 2 },
        { id: "three", users: 1 },
      ],
      completed: 1,
      dismissed: 1,
      goal: null,
    });
    const csv = await (await get(`/v1/reports/funnel?flow=tour&format=csv&${range}`)).text();
    expect(csv.split("\r\n").slice(0, 4)).toEqual([
      "flow,kind,row,id,title,week,complete,users,share.numerator,share.n,share.value,share.low,share.high,times,window,trend",
      "tour,tour,eligible,,,,,4,,,,,,,,false",
      "tour,tour,triggered,,,,,4,,,,,,,,false",
      "tour,tour,held,budget,,,,1,,,,,,5,,false",
    ]);
  });

  it("counts people at risk for as long as they were observed", async () => {
    const at = (user: string, timestamp: string, event: string) => track(user, timestamp, event);
    const get = await withEvents(
      [
        ...["ana", "ben", "cleo"].flatMap((user) => [
          at(user, "2026-09-20T00:00:00Z", "app.opened"),
          message(user, "2026-10-01T00:00:00Z", { type: "identify", traits: { plan: "pro" } }),
        ]),
        at("ana", "2026-10-03T00:00:00Z", "report.exported"),
        at("ben", "2026-10-11T00:00:00Z", "report.exported"),
        ...["eve", "finn"].map((user) =>
          message(user, "2026-10-29T00:00:00Z", { type: "identify", traits: { plan: "pro" } }),
        ),
      ],
      undefined,
      { ...feature, activated: { count: 1, within: "1d" } },
    );
    const response = await get("/v1/reports/activation?from=2026-10-01&to=2026-10-31");
    const [found] = ((await response.json()) as { features: { timeToActivate: object }[] }).features;
    expect(found?.timeToActivate).toMatchObject({
      started: 5,
      activated: 2,
      quartiles: { p25: 10, median: 10, p75: null },
      within: [
        { days: 7, rate: { numerator: 1, n: 3 }, immature: 2 },
        { days: 14, rate: { numerator: 2, n: 3 }, immature: 2 },
        { days: 30, rate: { numerator: 2, n: 3 }, immature: 2 },
      ],
    });
  });

  it("begins weeks and days by the clocks that were asked for, also when they change", async () => {
    const get = await withEvents([
      plan("ana", "pro"),
      // Berlin's clocks go back on 25 October: this is Sunday 23:30 there, half an hour before Monday.
      track("ana", "2026-10-25T22:30:00Z", "report.exported"),
      track("ana", "2026-10-25T23:00:00Z", "report.exported"),
    ]);
    const weeksIn = async (timezone: string) => {
      const range = `from=2026-10-19&to=2026-11-02${timezone === "" ? "" : `&timezone=${timezone}`}`;
      const answer = await (await get(`/v1/reports/activation?${range}`)).json();
      const { from, features } = answer as { from: string; features: { weeks: Record<string, unknown>[] }[] };
      return [from, ...(features[0]?.weeks.map(({ week, active }) => [week, active]) ?? [])];
    };
    expect(await weeksIn("Europe/Berlin")).toEqual([
      "2026-10-18T22:00:00.000Z",
      ["2026-10-19", 1],
      ["2026-10-26", 1],
    ]);
    expect((await get.put("/v1/settings", { timezone: "Europe/Berlin" })).status).toBe(200);
    expect(await weeksIn("")).toEqual(await weeksIn("Europe/Berlin"));
    expect((await get.put("/v1/settings", { timezone: "user" })).status).toBe(422);
    expect(await weeksIn("UTC")).toEqual(["2026-10-19T00:00:00.000Z", ["2026-10-19", 1], ["2026-10-26", 0]]);
  });

  it("tells groups apart by an attribute, and none where a unit has no such attribute", async () => {
    const get = await withEvents(week, undefined, { ...feature, availableTo: undefined });
    const groupsBy = async (by: string) => {
      const answer = await (
        await get(`/v1/reports/activation?from=2026-11-02&to=2026-11-09&by=${by}`)
      ).json();
      const { features } = answer as { features: { groups: Record<string, unknown>[] | null }[] };
      return features[0]?.groups?.map(({ value, entitled, states }) => [value, entitled, states]);
    };
    expect(await groupsBy("user.plan")).toEqual([
      ["pro", 4, { untried: 1, tried: 1, activated: 2, lapsed: 0 }],
      ["trial", 1, { untried: 0, tried: 1, activated: 0, lapsed: 0 }],
    ]);
    expect(await groupsBy("account.plan")).toEqual([
      [null, 5, { untried: 1, tried: 2, activated: 2, lapsed: 0 }],
    ]);
  });

  it("tells how each run found the target of a step", async () => {
    const look = (user: string, name: string, more: object = {}) =>
      recorded(user, 5, name, { step: "two", ...more });
    const withTargets = {
      ...tour,
      steps: tour.steps.map((step) => ({ ...step, target: { anchor: step.id, fallback: ["#a", "#b"] } })),
    };
    const get = await withEvents(
      [
        look("ana", "step.shown"),
        look("ben", "target.fallback", { rank: 2 }),
        look("ben", "step.shown"),
        look("cleo", "target.missing", { target: "two" }),
      ],
      withTargets,
    );
    const report = await (await get(`/v1/reports/targets?flow=tour&${range}`)).json();
    expect((report as { steps: object[] }).steps).toMatchObject([
      { step: "one", looked: 0, reached: null },
      {
        step: "two",
        target: "two",
        looked: 3,
        found: 1,
        fallbacks: [{ rank: 2, runs: 1 }],
        missing: 1,
        reached: { numerator: 2, n: 3 },
        releases: [{ release: null, looked: 3 }],
      },
      { step: "three", looked: 0 },
    ]);
    const csv = await (await get(`/v1/reports/targets?format=csv&${range}`)).text();
    expect(csv.split("\r\n")[2]).toMatch(/^tour,two,Step two,two,all,,3,1,1,1,2,3,0.66/);
  });

  it.each([
    ["activation?timezone=Mars/Olympus", "timezone: not a time zone"],
    ["activation?by=plan", "by: must be"],
    ["activation?form=csv", "form"],
    ["activation?from=yesterday", "from: not a date"],
    ["activation?from=2000-01-01", "at most"],
    ["activation?from=2026-02-02&to=2026-02-01", "`from` must be before `to`"],
    ["funnel", "flow"],
    ["decisions?limit=0", "limit"],
    ["targets?to=2026-99-01", "to: not a date"],
  ])("says what is wrong with %s", async (path, words) => {
    const get = await withEvents([plan("ana", "pro")]);
    const response = await get(`/v1/reports/${path}`);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { message: string } }).error.message).toContain(words);
  });

  it("makes text of what a spreadsheet would run", async () => {
    const get = await withEvents(week, undefined, { ...feature, name: '=HYPERLINK("http://x")' });
    const csv = await (await get("/v1/reports/activation?from=2026-11-02&to=2026-11-09&format=csv")).text();
    expect(csv).toContain(`report-export,"'=HYPERLINK(""http://x"")",user`);
  });

  it("says why a person saw nothing, and when the last hold was", async () => {
    const get = await withEvents(guidance, tour);
    const of = async (query: string) =>
      (await (await get(`/v1/reports/decisions?${range}${query}`)).json()) as {
        decisions: { user: string; outcome: string; reason?: string }[];
        users?: string[];
      };
    expect((await of("&user=dan")).decisions).toEqual([
      { at: at(6), user: "dan", flow: "tour", outcome: "held", reason: "guard", count: 1, page: "/reports" },
      { at: at(5), user: "dan", flow: "tour", outcome: "held", reason: "budget", count: 1, page: "/reports" },
      {
        at: at(1),
        user: "dan",
        flow: "tour",
        outcome: "held",
        reason: "budget",
        detail: "perDay",
        count: 4,
        page: "/reports",
      },
    ]);
    expect((await of("&user=ana")).decisions).toMatchObject([{ outcome: "shown", at: at(0) }]);
    expect((await of("&user=nobody")).decisions).toEqual([]);
    expect((await of("&flow=other")).decisions).toEqual([]);
    const everyone = await of("&limit=2");
    expect(everyone.decisions).toHaveLength(2);
    expect(everyone.users?.[0]).toBe("dan");
  });

  it("lists what arrived, with examples", async () => {
    const get = await withEvents([
      ...week,
      message("ana", "2026-11-04T10:00:00Z", {
        type: "group",
        groupId: "acme",
        traits: { plan: { name: "pro", seats: 5 } },
      }),
      track("ana", "2026-11-04T10:01:00Z", "cairn.feature.used", {
        feature: "report-export",
        action: "click",
        target: "export-button",
      }),
    ]);
    const catalog = (await (await get("/v1/catalog")).json()) as Record<string, unknown>;
    expect(catalog).toMatchObject({
      events: [
        { name: "cairn.feature.used" },
        { name: "report.exported", count: 8, lastSeen: "2026-11-05T09:00:00.000Z" },
      ],
      attributes: {
        user: [{ path: "plan", count: 5 }],
        account: [
          { path: "plan.name", example: "pro" },
          { path: "plan.seats", example: 5 },
        ],
      },
      anchors: [{ name: "export-button", count: 1, lastSeen: "2026-11-04T10:01:00.000Z" }],
      pages: [{ path: "/reports", count: 1 }],
    });
  });
});
