import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesRule } from "./attribute.ts";
import { activatedAt } from "./feature-state.ts";
import { addTime, countTimes, newTimes } from "./history.ts";
import { joinShared } from "./merge.ts";
import { extendChain, newChain, type SequenceSpec } from "./sequence.ts";
import { aConfig, aFlow, aStep, createDriver, type Driver, START } from "./testing.ts";
import { serialise } from "./user-state.ts";

const RUNS = { numRuns: 300 };
const MINUTE = 60_000;

const KINDS = ["tooltip", "banner", "hotspot", "modal", "checklist"] as const;

/** Some flows that compete for the person's attention. */
const flows = KINDS.flatMap((kind, i) =>
  ["p", "q"].map((letter, j) =>
    aFlow(`${kind}-${letter}`, {
      kind,
      priority: (i * 7 + j * 3) % 10,
      trigger: { event: letter === "p" ? "a" : "b", atLeast: 1 + j, within: "1h" },
      frequency: { atMost: 1 + ((i + j) % 3), until: i % 2 ? "none" : "dismissed", gap: "10m" },
      ...(i === 1 && { goal: { reach: { event: "c" } } }),
      ...(kind === "checklist"
        ? { items: [{ id: "i", title: "I", done: { event: "c" } }] }
        : {
            steps: [
              aStep("one", {
                ...(i === 0 && { target: "btn" }),
                actions: [
                  { id: "ok", label: "OK", do: "done" },
                  { id: "later", label: "Later", do: { snooze: "5m" } },
                ],
              }),
            ],
          }),
    }),
  ),
);
const BUDGET = { perSession: 3, perDay: 5, perWeek: 8 };
const config = aConfig(flows, { settings: { budget: BUDGET } });

type Move =
  | { readonly kind: "track"; readonly event: string }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "page" | "expose" | "close" | "done" | "later" | "lose" | "find" | "guard" | "unguard" };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "c").map((event): Move => ({ kind: "track", event })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(1_000, MINUTE, 11 * MINUTE, 31 * MINUTE, 700 * MINUTE)
      .map((ms): Move => ({ kind: "wait", ms })),
  },
  {
    weight: 5,
    arbitrary: fc
      .constantFrom("page", "expose", "expose", "close", "done", "later", "lose", "find", "guard", "unguard")
      .map((kind): Move => ({ kind })),
  },
);
const log = fc.array(move, { minLength: 1, maxLength: 60 });

function play(driver: Driver, one: Move): void {
  const first = [...driver.screen.keys()][0];
  const act = (id: string) =>
    first &&
    first.startsWith("checklist") === false &&
    driver.act(first, { kind: "button", id: id as never });
  switch (one.kind) {
    case "track":
      driver.track(one.event);
      return;
    case "wait":
      driver.wait(one.ms);
      return;
    case "page":
      driver.page("/");
      return;
    case "expose":
      for (const flow of driver.screen.keys()) if (driver.screen.has(flow)) driver.expose(flow);
      return;
    case "close":
      if (first) driver.act(first, { kind: "close" });
      return;
    case "done":
      act("ok");
      return;
    case "later":
      act("later");
      return;
    case "lose":
      driver.setTarget("btn", false);
      return;
    case "find":
      driver.setTarget("btn", true);
      return;
    case "guard":
      driver.send({ type: "guard", reason: "typing", on: true });
      return;
    case "unguard":
      driver.send({ type: "guard", reason: "typing", on: false });
      return;
  }
}

const runsOf = (driver: Driver) =>
  Object.entries(driver.state.shared.runs).flatMap(([flow, runs]) =>
    Object.values(runs).map((run) => ({ flow, ...run })),
  );

