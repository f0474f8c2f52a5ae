import { describe, expect, it } from "vitest";
import type { FunnelReport } from "../src/reports/report-schemas.ts";
import { createTestServer } from "./test-server.ts";

/** What was recorded about the tour: who, when, what. */
type Recorded = readonly [user: string, timestamp: string, name: string, properties?: object];

/** The funnel of a tour of two steps whose goal gives people seven days. */
async function funnelOf(recorded: readonly Recorded[]) {
  const { send } = createTestServer();
  const flow = {
    schemaVersion: 1,
    id: "tour",
    kind: "tour",
    goal: { reach: { event: "report.exported" }, within: "7d" },
    steps: ["one", "two"].map((id) => ({
      id,
      title: id,
      actions: [{ id: "ok", label: "OK", do: id === "two" ? "done" : "next" }],
    })),
  };
  expect((await send("PUT", "/v1/flows/tour", flow)).status).toBe(201);
  const batch = recorded.map(([userId, timestamp, name, properties], i) => ({
    type: "track",
    messageId: `m${i}`,
    userId,
    timestamp,
    event: `cairn.${name}`,
    properties: { flow: "tour", ...properties },
    context: { cairn: { session: "s", tab: "t", sdk: "1", seq: i + 1, run: `run-${userId}` } },
  }));
  expect((await send("POST", "/v1/batch", { batch })).status).toBe(200);
  return async (from: string, to: string, more = "") => {
    const answer = await send("GET", `/v1/reports/funnel?flow=tour&from=${from}&to=${to}${more}`);
    return (await answer.json()) as FunnelReport;
  };
}
const sees = (user: string, timestamp: string, step: string): Recorded => [
  user,
  timestamp,
  "step.shown",
  { step },
];

describe("the funnel's window", () => {
  it("ends at exactly seven days after the first step, as the engine's does: no later `to` changes a share", async () => {
    const first = "2026-10-05T10:00:00.000Z";
    const [last, late] = ["2026-10-12T09:59:59.999Z", "2026-10-12T10:00:00.000Z"];
    const went = (user: string, at: string): readonly Recorded[] => [
      sees(user, first, "one"),
      sees(user, at, "two"),
      [user, at, "goal.reached"],
      [user, at, "flow.completed"],
      [user, at, "flow.dismissed"],
    ];
    const funnel = await funnelOf([...went("in-time", last), ...went("late", late)]);
    const report = await funnel("2026-10-05", "2026-11-05");
    const { window, steps, completed, dismissed, goal } = report;
    expect(window).toBe("7d");
    expect(steps.map(({ users }) => users)).toEqual([2, 1]);
    expect({ completed, dismissed, goal: goal?.users }).toEqual({ completed: 1, dismissed: 1, goal: 1 });
    // Both windows are over here, so that nobody's share can change any more.
    const asSoon = await funnel("2026-10-05", late);
    expect(asSoon.immature).toBe(0);
    expect([asSoon.steps, asSoon.completedShare, asSoon.goal]).toEqual([
      report.steps,
      report.completedShare,
      report.goal,
    ]);
  });

  it("leaves out what a preview did that was begun before the range", async () => {
    const recorded: Recorded[] = [
      ["ana", "2026-10-04T23:59:59Z", "flow.decided", { outcome: "shown", start: "forced" }],
      ["ana", "2026-10-04T23:59:59Z", "flow.shown", { start: "forced" }],
      sees("ana", "2026-10-05T00:00:01Z", "one"),
      sees("ana", "2026-10-05T00:00:02Z", "two"),
      ["ana", "2026-10-05T00:00:03Z", "flow.completed"],
    ];
    const { exposed, completed } = await (await funnelOf(recorded))("2026-10-05", "2026-10-06");
    expect({ exposed, completed }).toEqual({ exposed: 0, completed: 0 });
  });

  it("begins anew with each range: its anchor is the first step that is seen in it", async () => {
    const funnel = await funnelOf([
      sees("ana", "2026-10-05T10:00:00Z", "one"),
      sees("ana", "2026-10-20T10:00:00Z", "one"),
      sees("ana", "2026-10-21T10:00:00Z", "two"),
    ]);
    const usersIn = async (from: string) =>
      (await funnel(from, "2026-11-05")).steps.map(({ users }) => users);
    expect(await usersIn("2026-10-01")).toEqual([1, 0]);
    expect(await usersIn("2026-10-06")).toEqual([1, 1]);
  });
});

