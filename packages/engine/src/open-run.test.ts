import { targetKey } from "@cairn/flow-schema";
import { expect, it } from "vitest";
import { aConfig, aFlow, aStep, createDriver } from "./testing.ts";

it("tells once in a step that only a fallback found its target, however often that comes and goes unseen", () => {
  const target = { anchor: "gone", fallback: ["#export"] };
  const key = targetKey(target);
  const driver = createDriver({
    config: aConfig([aFlow("tip", { steps: [aStep("one", { target })] })]),
    targets: [],
  });
  const locate = (rank?: number) =>
    driver.send({
      type: "located",
      target: key,
      found: rank !== undefined,
      ...(rank !== undefined && { rank }),
    });
  driver.page("/");
  locate(1);
  locate();
  locate(1);
  expect(driver.screen.has("tip")).toBe(true);
  const told = driver.effects.filter((one) => one.type === "record" && one.event === "cairn.target.fallback");
  expect(told.map((one) => one.type === "record" && one.properties)).toEqual([
    { flow: "tip", version: null, step: "one", rank: 1 },
  ]);
});
