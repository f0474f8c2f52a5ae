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

function page(
  state = createState({ device: "d", anonymousId: "u", now: START }),
  definitions = config,
  now = () => START,
) {
  let compiled = compileCore(definitions);
  return {
    get state() {
      return state;
    },
    load() {
      compiled = compileCore(definitions, { stage });
    },
    send(input: Input) {
      const { effects, decisions } = transition(compiled, state, input, { ...env, now: now() });
      return {
        types: effects.map(({ type }: Effect) => type),
        said: decisions.map(({ flow, outcome, reason }) => `${flow} ${reason ?? outcome}`),
      };
    },
  };
}

describe("an engine whose stage is not loaded yet", () => {
  it("asks for it when a flow is set off, and decides when it is there", () => {
    const here = page();
    here.send({ type: "config" });
    expect(here.send({ type: "page", url: "/" }).types).not.toContain("stage");
    const fired = here.send({ type: "track", event: "x" });
    expect(fired.said).toEqual([]);
    expect(fired.types).toContain("stage");
    here.load();
    expect(here.send({ type: "config" })).toEqual({ types: expect.arrayContaining(["locate"]), said: [] });
    const found = here.send({ type: "located", target: "btn", found: true });
    expect(found.said).toEqual(["a shown", "b audience"]);
    expect(found.types).toContain("show");
  });

  it("keeps each flow that was set off once, a manual start before a trigger", () => {
    const here = page();
    here.send({ type: "config" });
    for (let i = 0; i < 3; i++) here.send({ type: "track", event: "x" });
    here.send({ type: "start", flow: "b" as never });
    expect(here.state.local.pending.map(({ flow, how }) => `${flow} ${how}`)).toEqual([
      "a trigger",
      "b trigger",
      "b manual",
    ]);
    here.load();
    here.send({ type: "config" });
    expect(here.send({ type: "located", target: "btn", found: true }).said).toEqual(["a shown", "b unknown"]);
  });

  it("asks for it at once where a trigger needs it, and never while guidance is switched off", () => {
    const timed = aFlow("t", { trigger: { all: [{ event: "x" }, { device: { touch: true } }] } });
    expect(page(undefined, aConfig([timed])).send({ type: "config" }).types).toContain("stage");
    const off = page(undefined, aConfig([timed, aFlow("u")], { settings: { enabled: false } }));
    expect(off.send({ type: "config" }).types).not.toContain("stage");
    expect(off.send({ type: "page", url: "/" }).types).not.toContain("stage");
  });

  it("ends with the session what waited, also when it is loaded only then", () => {
    let now = START;
    const waiting = page(undefined, aConfig([aFlow("w", { patience: "2h" })]), () => now);
    waiting.load();
    waiting.send({ type: "config" });
    waiting.send({ type: "guard", reason: "typing", on: true });
    expect(waiting.send({ type: "page", url: "/" }).said).toEqual(["w guard"]);
    const after = page(
      deserialise(serialise(waiting.state)),
      aConfig([aFlow("w", { patience: "2h" })]),
      () => now,
    );
    now += 3_600_000;
    expect(after.send({ type: "config" }).types).toContain("stage");
    after.load();
    after.send({ type: "config" });
    expect(after.send({ type: "page", url: "/" }).said).toContain("w expired");
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
