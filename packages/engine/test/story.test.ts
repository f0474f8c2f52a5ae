import { readdirSync, readFileSync } from "node:fs";
import type { Config } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { createDriver, START } from "../src/testing.ts";

const root = new URL("../../../examples/", import.meta.url);
const read = (folder: string) =>
  readdirSync(new URL(`${folder}/`, root))
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(new URL(`${folder}/${file}`, root), "utf8")));

const config = {
  schemaVersion: 1,
  // Without holdouts: the story is about those who are guided.
  flows: read("flows").map(({ holdout: _, ...flow }) => flow),
  features: read("features"),
  segments: read("segments"),
  settings: { budget: null },
} as Config;

function signIn(targets: "present" | string[] = "present") {
  const page = createDriver({ config, targets });
  page.send({
    type: "identify",
    userId: "ann",
    traits: { role: "owner", createdAt: new Date(START - 3_600_000).toISOString() },
  });
  page.send({ type: "group", accountId: "acme", traits: { plan: "trial", members: 1 } });
  return page;
}

describe("the demo's story", () => {
  it("compiles every example without a problem", () => {
    const page = signIn();
    page.page("https://demo.test/demo/settings");
    expect(page.decisions.filter(({ reason }) => reason === "invalid")).toEqual([]);
  });

  it("points at Export on the third report within two weeks, until it is activated", () => {
    const page = signIn();
    for (let i = 0; i < 3; i++) {
      page.page("https://demo.test/demo/reports");
      page.track("report.viewed");
      page.wait(60_000);
    }
    expect(page.screen.get("first-export")?.step?.target?.key).toContain("export-button");
    page.expose("first-export");
    for (let i = 0; i < 3; i++) page.track("report.exported");
    expect(page.screen.has("first-export")).toBe(false);
    expect(page.effects.some((one) => one.type === "record" && one.event === "cairn.goal.reached")).toBe(
      true,
    );
  });

  it("ticks the checklist by what is done, with what was done before ticked from the start", () => {
    const page = signIn();
    page.track("report.viewed");
    page.page("https://demo.test/demo");
    const done = () =>
      page.screen
        .get("first-week-checklist")
        ?.items?.filter((item) => item.done)
        .map(({ id }) => id);
    expect(done()).toEqual(["see-reports"]);
    page.expose("first-week-checklist");
    page.track("invoice.created");
    expect(done()).toEqual(["create-invoice", "see-reports"]);
    page.track("invoice.sent");
    page.track("invoice.opened");
    expect(page.screen.has("first-week-checklist")).toBe(false);
    expect(page.effects.some((one) => one.type === "record" && one.event === "cairn.flow.completed")).toBe(
      true,
    );
  });

  it("takes the tour across two pages and over a reload", () => {
    const page = signIn(["new-invoice-button"]);
    page.page("https://demo.test/demo/invoices");
    expect(page.screen.get("first-value-tour")?.step?.id).toBe("start");
    page.expose("first-value-tour");
    page.act("first-value-tour", { kind: "button", id: "begin" as never });
    expect(page.effects.some((one) => one.type === "navigate" && one.path === "/demo/invoices/new")).toBe(
      true,
    );
    page.setTarget("new-invoice-button", false);
    page.page("https://demo.test/demo/invoices/new");
    page.setTarget("invoice-client", true);
    expect(page.screen.get("first-value-tour")?.step?.id).toBe("client");
    page.expose("first-value-tour");
    page.reload();
    expect(page.screen.get("first-value-tour")?.step?.id).toBe("client");
  });
});
