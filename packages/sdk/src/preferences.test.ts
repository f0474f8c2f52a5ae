import { compile, type Input, type RunView } from "@cairn/engine";
import { createState } from "@cairn/engine/core";
import { aConfig, aFlow, aStep, START } from "@cairn/engine/testing";
import { describe, expect, it } from "vitest";
import { createEngineLoop } from "./engine-loop.ts";
import type { Ui } from "./ports.ts";
import { openPreferences } from "./preferences.ts";
import type { Panel } from "./ui/panel.ts";

const tour = (id: string, more: object = {}) =>
  aFlow(id, { kind: "tour", category: "onboarding", trigger: { event: id }, steps: [aStep("one")], ...more });

function page(settings: object = {}) {
  const config = aConfig([aFlow("tip", { category: "tip" }), tour("tour")], {
    settings: { budget: null, ...settings },
  });
  const screen = new Map<string, RunView>();
  const loop = createEngineLoop({
    compiled: compile(config),
    state: createState({ device: "d", anonymousId: "a", now: START }),
    env: () => ({ now: START, timezone: "UTC", device: { width: 1280, height: 800, touch: false } }),
    run(effect) {
      if (effect.type === "show") screen.set(effect.view.flow, effect.view);
      if (effect.type === "hide")
        for (const [flow, view] of screen) if (view.run === effect.run) screen.delete(flow);
      return effect.type === "locate"
        ? effect.targets.map(({ key }): Input => ({ type: "located", target: key, found: true, rank: 0 }))
        : [];
    },
    changed() {},
    report(error) {
      throw error;
    },
  });
  let panel: Panel | undefined;
  const show = (shown: Panel) => {
    panel = shown;
  };
  const ui = { panel: show } as unknown as Ui;
  const dispatch = loop.dispatch;
  dispatch({ type: "config" });
  dispatch({ type: "page", url: "https://x.test/" });
  openPreferences(ui, { loop: () => loop, dispatch });
  const preferences = () => loop.state.shared.preferences;
  return { loop, screen, dispatch, preferences, press: (id: string) => panel?.act?.(id), panel: () => panel };
}

describe("the preferences", () => {
  it("switch a category off and on again, and the engine obeys at once", () => {
    const { screen, press, preferences, dispatch } = page();
    expect([...screen.keys()]).toEqual(["tip"]);
    expect(press("category tip")).toBe(false);
    expect(preferences().categories).toEqual({ tip: false });
    expect([...screen.keys()]).toEqual([]);
    press("category tip");
    expect(preferences().categories).toEqual({ tip: true });
    dispatch({ type: "page", url: "https://x.test/" });
    press("pause");
    expect(preferences().paused).toBe(true);
    expect([...screen.keys()]).toEqual([]);
    press("pause");
    expect(preferences().paused).toBe(false);
  });

  it("start a tour that may be seen, close then, and stay open where it has to wait", () => {
    const { screen, press } = page();
    press("category tip");
    expect(press("tour tour")).toBe(true);
    expect([...screen.keys()]).toEqual(["tour"]);
    expect(press("tour nowhere")).toBe(false);
  });

  it("do not open where the environment is switched off", () => {
    expect(page({ enabled: false }).panel()).toBeUndefined();
    expect(page().panel()).toBeDefined();
  });
});
