import { describe, expect, it } from "vitest";
import { compileCore } from "./compile.ts";
import type { Effect } from "./effect.ts";
import type { Input } from "./input.ts";
import { stage } from "./stage.ts";
import { aConfig, aFlow, aStep, START } from "./testing.ts";
import { transition } from "./transition.ts";
import { createState, deserialise, serialise } from "./user-state.ts";

const config = aConfig([
  aFlow("a", { trigger: { event: "x" }, steps: [aStep("one", { target: "btn" })] }),
  aFlow("b", { trigger: { event: "x" }, audience: { page: "/other" } }),
]);
const env = { now: START, timezone: "UTC", device: { width: 1280, height: 800, touch: false } };

function page(state = createState({ device: "d", anonymousId: "u", now: START })) {
  let compiled = compileCore(config);
  return {
    get state() {
      return state;
    },
    load() {
      compiled = compileCore(config, { stage });
    },
    send(input: Input) {
      const { effects, decisions } = transition(compiled, state, input, env);
      return {
        types: effects.map(({ type }: Effect) => type),
        said: decisions.map(({ flow, outcome, reason }) => `${flow} ${reason ?? outcome}`),
      };
    },
  };
}

describe("an engine whose stage is not loaded yet", () => {
  it("asks for it when a flow gets as far as the screen, and decides when it is there", () => {
    const here = page();
    here.send({ type: "config" });
    expect(here.send({ type: "page", url: "/" }).types).not.toContain("stage");
    const fired = here.send({ type: "track", event: "x" });
    expect(fired.said).toEqual(["b audience"]);
    expect(fired.types).toContain("stage");
    here.load();
    expect(here.send({ type: "config" })).toEqual({ types: expect.arrayContaining(["locate"]), said: [] });
    const found = here.send({ type: "located", target: "btn", found: true });
    expect(found.said).toEqual(["a shown"]);
    expect(found.types).toContain("show");
  });

  it("asks for it when something is open after a reload", () => {
    const before = page();
    before.load();
    before.send({ type: "config" });
    before.send({ type: "track", event: "x" });
    before.send({ type: "located", target: "btn", found: true });
    const after = page(deserialise(serialise(before.state)));
    expect(after.send({ type: "config" }).types).toContain("stage");
    after.load();
    after.send({ type: "config" });
    expect(after.send({ type: "located", target: "btn", found: true }).types).toContain("show");
  });
});