describe("on any log of what a person does, the engine", () => {
  it("says the same for the same log, byte by byte", () => {
    fc.assert(
      fc.property(log, (moves) => {
        const [one, two] = [createDriver({ config }), createDriver({ config })];
        for (const each of moves) {
          play(one, each);
          play(two, each);
        }
        expect(serialise(two.state)).toBe(serialise(one.state));
        expect(JSON.stringify(two.effects)).toBe(JSON.stringify(one.effects));
      }),
      RUNS,
    );
  });

  it("goes on from what was written as from what it had in hand", () => {
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
        expect(two.decisions.slice(decidedToo)).toEqual(one.decisions.slice(decided));
        expect(two.effects.slice(doneToo)).toEqual(one.effects.slice(done));
        expect(serialise(two.state)).toBe(serialise(one.state));
      }),
      RUNS,
    );
  });

  it("never shows a flow more often, or sooner, than its frequency allows", () => {
    fc.assert(
      fc.property(log, (moves) => {
        const driver = createDriver({ config });
        for (const each of moves) play(driver, each);
        for (const flow of flows) {
          const exposed = runsOf(driver).filter((run) => run.flow === flow.id && run.seen !== undefined);
          const counted = exposed.filter(({ why }) => why !== "snoozed");
          expect(counted.length).toBeLessThanOrEqual(flow.frequency?.atMost ?? 0);
          const starts = exposed.map(({ start }) => start).sort((a, b) => a - b);
          for (let i = 1; i < starts.length; i++)
            expect((starts[i] ?? 0) - (starts[i - 1] ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE);
        }
      }),
      RUNS,
    );
  });

  it("never spends more than the budget, in any window", () => {
    fc.assert(
      fc.property(log, (moves) => {
        const driver = createDriver({ config });
        for (const each of moves) play(driver, each);
        const spent = runsOf(driver).filter(({ seen, weight }) => seen !== undefined && weight > 0);
        for (const { seen = 0 } of spent) {
          const within = (ms: number) =>
            spent
              .filter((one) => (one.seen ?? 0) > seen - ms && (one.seen ?? 0) <= seen)
              .reduce((sum, one) => sum + one.weight, 0);
          expect(within(24 * 60 * MINUTE)).toBeLessThanOrEqual(BUDGET.perDay);
          expect(within(7 * 24 * 60 * MINUTE)).toBeLessThanOrEqual(BUDGET.perWeek);
        }
      }),
      RUNS,
    );
  });

  it("keeps one flow in the focus and one per banner edge", () => {
    fc.assert(
      fc.property(log, (moves) => {
        const driver = createDriver({ config });
        for (const each of moves) {
          play(driver, each);
          const drawn = driver.state.local.open.filter(({ on }) => on !== null);
          const kinds = drawn.map(({ flow }) => flow.split("-")[0]);
          expect(kinds.filter((kind) => kind === "tooltip" || kind === "modal").length).toBeLessThanOrEqual(
            1,
          );
          expect(kinds.filter((kind) => kind === "banner").length).toBeLessThanOrEqual(1);
          expect(kinds.filter((kind) => kind === "checklist").length).toBeLessThanOrEqual(1);
        }
      }),
      RUNS,
    );
  });

  it("never leaves the focus empty while somebody could have it, wherever tours wait for their pages", () => {
    const tour = (id: string, target: string) =>
      aFlow(id, {
        kind: "tour",
        trigger: { event: id },
        frequency: { atMost: null, until: "none" },
        steps: [aStep("one", { target }), aStep("two", { target: "z" }), aStep("three")].map((step) => ({
          ...step,
          actions: [{ id: "next", label: "Next", do: "next" }],
        })),
      });
    const tip = aFlow("tip", { trigger: { event: "tip" }, frequency: { atMost: null, until: "none" } });
    const tours = aConfig([tour("s", "x"), tour("t", "y"), tip], { settings: { budget: null } });
    const names = fc.constantFrom(
      "s",
      "t",
      "tip",
      "page",
      "next",
      "close",
      "wait",
      "reload",
      "leave",
      "come",
    );
    const targets = fc.tuple(fc.constantFrom("x", "y", "z"), fc.boolean());
    let [shared, back, free] = [0, 0, 0];
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 4, arbitrary: names }, { weight: 1, arbitrary: targets }), {
          minLength: 10,
          maxLength: 40,
          size: "max",
        }),
        (moves) => {
          const driver = createDriver({ config: tours });
          for (const one of moves) {
            const before = [...driver.screen.keys()];
            if (Array.isArray(one)) driver.setTarget(one[0], one[1]);
            else if (one === "page") driver.page(`/${driver.now}`);
            else if (one === "wait") driver.wait(5_000);
            else if (one === "leave" || one === "come") {
              driver.page(`/${one}`);
              for (const target of ["x", "y", "z"]) driver.setTarget(target, one === "come");
            } else if (one === "reload") driver.reload();
            else if (one !== "next" && one !== "close") driver.track(one);
            else
              for (const flow of before)
                driver.act(
                  flow,
                  one === "close" ? { kind: "close" } : { kind: "button", id: "next" as never },
                );
            const { open, located, queue } = driver.state.local;
            expect(driver.screen.size).toBeLessThanOrEqual(1);
            shared += open.length > 1 ? 1 : 0;
            back += before[0] === "tip" && one === "close" && driver.screen.size ? 1 : 0;
            // A step whose target is yet to come, or gone without a route change, keeps the focus for a while.
            if (driver.screen.size || open.some(({ moved, arriving }) => arriving || !moved)) continue;
            free++;
            expect(queue.filter(({ reason }) => reason === "outranked")).toEqual([]);
            for (const { flow, run } of open) {
              const { step } = driver.state.shared.runs[flow]?.[run] ?? {};
              const key = step === "two" ? "z" : step === "three" ? "" : flow === "s" ? "x" : "y";
              expect(located[key]).toBe(-1);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
    console.log(
      `${shared} moments with two flows open, ${free} with the focus free, ${back} tours that came back after a tip`,
    );
    expect(Math.min(shared, back, free)).toBeGreaterThan(20);
  });

  it("gives every run exactly one end, and every firing exactly one answer", () => {
    fc.assert(
      fc.property(log, (moves) => {
        const driver = createDriver({ config });
        for (const each of moves) play(driver, each);
        for (const run of runsOf(driver)) expect(run.why !== undefined).toBe(run.end !== undefined);
        const ended = driver.effects.filter(
          (one) => one.type === "record" && one.event === "cairn.flow.ended",
        );
        expect(ended.length).toBe(runsOf(driver).filter(({ end }) => end !== undefined).length);
        expect(driver.state.local.pending).toEqual([]);
      }),
      RUNS,
    );
  });

  it("joins the states of two devices in any order, and loses no exposure", () => {
    fc.assert(
      fc.property(log, log, log, (a, b, c) => {
        const [x, y, z] = [a, b, c].map((moves, i) => {
          const driver = createDriver({ config, deviceId: `device-${i}`, now: START + i * 17 });
          for (const each of moves) play(driver, each);
          return driver.state.shared;
        });
        if (!x || !y || !z) return;
        const text = (value: unknown) => JSON.stringify(sorted(value));
        expect(text(joinShared(x, y))).toBe(text(joinShared(y, x)));
        expect(text(joinShared(joinShared(x, y), z))).toBe(text(joinShared(x, joinShared(y, z))));
        expect(text(joinShared(x, x))).toBe(text(x));
        const exposures = (one: typeof x) =>
          Object.values(one.runs)
            .flatMap((runs) => Object.values(runs))
            .filter(({ seen }) => seen !== undefined).length;
        expect(exposures(joinShared(x, y))).toBe(exposures(x) + exposures(y));
      }),
      RUNS,
    );
  });
});

