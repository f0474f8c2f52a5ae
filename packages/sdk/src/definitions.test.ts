import { aConfig, aFlow } from "@cairn/engine/testing";
import { expect, it } from "vitest";
import { createDefinitions } from "./definitions.ts";
import type { Clock } from "./ports.ts";

const many = (count: number, trigger = "x") =>
  aConfig(Array.from({ length: count }, (_, at) => aFlow(`flow-${at}`, { trigger: { event: trigger } })));

/** A clock that goes on by a millisecond whenever it is read, as if that much work were done between. */
function busyClock() {
  let now = 0;
  const waiting: (() => void)[] = [];
  const clock: Clock = {
    now: () => now++,
    after(_, fn) {
      waiting.push(fn);
      return () => {};
    },
  };
  /** Ends the pauses of a promise one by one, and tells how many they were. */
  async function run<T>(promise: Promise<T>, between = (_pauses: number) => {}): Promise<[T, number]> {
    let ended = false;
    const end = promise.finally(() => {
      ended = true;
    });
    for (let pauses = 0; ; ) {
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      if (ended) return [await end, pauses];
      waiting.shift()?.();
      between(++pauses);
    }
  }
  return { clock, run };
}

it("makes way for the page between the definitions of a large set", async () => {
  const { clock, run } = busyClock();
  const definitions = createDefinitions({ first: many(100), parts: {}, clock, report: () => {} });
  const [compiled, pauses] = await run(definitions.prepare());
  expect(compiled.flows.size).toBe(100);
  // Five of them a task, and one pause before and after.
  expect(pauses).toBeGreaterThanOrEqual(100 / 6);
  expect(pauses).toBeLessThanOrEqual(100 / 4);
});

it("compiles anew what has come while it made way", async () => {
  const { clock, run } = busyClock();
  const definitions = createDefinitions({ first: many(50), parts: {}, clock, report: () => {} });
  const [compiled] = await run(definitions.prepare(), (pauses) => {
    if (pauses === 4 || pauses === 15) definitions.use(many(30 + pauses, "y"));
  });
  expect(compiled.flows.size).toBe(45);
  expect(compiled.triggers.get("e:y")?.size).toBe(45);
});

it("keeps the last that were sound when others of a wrong shape come while it makes way", async () => {
  const { clock, run } = busyClock();
  const errors: unknown[] = [];
  const definitions = createDefinitions({
    first: undefined,
    parts: {},
    clock,
    report: (error) => errors.push(error),
  });
  definitions.use(many(3));
  await run(definitions.prepare());
  definitions.use({ ...many(3), flows: 7 } as never);
  const [compiled] = await run(definitions.prepare());
  expect(compiled.flows.size).toBe(3);
  expect(errors).toHaveLength(1);
});

it("tells once of a wrong shape that two compile at the same time", async () => {
  const { clock, run } = busyClock();
  const errors: unknown[] = [];
  const definitions = createDefinitions({
    first: undefined,
    parts: {},
    clock,
    report: (error) => errors.push(error),
  });
  definitions.use(many(3));
  await run(definitions.prepare());
  // A part of the engine comes while they are compiled: they are compiled once more beside.
  // What settings ask for is compiled after the flows.
  definitions.use({ ...many(50), settings: { quiet: [null] } } as never);
  const both = Promise.all([definitions.prepare(), definitions.prepare()]);
  const [all] = await run(both, (pauses) => {
    if (pauses === 5) definitions.use();
  });
  expect(all.map(({ flows }) => flows.size)).toEqual([3, 3]);
  expect(errors).toHaveLength(1);
});
