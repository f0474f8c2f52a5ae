import { expect, it } from "vitest";
import { aConfig, aFlow, createDriver } from "./testing.ts";

it("takes no number of ghosts for having seen a flow", () => {
  const driver = createDriver({
    config: aConfig(
      [
        aFlow("news", { kind: "banner", holdout: { share: "100%", by: "user" } }),
        aFlow("more", { audience: { flow: "news", is: "seen" } }),
      ],
      { settings: { budget: null } },
    ),
    userId: "u",
  });
  const visits = 45;
  for (let i = 0; i < visits; i++) {
    driver.wait(86_400_000);
    driver.page("/");
  }
  expect(driver.decisions.filter(({ outcome }) => outcome === "withheld")).toHaveLength(visits);
  expect(driver.decisions.filter(({ flow, outcome }) => flow === "more" && outcome === "shown")).toEqual([]);
});

it("remembers that a flow was seen, however many ghosts come after", () => {
  const flows = (more: object) => [
    aFlow("news", { kind: "banner", frequency: { atMost: null, until: "none" }, ...more }),
    aFlow("more", { trigger: { event: "ask" }, audience: { flow: "news", is: "seen" } }),
  ];
  const settings = { budget: null };
  const driver = createDriver({ config: aConfig(flows({}), { settings }), userId: "u" });
  driver.page("/");
  driver.expose("news");
  driver.act("news", { kind: "close" });
  driver.setConfig(aConfig(flows({ holdout: { share: "100%", by: "user" } }), { settings }));
  for (let i = 0; i < 45; i++) {
    driver.wait(86_400_000);
    driver.page("/");
  }
  expect(Object.values(driver.state.shared.runs.news ?? {}).every(({ ghost }) => ghost)).toBe(true);
  driver.track("ask");
  expect(driver.decisions.at(-1)).toMatchObject({ flow: "more", outcome: "shown" });
});
