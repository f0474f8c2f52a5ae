import type { Condition } from "@cairn/flow-schema";
import { parseDuration } from "@cairn/flow-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesRule } from "../../src/index.ts";
import { aConfig, aFlow, createDriver, START } from "../../src/testing.ts";
import { HOUR, MINUTE, RUNS } from "./person.ts";

/** Everything that ever happened, as a naive model keeps it. */
interface Happening {
  readonly at: number;
  readonly name: string;
  readonly kind: string | null;
}
type History = readonly Happening[];
const ms = (duration: string) => parseDuration(duration) ?? Number.NaN;

const NAMES = ["a", "b", "c"] as const;
const DURATIONS = ["1m", "2m", "5m", "1h"] as const;
const duration = fc.constantFrom(...DURATIONS);
const name = fc.constantFrom(...NAMES);

const FEATURES = [
  { id: "lasting", name: "L", uses: [{ event: "a" }], activated: { count: 2, within: "2m" } },
  {
    id: "passing",
    name: "P",
    uses: [{ event: "a", where: { kind: "x" } }, { event: "b" }],
    activated: { count: 3, within: "5m" },
    lapsed: { after: "5m" },
  },
] as const;

interface Probe {
  readonly leaf: Condition;
  readonly model: (all: History, now: number) => boolean;
}

/** Counts in `(now − within, now]`, or ever. */
const countProbe: fc.Arbitrary<Probe> = fc
  .record({
    event: name,
    n: fc.integer({ min: 0, max: 4 }),
    compare: fc.constantFrom("atLeast", "atMost", "exactly"),
    within: fc.option(duration),
    where: fc.option(fc.constantFrom("x", "y")),
  })
  .map(({ event, n, compare, within, where }) => ({
    leaf: {
      event,
      [compare]: n,
      ...(within && { within }),
      ...(where && { where: { kind: where } }),
    } as unknown as Condition,
    model: (all, now) => {
      const count = all.filter(
        (one) =>
          one.name === event &&
          (!where || one.kind === where) &&
          (!within || one.at > now - ms(within)) &&
          one.at <= now,
      ).length;
      return compare === "atLeast" ? count >= n : compare === "atMost" ? count <= n : count === n;
    },
  }));

/** All chains there are, by trying every combination; the latest completion, and its latest start. */
function latestChain(all: History, names: readonly string[], without: string | null, within: number) {
  const dropped = Math.max(-1, ...all.filter((one) => one.name === without).map(({ at }) => at));
  let done: { readonly start: number; readonly end: number } | null = null;
  const search = (place: number, start: number, last: number): void => {
    if (place === names.length) {
      if (!done || last > done.end || (last === done.end && start > done.start)) done = { start, end: last };
      return;
    }
    for (const one of all) {
      if (one.name !== names[place] || (place > 0 && one.at <= last)) continue;
      const from = place === 0 ? one.at : start;
      // What came after the first event discards the chain; at the same moment is not after.
      if (from >= dropped && one.at - from <= within) search(place + 1, from, one.at);
    }
  };
  search(0, 0, -1);
  return done as { readonly start: number; readonly end: number } | null;
}

const sequenceProbe: fc.Arbitrary<Probe> = fc
  .record({
    sequence: fc.array(name, { minLength: 1, maxLength: 3 }),
    without: fc.option(fc.constantFrom("c", "w")),
    within: duration,
    wait: fc.option(fc.constantFrom("1m", "5m")),
  })
  .map(({ sequence, without, within, wait }) => ({
    leaf: { sequence, within, ...(without && { without }), ...(wait && { wait }) } as unknown as Condition,
    model: (all, now) => {
      const done = latestChain(all, sequence, without, ms(within));
      return done !== null && now >= done.end + (wait ? ms(wait) : 0);
    },
  }));

const usesOf = (all: History, id: string): number[] =>
  all
    .filter((one) => one.name === "a" || one.name === "b")
    .filter((one) => (id === "lasting" ? one.name === "a" : one.name === "b" || one.kind === "x"))
    .map(({ at }) => at);

