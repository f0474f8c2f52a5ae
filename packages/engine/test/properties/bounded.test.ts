import { describe, expect, it } from "vitest";
import { compile, type State, serialise, transition } from "../../src/index.ts";
import { aConfig, createDriver } from "../../src/testing.ts";
import { FULL } from "../full.ts";
import { flows, MINUTE } from "./person.ts";

const EVENTS = FULL ? 100_000 : 6_000;
/** It is looked at after each so many: the first time when everything has come often enough. */
const PART = FULL ? 10_000 : 1_500;
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

const config = aConfig(listening as never, {
  features: [
    {
      id: "f",
      name: "F",
      uses: [{ event: "a" }, { event: "b", where: { size: { $gt: 5 } } }],
      activated: { count: 5, within: "1d" },
    },
  ] as never,
  settings: { budget: { perSession: 5, minGap: "1s" } },
});

/** The state, with every look into it counted: what an event costs, without a clock. */
function counted(state: State, looks: { n: number }): State {
  const known = new WeakMap<object, object>();
  const wrap = <T>(value: T): T => {
    if (typeof value !== "object" || value === null) return value;
    const found = known.get(value);
    if (found) return found as T;
    const proxy = new Proxy(value, {
      get(target, key, receiver) {
        looks.n++;
        return wrap(Reflect.get(target, key, receiver));
      },
      ownKeys(target) {
        const keys = Reflect.ownKeys(target);
        looks.n += keys.length;
        return keys;
      },
    });
    known.set(value, proxy);
    return proxy as T;
  };
  return wrap(state);
}

describe(`over ${EVENTS} events`, () => {
  it("the state and the cost of an event stay as large as after the first part", () => {
    const driver = createDriver({ config });
    const compiled = compile(config);
    const env = { timezone: "UTC", device: { width: 1280, height: 800, touch: false } };
    const roll = dice(7);
    const sizes: number[] = [];
    const costs: number[] = [];
    for (let i = 1; i <= EVENTS; i++) {
      const which = roll(10);
      // Two thousand names, of which a few come all the time.
      const common = which < 1 ? ["a", "b", "c"] : ["d", "e", "f"];
      const event = which < 8 ? (common[roll(3)] ?? "a") : `rare-${roll(2_000)}`;
      driver.send({ type: "track", event, properties: { size: roll(10) } });
      if (i % 20 === 0) {
        const flow = [...driver.screen.keys()][roll(2)];
        if (flow) driver.expose(flow);
        if (flow && driver.screen.has(flow)) driver.act(flow, { kind: "close" });
        driver.page(`/${roll(5)}`);
      }
      driver.wait(roll(200) === 0 ? 31 * MINUTE : roll(3_000));
      if (i % PART === 0) {
        sizes.push(serialise(driver.state).length);
        // A hundred events more, on a copy that counts.
        const looks = { n: 0 };
        const copy = counted(JSON.parse(serialise(driver.state)), looks);
        for (let j = 0; j < 100; j++)
          transition(
            compiled,
            copy,
            {
              type: "track",
              event: ["a", "b", "d", `rare-${j}`][j % 4] ?? "a",
              properties: { size: j % 10 },
            },
            { ...env, now: driver.now + j },
          );
        costs.push(Math.round(looks.n / 100));
        driver.effects.length = 0;
        driver.decisions.length = 0;
      }
    }
    const [first = 0] = sizes;
    const [cost = 0] = costs;
    console.log(`state after each ${PART} events, in bytes: ${sizes.join(" ")}`);
    console.log(`looks into the state per event: ${costs.join(" ")}`);
    expect(Math.max(...costs)).toBeLessThan(cost * 1.3);
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
    expect(shared.books[driver.state.device]?.["e:a"]?.n).toBeGreaterThan(0.025 * EVENTS);
  }, 300_000);
});
