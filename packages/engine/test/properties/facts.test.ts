import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Facts, type State, serialise } from "../../src/index.ts";
import { aConfig, aFlow, createDriver, START } from "../../src/testing.ts";
import { MINUTE, RUNS } from "./person.ts";

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const MOST = 40;

/** A ruler of counts: `n3` may be shown while event `x` has come exactly three times. */
const ruler = aConfig(
  Array.from({ length: MOST + 1 }, (_, n) =>
    aFlow(`n${n}`, {
      kind: "hotspot",
      trigger: { event: "?" },
      audience: { event: "x", exactly: n },
      frequency: { atMost: null, until: "none", gap: "1s" },
    }),
  ),
  { settings: { budget: null } },
);

const move = fc.record({
  on: fc.constantFrom(0, 1),
  what: fc.constantFrom("x", "x", "x", "facts", "merge", "reload"),
  gap: fc.constantFrom(1, 1_000, MINUTE),
});

describe("what the server knows and what devices know, told in any order", () => {
  it("makes each event count exactly once", () => {
    let facts = 0;
    fc.assert(
      fc.property(fc.array(move, { minLength: 1, maxLength: MOST, size: "max" }), (moves) => {
        const devices = [0, 1].map((i) => createDriver({ config: ruler, deviceId: `d${i}`, now: START }));
        for (const driver of devices) driver.send({ type: "identify", userId: "u", verified: true });
        const real: number[] = [];
        let told = -1;
        for (const { on, what, gap } of moves) {
          for (const driver of devices) driver.wait(gap);
          const [here, there] = [devices[on], devices[1 - on]];
          if (!here || !there) return;
          if (what === "x") {
            here.track("x");
            real.push(here.now);
          } else if (what === "facts") {
            told = here.now;
            const known: Facts = {
              upto: told,
              user: real.length
                ? {
                    "e:x": {
                      n: real.length,
                      first: real[0] ?? 0,
                      last: real.at(-1) ?? 0,
                      from: -1,
                      since: real.length > 50 ? (real.at(-51) ?? -1) : -1,
                      at: real.slice(-50),
                    },
                  }
                : {},
              account: null,
            };
            here.send({ type: "merge", facts: known });
            facts++;
          } else if (what === "merge") here.send({ type: "merge", state: copy(there.state) as State });
          else here.reload();
        }
        const [one, two] = devices;
        if (!one || !two) return;
        one.send({ type: "merge", state: copy(two.state) as State });
        two.send({ type: "merge", state: copy(one.state) as State });
        for (const driver of [one, two]) {
          const before = driver.decisions.length;
          driver.track("?");
          const shown = driver.decisions.slice(before).filter(({ outcome }) => outcome === "shown");
          expect(shown.map(({ flow }) => flow)).toEqual([`n${real.length}`]);
        }
        expect(serialise(one.state).length).toBeGreaterThan(0);
      }),
      RUNS,
    );
    expect(facts).toBeGreaterThan(RUNS.numRuns);
  });
});
