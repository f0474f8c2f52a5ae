import { describe, expect, it } from "vitest";
import { aConfig, aFlow, aStep, createDriver } from "./testing.ts";

const exportHint = aFlow("first-export", {
  trigger: { event: "report.viewed", atLeast: 3, within: "14d" },
  steps: [
    aStep("export", {
      target: "export-button",
      actions: [
        { id: "ok", label: "Got it", do: "done" },
        { id: "later", label: "Later", do: { snooze: "1d" } },
      ],
    }),
  ],
});

describe("transition", () => {
  it("shows a tooltip when its event has come often enough", () => {
    const page = createDriver({ config: aConfig([exportHint]) });
    page.track("report.viewed");
    page.track("report.viewed");
    expect(page.screen.size).toBe(0);
    page.track("report.viewed");
    expect(page.screen.get("first-export")?.step?.target?.key).toBe("export-button");
    expect(page.decisions.map(({ outcome }) => outcome)).toEqual(["shown"]);
    page.expose("first-export");
    page.act("first-export", { kind: "button", id: "ok" as never });
    expect(page.screen.size).toBe(0);
    expect(
      page.effects.filter(({ type }) => type === "record").map((one) => "event" in one && one.event),
    ).toEqual([
      "cairn.flow.decided",
      "cairn.flow.shown",
      "cairn.step.shown",
      "cairn.step.action",
      "cairn.step.completed",
      "cairn.flow.completed",
      "cairn.flow.ended",
    ]);
    page.track("report.viewed");
    expect(page.decisions.at(-1)).toMatchObject({ outcome: "held", reason: "frequency", detail: "until" });
  });

  // What is due runs first, and has counted already when the input says who is there.
  const due = aFlow("due", { trigger: { all: [{ inactive: { event: "a" }, for: "10m" }, { event: "z" }] } });

  it("counts nothing of the person before, though a trigger was asked about them in the same turn", () => {
    const known = aFlow("known", { trigger: { all: [{ user: { plan: "pro" } }, { event: "a" }] } });
    const page = createDriver({ config: aConfig([due, known]) });
    page.send({ type: "identify", userId: "u" });
    page.track("a");
    page.sleep(10 * 60_000);
    page.send({ type: "identify", userId: "v", traits: { plan: "pro" } });
    expect(page.screen.size).toBe(0);
  });

  it("counts what another device saw from the turn on in which it is joined", () => {
    const goal = aFlow("goal", { trigger: { event: "go" }, goal: { reach: { event: "b" } } });
    const after = aFlow("after", {
      kind: "banner",
      trigger: { all: [{ flow: "goal", is: "completed" }, { event: "b" }] },
    });
    const config = aConfig([due, goal, after]);
    const there = createDriver({ config, deviceId: "other", userId: "u" });
    const page = createDriver({ config, userId: "u" });
    page.track("a");
    page.track("go");
    page.expose("goal");
    const other = JSON.parse(JSON.stringify(page.state));
    there.track("b");
    other.shared.books = there.state.shared.books;
    const [run] = Object.values(other.shared.runs.goal) as { end?: number; why?: string }[];
    Object.assign(run ?? {}, { end: page.now, why: "completed" });
    page.sleep(10 * 60_000);
    page.send({ type: "merge", state: other });
    expect([...page.screen.keys()]).toEqual(["after"]);
  });
});
