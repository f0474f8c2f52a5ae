import { describe, expect, it } from "vitest";
import { compileCore } from "./compile.ts";
import type { Decision } from "./decision.ts";
import { compile } from "./full.ts";
import type { Input } from "./input.ts";
import { stage } from "./stage.ts";
import { aConfig, aFlow, aStep, createDriver, flowId, START } from "./testing.ts";
import { transition } from "./transition.ts";
import { createState, deserialise, serialise } from "./user-state.ts";

const say = ({ flow, outcome, reason, detail }: Decision) =>
  [flow, outcome, reason, detail].filter(Boolean).join(" ");

describe("a contest that waits for the page", () => {
  it("takes a target for missing when something else happens before the page has answered", () => {
    const compiled = compile(
      aConfig([aFlow("a", { trigger: { event: "x" }, steps: [aStep("one", { target: "btn" })] })]),
    );
    const state = createState({ device: "d", anonymousId: "u", now: START });
    const device = { width: 1280, height: 800, touch: false };
    const send = (input: Input) =>
      transition(compiled, state, input, { now: START, timezone: "UTC", device }).decisions.map(say);
    send({ type: "config" });
    expect(send({ type: "track", event: "x" })).toEqual([]);
    expect(send({ type: "track", event: "y" })).toEqual(["a held target-missing"]);
  });
});

describe("a contest", () => {
  it("takes a manual start for what it is, though the end of a snooze asks at the same moment", () => {
    const later = { id: "later", label: "Later", do: { snooze: "5m" } };
    const config = aConfig([
      aFlow("a", { trigger: { event: "x" }, steps: [aStep("one", { actions: [later] })] }),
    ]);
    const driver = createDriver({ config });
    driver.track("x");
    driver.act("a", { kind: "button", id: "later" as never });
    driver.sleep(6 * 60_000);
    driver.send({ type: "start", flow: flowId("a") });
    expect(driver.decisions.slice(1)).toMatchObject([{ outcome: "shown", start: "manual" }]);
  });

  it("lets fifty flows wait, and gives up the one that has waited longest for one more", () => {
    const ids = Array.from({ length: 51 }, (_, i) => `w${i}`);
    const config = aConfig(ids.map((id) => aFlow(id, { trigger: { event: id } })));
    const driver = createDriver({ config });
    driver.send({ type: "guard", reason: "typing", on: true });
    for (const id of ids.slice(0, 50)) driver.track(id);
    expect(driver.decisions.map(say)).toEqual(ids.slice(0, 50).map((id) => `${id} held guard typing`));
    driver.track("w50");
    expect(driver.decisions.slice(50).map(say).sort()).toEqual([
      "w0 held expired guard",
      "w50 held guard typing",
    ]);
  });
});

it("leaves a tour that waits for its slot alone until the course is there to place it", () => {
  const config = aConfig([
    aFlow("tour", {
      kind: "tour",
      trigger: { event: "x" },
      steps: [aStep("s1", { target: "btn", advanceWhen: { event: "next" } }), aStep("s2")],
    }),
    aFlow("b", { trigger: { event: "y" } }),
  ]);
  const driver = createDriver({ config });
  driver.track("x");
  driver.expose("tour");
  driver.page("/b");
  driver.setTarget("btn" as never, false);
  driver.wait(10_000);
  driver.track("y");
  driver.track("next");
  expect([...driver.screen.keys()]).toEqual(["b"]);

  const state = deserialise(serialise(driver.state));
  if (!state) throw new Error("the state cannot be read back");
  const env = { now: driver.now, timezone: "UTC", device: { width: 1280, height: 800, touch: false } };
  const { effects } = transition(compileCore(config, { stage }), state, { type: "config" }, env);
  expect(effects).toContainEqual({ type: "load", part: "course" });
  expect(effects.filter(({ type }) => type === "show" || type === "hide")).toEqual([]);
  expect(state.local.open.map(({ flow }) => flow)).toEqual(["tour", "b"]);
});
