import { describe, expect, it } from "vitest";
import { compileCore } from "./compile.ts";
import type { Parts } from "./compiled.ts";
import { course } from "./course.ts";
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
    load(parts: Partial<Parts> = { stage, course }) {
      compiled = compileCore(definitions, parts);
    },
    send(input: Input) {
      const { effects, decisions } = transition(compiled, state, input, { ...env, now: now() });
      return {
        types: effects.map((effect: Effect) => (effect.type === "load" ? effect.part : effect.type)),
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
    const timed = aFlow("t", {
      trigger: { all: [{ event: "x" }, { element: { anchor: "z" }, is: "visible" }] },
    });
    expect(page(undefined, aConfig([timed])).send({ type: "config" }).types).toContain("course");
    const off = page(undefined, aConfig([timed, aFlow("u")], { settings: { enabled: false } }));
    expect(off.send({ type: "config" }).types).toEqual([]);
    expect(off.send({ type: "page", url: "/" }).types).toEqual([]);
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
    expect(after.send({ type: "config" }).types).toContain("course");
    after.load();
    after.send({ type: "config" });
    expect(after.send({ type: "located", target: "btn", found: true }).types).toContain("show");
  });
});

describe("an engine whose course is not loaded yet", () => {
  const two = aConfig([
    aFlow("a", { trigger: { event: "x" }, priority: 60 }),
    aFlow("b", { trigger: { event: "x" }, kind: "banner" }),
  ]);

  it("opens one hint, and lets what comes after it wait", () => {
    const here = page(undefined, two);
    here.load({ stage });
    here.send({ type: "config" });
    const fired = here.send({ type: "track", event: "x" });
    expect(fired.said).toEqual(["a shown"]);
    expect(fired.types).toContain("course");
    here.load();
    expect(here.send({ type: "config" }).said).toEqual(["b shown"]);
  });

  it("asks for it before it opens a list, or says words that have to be filled in", () => {
    for (const more of [
      { kind: "checklist", items: [{ id: "i", title: "I", done: { event: "y" } }] },
      { steps: [aStep("one", { body: 'Hello {{user.name | "you"}}' })] },
    ]) {
      const here = page(undefined, aConfig([aFlow("a", { trigger: { event: "x" }, ...more })]));
      here.load({ stage });
      here.send({ type: "config" });
      const fired = here.send({ type: "track", event: "x" });
      expect([fired.said, fired.types]).toEqual([[], expect.arrayContaining(["course"])]);
      here.load();
      expect(here.send({ type: "config" }).said).toEqual(["a shown"]);
    }
  });

  it("asks for it where the memory has yet to be filled in, and counts nothing twice", () => {
    const before = page(undefined, aConfig([]));
    before.send({ type: "config" });
    before.send({ type: "track", event: "x" });
    let now = START;
    const often = aConfig([aFlow("a", { trigger: { event: "x", atLeast: 3, within: "40d", where: {} } })]);
    const many = aConfig([aFlow("a", { trigger: { event: "x", atLeast: 60 } })]);
    for (const definitions of [often, many]) {
      const here = page(deserialise(serialise(before.state)), definitions, () => now);
      now += 1_000;
      expect(here.send({ type: "config" }).types).toContain("course");
      here.send({ type: "track", event: "x" });
      expect(Object.keys(here.state.shared.books.d ?? {})).toEqual(["e:x"]);
      here.load();
      expect(here.send({ type: "config" }).types).not.toContain("course");
      const [key] = Object.keys(here.state.shared.books.d ?? {}).filter((one) => one.startsWith("w:"));
      const times = here.state.shared.books.d?.[key ?? ""];
      expect((times?.n ?? 0) + ((times?.from ?? 0) >= 0 ? 2 : 0)).toBe(2);
    }
  });

  it("decides nothing without it that only it can know", () => {
    const timed = aConfig([aFlow("a", { audience: { time: { from: "2020-01-01" } } })]);
    const here = page(undefined, timed);
    here.load({ stage });
    here.send({ type: "config" });
    expect(here.send({ type: "page", url: "/" }).said).toEqual([]);
    here.load();
    expect(here.send({ type: "config" }).said).toEqual(["a shown"]);
  });

  it("finds a goal that was reached before it was there", () => {
    const definitions = aConfig([
      aFlow("a", { trigger: { event: "x" }, goal: { reach: { event: "done" } } }),
    ]);
    const before = page(undefined, definitions);
    before.load();
    before.send({ type: "config" });
    before.send({ type: "track", event: "x" });
    const run = before.state.local.open[0]?.run ?? "";
    before.send({ type: "exposed", run, step: "one" as never });
    before.send({ type: "action", run, act: { kind: "close" } });
    const after = page(deserialise(serialise(before.state)), definitions);
    expect(after.send({ type: "config" }).types).toContain("course");
    after.send({ type: "track", event: "done" });
    expect(after.state.shared.goals).toEqual({});
    after.load();
    after.send({ type: "config" });
    expect(Object.keys(after.state.shared.goals)).toEqual(["a"]);
  });
});