/** Keys in order, so that equal values are equal texts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

const moments = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 }).map((gaps) => {
  let at = 100;
  return gaps.map((gap) => {
    at += gap;
    return at;
  });
});

describe("bounded history agrees with the full one", () => {
  it("counts in a window, or says that it cannot", () => {
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 400 }),
        (all, keep, window) => {
          const times = newTimes(-1);
          for (const at of all) addTime(times, at, keep);
          const now = all.at(-1) ?? 100;
          const naive = all.filter((at) => at > now - window && at <= now).length;
          const { n, exact } = countTimes([times], now - window);
          if (exact) expect(n).toBe(naive);
          else expect(n).toBeLessThanOrEqual(naive);
          // A list one longer than the largest number compared decides every comparison with it.
          const limit = keep - 1;
          expect(exact || n > limit || n === times.at.length).toBe(true);
          expect(n > limit).toBe(naive > limit);
          expect(countTimes([times], -1)).toEqual({ n: all.length, exact: true });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("finds the first activation", () => {
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 60 }),
        (all, count, within) => {
          const naive = all.find((at) => all.filter((one) => one <= at && one > at - within).length >= count);
          const found = activatedAt(all, { count, within, lapsedAfter: -1 });
          expect(found).toBe(naive);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

type Happening = { readonly at: number; readonly name: string };

/** All chains there are, by trying every combination. */
function naiveSequence(all: readonly Happening[], { names, without, within }: SequenceSpec) {
  let done: [number, number] | null = null;
  const search = (place: number, start: number, last: number): void => {
    if (place === names.length) {
      if (!done || last > done[1] || (last === done[1] && start > done[0])) done = [start, last];
      return;
    }
    for (const { at, name } of all)
      if (name === names[place] && (place === 0 || at > last) && (place === 0 || at - start <= within)) {
        const from = place === 0 ? at : start;
        const discarded = all.some((one) => one.name === without && one.at > from);
        if (!discarded) search(place + 1, from, at);
      }
  };
  search(0, 0, -1);
  return done;
}

describe("a chain that remembers one start per place", () => {
  it("agrees with a search through all combinations", () => {
    const happenings = fc
      .array(fc.record({ gap: fc.integer({ min: 0, max: 6 }), name: fc.constantFrom("a", "b", "c", "w") }), {
        maxLength: 14,
      })
      .map((list) => {
        let at = 10;
        return list.map(({ gap, name }): Happening => {
          at += gap;
          return { at, name };
        });
      });
    const names = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        happenings,
        names,
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        (all, wanted, within, without) => {
          const spec: SequenceSpec = {
            key: "s",
            names: wanted,
            without: without ? "w" : undefined,
            within,
            wait: 0,
          };
          const chain = newChain(spec, false);
          for (const { at, name } of all) extendChain(chain, spec, name, at);
          expect(chain.done).toEqual(naiveSequence(all, spec));
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe("attribute rules", () => {
  it("never throw, whatever the host and the author write", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (attributes, rule) => {
        expect(typeof matchesRule(attributes, rule, START)).toBe("boolean");
      }),
      { numRuns: 2_000 },
    );
  });
});
