import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionsOf } from "./decision-log.ts";
import { aConfig, aFlow, createDriver, START } from "./testing.ts";
import { createState, deserialise, LOG_SIZE, serialise } from "./user-state.ts";

describe("state", () => {
  it("reads what it wrote", () => {
    const state = createState({ device: "d", anonymousId: "a", now: START });
    expect(deserialise(serialise(state))).toEqual(state);
  });

  it("refuses what is corrupt, or newer", () => {
    const text = serialise(createState({ device: "d", anonymousId: "a", now: START }));
    expect(deserialise("")).toBeUndefined();
    expect(deserialise(text.slice(0, -1))).toBeUndefined();
    expect(deserialise(text.replace('"version":1', '"version":2'))).toBeUndefined();
    expect(deserialise(text.replace('"queue":[]', '"queue":{}'))).toBeUndefined();
    expect(deserialise("null")).toBeUndefined();
  });

  it("never fails on any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(deserialise(text)).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it("stays as small after many events as after some", () => {
    const page = createDriver({
      config: aConfig([
        aFlow("a", { trigger: { event: "x", atLeast: 100, within: "1h", where: { n: 1 } }, rollout: "0%" }),
        aFlow("b", { kind: "checklist", items: [{ id: "i", title: "I", done: { event: "never" } }] }),
      ]),
    });
    const run = (events: number) => {
      for (let i = 0; i < events; i++) {
        page.sleep(1_000);
        page.track(i % 3 ? "x" : `name-${i % 1_000}`, { n: 1 });
      }
      return serialise(page.state).length;
    };
    const early = run(5_000);
    const late = run(25_000);
    expect(late).toBeLessThan(early * 1.1);
  });

  it("keeps a bounded log of decisions that can be asked by flow and time", () => {
    const page = createDriver({
      config: aConfig([aFlow("a", { rollout: "0%" }), aFlow("b", { enabled: false })]),
    });
    for (let i = 0; i < LOG_SIZE; i++) {
      page.sleep(1_000);
      page.page("/");
    }
    expect(decisionsOf(page.state)).toHaveLength(LOG_SIZE);
    const some = decisionsOf(page.state, { flow: "a", user: "anon", from: page.now - 2_000, to: page.now });
    expect(some.map(({ at, reason }) => [page.now - at, reason])).toEqual([
      [2_000, "rollout"],
      [1_000, "rollout"],
    ]);
  });

  it("keeps counting what it summed up when a flow has had many runs", () => {
    const page = createDriver({
      config: aConfig([aFlow("a", { frequency: { atMost: 60, until: "none" }, trigger: { event: "x" } })], {
        settings: { budget: null },
      }),
    });
    for (let i = 0; i < 70; i++) {
      page.track("x");
      if (!page.screen.has("a")) continue;
      page.expose("a");
      page.act("a", { kind: "close" });
    }
    expect(page.decisions.filter(({ outcome }) => outcome === "shown")).toHaveLength(60);
    expect(Object.keys(page.state.shared.runs.a ?? {}).length).toBeLessThanOrEqual(41);
  });
});
