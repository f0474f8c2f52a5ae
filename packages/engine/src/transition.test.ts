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
});
