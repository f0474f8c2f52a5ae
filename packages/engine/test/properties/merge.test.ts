import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type State, serialise } from "../../src/index.ts";
import { joinShared } from "../../src/merge.ts";
import { aConfig, aFlow, createDriver, type Driver, START } from "../../src/testing.ts";
import { config, log, play, RUNS } from "./person.ts";

type Shared = State["shared"];
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function device(i: number, moves: typeof log extends fc.Arbitrary<infer T> ? T : never): Driver {
  const driver = createDriver({ config, deviceId: `device-${i}`, now: START + i * 17 });
  for (const each of moves) play(driver, each);
  return driver;
}

/** States of three hundred devices, to be joined in every way; each has an id of its own. */
const states = fc.sample(log, 300).map((moves, i) => device(i, moves).state.shared);
const someone = fc.constantFrom(...states);

/** Ids of the runs that were really seen. */
const seenIn = ({ runs }: Shared): string[] =>
  Object.values(runs)
    .flatMap((byId) => Object.entries(byId))
    .flatMap(([id, { seen }]) => (seen === undefined ? [] : [id]))
    .sort();

/** How often a flow was seen, the runs that were summed up included. */
const exposuresOf = ({ runs, past }: Shared, flow: string): number =>
  Object.values(runs[flow] ?? {}).filter(({ seen }) => seen !== undefined).length +
  Object.values(past[flow] ?? {}).reduce((sum, { exposed }) => sum + exposed, 0);

describe("joining what devices know of one person", () => {
  it("is commutative, associative and idempotent", () => {
    const same = (one: Shared, two: Shared) => {
      if (!isDeepStrictEqual(one, two)) expect(two).toEqual(one);
    };
    fc.assert(
      fc.property(someone, someone, someone, (x, y, z) => {
        const joined = joinShared(x, y);
        same(joinShared(y, x), joined);
        same(joinShared(joined, z), joinShared(x, joinShared(y, z)));
        same(joinShared(joined, x), joined);
        same(joinShared(joined, joined), joined);
      }),
      RUNS,
    );
  });

  it("loses no exposure, no end, no tick and no snooze, and adds up the counts", () => {
    let exposures = 0;
    fc.assert(
      fc.property(someone, someone, (x, y) => {
        fc.pre(x !== y);
        const joined = joinShared(x, y);
        expect(seenIn(joined)).toEqual([...seenIn(x), ...seenIn(y)].sort());
        exposures += seenIn(joined).length;
        for (const one of [x, y]) {
          for (const [flow, byId] of Object.entries(one.runs))
            for (const [id, { end, why }] of Object.entries(byId)) {
              expect(joined.runs[flow]?.[id]).toMatchObject(end === undefined ? {} : { end, why });
            }
          for (const [flow, at] of Object.entries(one.snoozes))
            expect(joined.snoozes[flow]).toBeGreaterThanOrEqual(at);
          for (const [flow, items] of Object.entries(one.items))
            for (const [item, at] of Object.entries(items))
              expect(joined.items[flow]?.[item]).toBeLessThanOrEqual(at);
          for (const flow of Object.keys(one.goals)) expect(joined.goals[flow]).toBeDefined();
        }
        const count = ({ books }: Shared, key: string) =>
          Object.values(books).reduce((sum, book) => sum + (book[key]?.n ?? 0), 0);
        for (const key of ["e:a", "e:b", "e:c"])
          expect(count(joined, key)).toBe(count(x, key) + count(y, key));
      }),
      RUNS,
    );
    expect(exposures).toBeGreaterThan(RUNS.numRuns);
  });

  it("comes to the same whichever device tells the other first", () => {
    fc.assert(
      fc.property(log, log, (a, b) => {
        const [x, y] = [device(0, a), device(1, b)];
        for (const driver of [x, y]) driver.send({ type: "identify", userId: "u" });
        const [ofX, ofY] = [copy(x.state), copy(y.state)];
        x.send({ type: "merge", state: copy(ofY) });
        y.send({ type: "merge", state: copy(ofX) });
        expect(seenIn(x.state.shared)).toEqual(seenIn(y.state.shared));
        expect(isDeepStrictEqual(x.state.shared.books, y.state.shared.books)).toBe(true);
        const before = serialise(x.state);
        const { decisions } = x.send({ type: "merge", state: copy(ofY) });
        expect(decisions).toEqual([]);
        expect(JSON.parse(serialise(x.state)).shared).toEqual(JSON.parse(before).shared);
      }),
      RUNS,
    );
  });

  it("counts each exposure once, also after more than are kept one by one, and from stale copies", () => {
    const often = aConfig(
      [
        aFlow("a", {
          kind: "hotspot",
          trigger: { event: "x" },
          frequency: { atMost: null, until: "none", gap: "1s" },
        }),
      ],
      { settings: { budget: null } },
    );
    const times = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
      fc.integer({ min: 38, max: 45 }),
    );
    const rounds = fc.array(
      fc.record({
        on: fc.constantFrom(0, 1),
        times,
        tell: fc.constantFrom("nobody", "other", "late", "open"),
      }),
      { minLength: 1, maxLength: 5 },
    );
    let summedUp = 0;
    fc.assert(
      fc.property(rounds, (all) => {
        const both = [0, 1].map((i) =>
          createDriver({ config: often, deviceId: `device-${i}`, now: START + i }),
        );
        let stale: State | undefined;
        let real = 0;
        for (const { on, times: n, tell } of all) {
          const [here, there] = [both[on], both[1 - on]];
          if (!here || !there) return;
          for (let i = 0; i < n; i++) {
            here.track("x");
            here.expose("a");
            if (tell === "open") stale ??= copy(here.state);
            here.act("a", { kind: "close" });
            here.wait(2_000);
            there.wait(3_000);
            real++;
          }
          if (tell === "other") there.send({ type: "merge", state: copy(here.state) });
          else if (tell === "late") {
            if (stale) there.send({ type: "merge", state: copy(stale) });
            stale = copy(here.state);
          }
        }
        const [x, y] = both.map(({ state }) => state.shared);
        if (!x || !y) return;
        const joined = joinShared(x, y);
        summedUp += Object.keys(joined.past).length;
        expect(exposuresOf(joined, "a")).toBe(real);
        expect(exposuresOf(joinShared(joined, x), "a")).toBe(real);
        if (!stale) return;
        const early = joinShared(stale.shared, joined);
        expect(exposuresOf(early, "a")).toBe(real);
        expect(joinShared(joinShared(stale.shared, x), y)).toEqual(early);
      }),
      RUNS,
    );
    expect(summedUp).toBeGreaterThan(RUNS.numRuns / 20);
  });
});
