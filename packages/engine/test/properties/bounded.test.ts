import { describe, expect, it } from "vitest";
import { serialise } from "../../src/index.ts";
import { aConfig, createDriver } from "../../src/testing.ts";
import { flows, MINUTE } from "./person.ts";

const EVENTS = 100_000;
/** A simple generator, so that every run sees the same log. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const listening = [
  ...flows,
  ...["a", "b", "rare-7"].map((event, i) => ({
    schemaVersion: 1 as const,
    id: `count-${i}`,
    kind: "hotspot" as const,
    trigger: { event, atLeast: 20, within: "1h", where: { size: { $gt: 5 } } },
    audience: { sequence: ["a", "b", "c"], within: "1h", without: "rare-1" },
    frequency: { atMost: null, until: "none" as const, gap: "10m" },
    steps: [{ id: "s", title: "t" }],
  })),
];

describe(`over ${EVENTS} events`, () => {
  it("the state stays as large as it was after the first tenth, and so do all its lists", () => {
    const driver = createDriver({
      config: aConfig(listening as never, {
        features: [
          {
            id: "f",
            name: "F",
            uses: [{ event: "a" }, { event: "b", where: { size: { $gt: 5 } } }],
            activated: { count: 5, within: "1d" },
          },
        ] as never,
        settings: { budget: { perSession: 5, minGap: "1s" } },
      }),
    });
    const roll = dice(7);
    const sizes: number[] = [];
    for (let i = 1; i <= EVENTS; i++) {
      const which = roll(10);
      // Two thousand names, of which a few come all the time.
      const event = which < 6 ? (["a", "b", "c"][roll(3)] ?? "a") : `rare-${roll(2_000)}`;
      driver.send({ type: "track", event, properties: { size: roll(10) } });
      if (i % 20 === 0) {
        const flow = [...driver.screen.keys()][roll(2)];
        if (flow) driver.expose(flow);
        if (flow && driver.screen.has(flow)) driver.act(flow, { kind: "close" });
        driver.page(`/${roll(5)}`);
      }
      driver.wait(roll(200) === 0 ? 31 * MINUTE : roll(3_000));
      if (i % (EVENTS / 10) === 0) {
        sizes.push(serialise(driver.state).length);
        driver.effects.length = 0;
        driver.decisions.length = 0;
      }
    }
    const [first = 0] = sizes;
    console.log(`state after each ${EVENTS / 10} events, in bytes: ${sizes.join(" ")}`);
    expect(Math.max(...sizes)).toBeLessThan(first * 1.2);
    expect(Math.max(...sizes)).toBeLessThan(400_000);
    const { shared, local, log } = driver.state;
    const book = Object.entries(shared.books[driver.state.device] ?? {});
    expect(book.filter(([key]) => key.startsWith("e:")).length).toBeLessThanOrEqual(256);
    for (const [key, { at }] of book) expect(at.length, key).toBeLessThanOrEqual(50);
    for (const runs of Object.values(shared.runs)) expect(Object.keys(runs).length).toBeLessThanOrEqual(42);
    expect(log.length).toBeLessThanOrEqual(500);
    expect(local.queue.length).toBeLessThanOrEqual(50);
    expect(local.ledger.spent.length).toBeLessThan(200);
    // Counting goes on beyond what is kept.
    expect(shared.books[driver.state.device]?.["e:a"]?.n).toBeGreaterThan(15_000);
  });
});