describe("the funnel's maturity", () => {
  it("leaves whose seven days are not over out of every share, and keeps them in the numbers of people", async () => {
    const funnel = await funnelOf([
      sees("early", "2026-10-05T10:00:00Z", "one"),
      sees("early", "2026-10-06T10:00:00Z", "two"),
      ["early", "2026-10-06T10:00:00Z", "goal.reached"],
      sees("recent", "2026-10-09T10:00:00Z", "one"),
      sees("recent", "2026-10-09T11:00:00Z", "two"),
      ["recent", "2026-10-09T11:00:00Z", "flow.completed"],
    ]);
    const asOf = async (to: string) => {
      const { exposed, immature, steps, completedShare, goal, trend } = await funnel("2026-10-05", to);
      const share = (one: { numerator: number; n: number } | null | undefined) =>
        one ? `${one.numerator} of ${one.n}` : null;
      const two = steps[1];
      expect(trend).toBe(false);
      return [exposed, immature, two?.users, share(two?.share), share(completedShare), share(goal?.share)];
    };
    // The last seven days end at 10:00 on the 16th: a millisecond before, they can still change something.
    expect(await asOf("2026-10-12T09:59:59.999Z")).toEqual([2, 2, 2, null, null, null]);
    expect(await asOf("2026-10-12T10:00:00.000Z")).toEqual([2, 1, 2, "1 of 1", "0 of 1", "1 of 1"]);
    expect(await asOf("2026-10-16T09:59:59.999Z")).toEqual([2, 1, 2, "1 of 1", "0 of 1", "1 of 1"]);
    expect(await asOf("2026-10-16T10:00:00.000Z")).toEqual([2, 0, 2, "2 of 2", "1 of 2", "1 of 2"]);
  });
});

describe("the funnel's decisions by week", () => {
  it("count a person once in each week, by the zone's Mondays, and say which week is not over", async () => {
    const held = (user: string, timestamp: string, count: number): Recorded => [
      user,
      timestamp,
      "flow.held",
      { reason: "budget", count },
    ];
    const shown = (user: string, timestamp: string): Recorded => [
      user,
      timestamp,
      "flow.decided",
      { outcome: "shown" },
    ];
    // In Berlin the week begins at 22:00 UTC until clocks change on the 25th, and at 23:00 after that.
    const funnel = await funnelOf([
      held("ana", "2026-10-18T21:59:59.999Z", 2),
      held("ana", "2026-10-18T22:00:00.000Z", 3),
      held("ana", "2026-10-20T10:00:00.000Z", 1),
      shown("ben", "2026-10-25T22:59:59.999Z"),
      shown("ben", "2026-10-25T23:00:00.000Z"),
      ["cleo", "2026-10-26T10:00:00.000Z", "flow.decided", { outcome: "withheld" }],
    ]);
    const week = (name: string, complete: boolean, triggered: number, decided: object) => ({
      week: name,
      complete,
      triggered,
      decided: { shown: 0, withheld: 0, held: {}, holds: {}, ...decided },
    });
    const report = await funnel("2026-10-12", "2026-10-28", "&timezone=Europe/Berlin");
    expect(report.weeks).toEqual([
      week("2026-10-12", true, 1, { held: { budget: 1 }, holds: { budget: 2 } }),
      week("2026-10-19", true, 2, { shown: 1, held: { budget: 1 }, holds: { budget: 4 } }),
      week("2026-10-26", false, 2, { shown: 1, withheld: 1 }),
    ]);
    // Over all of it everybody counts once.
    expect([report.triggered, report.decided.shown, report.decided.holds]).toEqual([3, 1, { budget: 6 }]);
  });
});