const inactiveProbe: fc.Arbitrary<Probe> = fc
  .record({ what: fc.oneof(name, fc.constantFrom("lasting", "passing")), gone: duration })
  .map(({ what, gone }) => {
    const feature = what.length > 1;
    return {
      leaf: { inactive: feature ? { feature: what } : { event: what }, for: gone } as unknown as Condition,
      model: (all, now) => {
        const times = feature
          ? usesOf(all, what)
          : all.filter((one) => one.name === what).map(({ at }) => at);
        return times.length > 0 && now - Math.max(...times) >= ms(gone);
      },
    };
  });

const featureProbe: fc.Arbitrary<Probe> = fc
  .record({
    feature: fc.constantFrom(...FEATURES),
    is: fc.constantFrom("untried", "tried", "activated", "lapsed"),
  })
  .map(({ feature, is }) => ({
    leaf: { feature: feature.id, is } as unknown as Condition,
    model: (all, now) => {
      const times = usesOf(all, feature.id);
      const { count, within } = feature.activated;
      const was = times.some(
        (at) => times.filter((one) => one <= at && one > at - ms(within)).length >= count,
      );
      const gone = "lapsed" in feature && now - Math.max(...times) >= ms(feature.lapsed.after);
      return is === (times.length === 0 ? "untried" : !was ? "tried" : gone ? "lapsed" : "activated");
    },
  }));

const STEPS = [
  0,
  0,
  1,
  MINUTE - 1,
  MINUTE,
  MINUTE,
  2 * MINUTE,
  2 * MINUTE + 1,
  5 * MINUTE,
  5 * MINUTE - 1,
  HOUR,
] as const;
/** Things that happen, and moments (`?`) at which all probes are asked. */
const story = fc.array(
  fc.record({
    gap: fc.constantFrom(...STEPS),
    name: fc.constantFrom("a", "a", "b", "b", "c", "w", "?", "?", "?"),
    kind: fc.constantFrom("x", "y", null),
  }),
  { minLength: 8, maxLength: 18, size: "max" },
);

/** Asks many probes of one kind at many moments of a story; each is a hotspot that comes whenever its leaf is true. */
function agree(probe: fc.Arbitrary<Probe>): { asked: number; held: number } {
  const told = { asked: 0, held: 0 };
  fc.assert(
    fc.property(fc.array(probe, { minLength: 4, maxLength: 4 }), story, (probes, happenings) => {
      const flows = probes.map(({ leaf }, i) =>
        aFlow(`p${i}`, {
          kind: "hotspot",
          trigger: { event: "?" },
          audience: leaf,
          frequency: { atMost: null, until: "none", gap: "1s" },
        }),
      );
      const driver = createDriver({
        config: aConfig(flows, { features: FEATURES as never, settings: { budget: null } }),
      });
      const all: Happening[] = [];
      for (const { gap, name: event, kind } of happenings) {
        driver.wait(gap);
        if (event !== "?") all.push({ at: driver.now, name: event, kind });
        const before = driver.decisions.length;
        driver.track(event, kind === null ? {} : { kind });
        if (event !== "?") continue;
        const said = driver.decisions
          .slice(before)
          .map(({ flow, outcome, reason }) => `${flow} ${outcome} ${reason ?? ""}`.trim())
          .sort();
        const wanted = probes.map(({ model }, i) =>
          model(all, driver.now) ? `p${i} shown` : `p${i} held audience`,
        );
        expect(said).toEqual(wanted);
        told.asked += probes.length;
        told.held += wanted.filter((one) => one.endsWith("shown")).length;
        driver.send({ type: "stop" });
      }
    }),
    RUNS,
  );
  return told;
}

describe("conditions about what was done equal a naive model of the whole history", () => {
  it.each([
    ["counts and windows", countProbe],
    ["sequences", sequenceProbe],
    ["inactivity", inactiveProbe],
    ["feature states", featureProbe],
  ] as const)("%s", (kind, probe) => {
    const { asked, held } = agree(probe);
    console.log(`${kind}: ${asked} answers, ${held} of them true`);
    expect(asked).toBeGreaterThan(10 * RUNS.numRuns);
    expect(Math.min(held, asked - held)).toBeGreaterThan(asked / 20);
  });
});

describe("attribute rules", () => {
  it("never throw, whatever the host and the author write", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (attributes, rule) => {
        expect(typeof matchesRule(attributes, rule, START)).toBe("boolean");
      }),
      RUNS,
    );
  });
});
