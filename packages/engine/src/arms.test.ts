import { describe, expect, it } from "vitest";
import { aConfig, aFlow, aStep, createDriver } from "./testing.ts";

const halves = [
  { id: "one", weight: 1, steps: [aStep("s1")] },
  { id: "two", weight: 1, steps: [aStep("s2")] },
];
const EVERYBODY = { share: "100%", by: "user" };
const NOBODY = { share: "0%", by: "user" };

/** What is recorded as decided for the one flow, and the arms that were taken. */
function decided(flow: Record<string, unknown>, who: string | undefined, program?: object) {
  const config = aConfig([aFlow("a", flow), aFlow("b", { trigger: { event: "never" }, variants: halves })], {
    settings: { budget: null, ...(program && { holdout: program as never }) },
  });
  const driver = createDriver({ config, ...(who !== undefined && { userId: who }) });
  driver.page("/");
  const record = driver.effects.find(
    (effect) => effect.type === "record" && effect.event === "cairn.flow.decided",
  );
  const { local, shared } = driver.state;
  return {
    anonymous: record?.type === "record" ? record.properties.anonymous : "nothing recorded",
    onDevice: Object.keys(local.arms),
    shared: Object.keys(shared.arms),
    run: Object.values(shared.runs.a ?? {})[0],
  };
}

describe("an arm taken as nobody", () => {
  it.each([
    ["the program's holdout", {}, EVERYBODY, "cairn:holdout"],
    ["a place outside the program's holdout", {}, NOBODY, "cairn:holdout"],
    ["the flow's holdout", { holdout: EVERYBODY }, undefined, "a:holdout"],
    ["a variant", { variants: halves }, undefined, "a:variant"],
    ["a place within the rollout", { rollout: "99%" }, undefined, "a:rollout"],
  ] as const)("stays on the device and marks the decision: %s", (_name, flow, program, seed) => {
    expect(decided(flow, undefined, program)).toMatchObject({
      anonymous: true,
      onDevice: [seed],
      shared: [],
    });
    const known = decided(flow, "u", program);
    expect(known).toMatchObject({ onDevice: [], shared: [seed] });
    expect(known.anonymous).toBeUndefined();
  });

  it("marks no other flow's decisions", () => {
    const config = aConfig([
      aFlow("a", { trigger: { event: "x" }, variants: halves }),
      aFlow("h", { kind: "hotspot", trigger: { event: "y" } }),
    ]);
    const driver = createDriver({ config });
    driver.track("x");
    driver.track("y");
    const marks = driver.effects.flatMap((effect) =>
      effect.type === "record" && effect.event === "cairn.flow.decided"
        ? [[effect.properties.flow, effect.properties.anonymous]]
        : [],
    );
    expect(marks).toEqual([
      ["a", true],
      ["h", undefined],
    ]);
  });
});

it("takes no arm for a flow that is for everybody and has no variants", () => {
  for (const flow of [{}, { rollout: "100%" }, { variants: [] }]) {
    const { anonymous, onDevice, run } = decided(flow, undefined);
    expect(anonymous).toBeUndefined();
    expect(onDevice).toEqual([]);
    expect(run && "variant" in run).toBe(false);
  }
});

it("gives no variant where none has any weight", () => {
  const { run } = decided({ variants: halves.map((arm) => ({ ...arm, weight: 0 })) }, "u");
  expect(run).toMatchObject({ step: "one" });
  expect(run && "variant" in run).toBe(false);
});
