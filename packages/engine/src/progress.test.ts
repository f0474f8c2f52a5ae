import { expect, it } from "vitest";
import { aConfig, aFlow, createDriver, flowId } from "./testing.ts";

it("keeps a finished list open that somebody has opened again", () => {
  const items = [{ id: "i", title: "I", done: { event: "x" } }];
  const list = aFlow("a", { kind: "checklist", items });
  const here = createDriver({ config: aConfig([list]) });
  here.page("/");
  here.expose("a");
  here.track("x");
  expect([...here.screen.keys()]).toEqual([]);
  here.send({ type: "start", flow: flowId("a") });
  here.expose("a");
  expect(here.screen.get("a")?.items?.map(({ done }) => done)).toEqual([true]);
  here.act("a", { kind: "close" });
  expect([...here.screen.keys()]).toEqual([]);
});

it("keeps what was ticked when a list is closed and opened again", () => {
  const items = ["x", "y"].map((event) => ({ id: event, title: event, done: { event } }));
  const here = createDriver({ config: aConfig([aFlow("a", { kind: "checklist", items })]) });
  here.page("/");
  here.expose("a");
  here.track("x");
  here.act("a", { kind: "close" });
  here.track("y");
  here.send({ type: "start", flow: flowId("a") });
  expect(here.screen.get("a")?.items?.map(({ done }) => done)).toEqual([true, true]);
});
