import type { Condition } from "@cairn/flow-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deserialise, serialise } from "../../src/index.ts";
import { aConfig, aFlow, createDriver } from "../../src/testing.ts";
import { config, flows, log, play, RUNS, text } from "./person.ts";

/** Runs `work` where there is neither a clock nor chance. */
function withoutClockAndChance<T>(work: () => T): T {
  const { now } = Date;
  const { random } = Math;
  const none = () => {
    throw new Error("the engine reads no clock and draws no lots");
  };
  Object.assign(Date, { now: none });
  Object.assign(Math, { random: none });
  try {
    return work();
  } finally {
    Object.assign(Date, { now });
    Object.assign(Math, { random });
  }
}

describe("the same log", () => {
  it("gives the same bytes, with no clock and no chance to read", () => {
    let decisions = 0;
    fc.assert(
      fc.property(log, (moves) => {
        const [one, two] = withoutClockAndChance(() =>
          [0, 1].map(() => {
            const driver = createDriver({ config });
            for (const each of moves) play(driver, each);
            return driver;
          }),
        );
        if (!one || !two) return;
        const written = serialise(one.state);
        expect(serialise(two.state)).toBe(written);
        expect(JSON.stringify(two.effects)).toBe(JSON.stringify(one.effects));
        expect(JSON.stringify(two.decisions)).toBe(JSON.stringify(one.decisions));
        // What is read back is the state itself, but for what stood on the page.
        const read = deserialise(written);
        expect(
          serialise({ ...one.state, ...read, local: { ...one.state.local, ...read?.local, fresh: false } }),
        ).toBe(written);
        decisions += one.decisions.length;
      }),
      RUNS,
    );
    expect(decisions).toBeGreaterThan(3 * RUNS.numRuns);
  });

  it("gives the same decisions in whatever order the flows are listed", () => {
    fc.assert(
      fc.property(log, fc.shuffledSubarray(flows, { minLength: flows.length }), (moves, shuffled) => {
        const one = createDriver({ config });
        const two = createDriver({ config: { ...config, flows: shuffled } });
        for (const each of moves) {
          play(one, each);
          play(two, each);
        }
        const said = (driver: typeof one) =>
          driver.decisions.map(({ at, flow, outcome, reason, detail }) =>
            [at, flow, outcome, reason, detail].join(),
          );
        expect(said(two).sort()).toEqual(said(one).sort());
        expect(text(two.state.shared.runs)).toBe(text(one.state.shared.runs));
      }),
      RUNS,
    );
  });

  it("gives the same answers in whatever order a group names its parts", () => {
    const leaves: Condition[] = [
      { event: "a", atLeast: 2 },
      { event: "b", within: "10m" },
      { page: "/" },
      { user: { plan: "pro" } },
      { not: { event: "c" } },
      { account: { plan: "pro" } },
    ];
    const group: fc.Arbitrary<{ op: "all" | "any"; parts: Condition[]; shuffled: Condition[] }> = fc
      .record({
        op: fc.constantFrom("all" as const, "any" as const),
        parts: fc.shuffledSubarray(leaves, { minLength: 2 }),
      })
      .chain(({ op, parts }) =>
        fc.shuffledSubarray(parts, { minLength: parts.length }).map((shuffled) => ({ op, parts, shuffled })),
      );
    const seen = new Set<string>();
    fc.assert(
      fc.property(log, group, group, (moves, audience, trigger) => {
        const flow = (key: "parts" | "shuffled") =>
          aFlow("x", {
            kind: "hotspot",
            frequency: { until: "none", gap: "1s" },
            audience: { [audience.op]: audience[key] },
            trigger: { any: [{ page: "/*" }, { [trigger.op]: trigger[key] }] },
          });
        const [one, two] = (["parts", "shuffled"] as const).map((key) => {
          const driver = createDriver({ config: aConfig([flow(key)], { settings: { budget: null } }) });
          for (const each of moves) if (each.kind !== "start") play(driver, each);
          // Which unknown leaf is named first follows the order as written.
          return driver.decisions.map(({ at, outcome, reason }) => [at, outcome, reason].join());
        });
        for (const answer of one ?? []) seen.add(answer.replace(/^\d+,/, ""));
        expect(two).toEqual(one);
      }),
      RUNS,
    );
    expect([...seen]).toEqual(expect.arrayContaining(["shown,", "held,audience", "held,unknown"]));
  });
});

describe("a state that was written and read back", () => {
  it("goes on as the one in hand", () => {
    fc.assert(
      fc.property(log, log, (before, after) => {
        const one = createDriver({ config });
        for (const each of before) play(one, each);
        const two = createDriver({
          config,
          state: JSON.parse(serialise(one.state)),
          now: one.now,
          start: false,
        });
        for (const [flow, view] of one.screen) two.screen.set(flow, view);
        const lost = before.findLast(({ kind }) => kind === "lose" || kind === "find")?.kind === "lose";
        if (lost) two.setTarget("btn", false);
        if (lost) one.setTarget("btn", false);
        const [decided, done] = [one.decisions.length, one.effects.length];
        const [decidedToo, doneToo] = [two.decisions.length, two.effects.length];
        for (const each of after) {
          play(one, each);
          play(two, each);
        }
        expect(JSON.stringify(two.decisions.slice(decidedToo))).toBe(
          JSON.stringify(one.decisions.slice(decided)),
        );
        expect(JSON.stringify(two.effects.slice(doneToo))).toBe(JSON.stringify(one.effects.slice(done)));
        expect(serialise(two.state)).toBe(serialise(one.state));
      }),
      RUNS,
    );
  });

  it("is undefined where the text is cut short, and never an error", () => {
    const driver = createDriver({ config });
    for (const event of ["a", "b", "a", "b"]) driver.track(event);
    const whole = serialise(driver.state);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.jsonValue(), (at, junk) => {
        expect(deserialise(whole.slice(0, at))).toBeUndefined();
        expect(deserialise(JSON.stringify(junk))).toBeUndefined();
        const state = JSON.parse(whole);
        const keys = Object.keys(state);
        state[keys[at % keys.length] ?? ""] = junk;
        expect(() => deserialise(JSON.stringify(state))).not.toThrow();
      }),
      RUNS,
    );
  });
});
