import { expect, it } from "vitest";
import { BREAKER_ERRORS, BREAKER_WINDOW_MS, createErrors } from "./errors.ts";
import { createFakeClock } from "./testing.ts";

function setUp() {
  const clock = createFakeClock();
  const said: unknown[] = [];
  const told: string[] = [];
  let trips = 0;
  const errors = createErrors({
    clock,
    logger: { warn: (words) => said.push(words) },
    first: (code) => told.push(code),
    trip: () => trips++,
  });
  return { clock, said, told, errors, trips: () => trips };
}
const boom = () => {
  throw new Error("boom");
};

it("turns an error into the fallback, and says each code once", () => {
  const { errors, said, told } = setUp();
  expect(errors.guarded("api", boom, 7)()).toBe(7);
  errors.guarded("api", boom, undefined)();
  expect(said).toEqual(["cairn: internal error (api)"]);
  expect(told).toEqual(["api"]);
  expect(errors.codes()).toEqual(["api"]);
});

it("trips at the third error within a minute, and not when they are spread out", async () => {
  const { errors, clock, trips } = setUp();
  for (let i = 0; i < 10; i++) {
    errors.report("engine", new Error());
    await clock.advance(BREAKER_WINDOW_MS / (BREAKER_ERRORS - 1));
  }
  expect(trips()).toBe(0);
  for (let i = 0; i < BREAKER_ERRORS; i++) errors.report("engine", new Error());
  expect(trips()).toBe(1);
});

it("does not hold a host's handler against itself", () => {
  const { errors, trips } = setUp();
  for (let i = 0; i < 10; i++) errors.report("event-handler", new Error());
  expect(trips()).toBe(0);
});

it("survives a console that throws", () => {
  const errors = createErrors({
    clock: createFakeClock(),
    logger: { warn: boom },
    first: boom,
    trip: boom,
  });
  expect(() => {
    for (let i = 0; i < 5; i++) errors.report("ui", new Error());
    errors.hint("x");
  }).not.toThrow();
});

it("survives a page whose clock throws, and one that has broken what it counts with", () => {
  const at = (clock: object) =>
    createErrors({
      clock: { ...createFakeClock(), ...clock },
      logger: { warn() {} },
      first() {},
      trip() {},
    });
  expect(() => at({ now: boom }).report("ui", new Error())).not.toThrow();
  expect(at({ now: boom }).guarded("api", boom, 7)()).toBe(7);
  const errors = at({});
  const { add } = Set.prototype;
  Set.prototype.add = boom;
  let answer: unknown;
  try {
    answer = errors.guarded("api", boom, 7)();
  } finally {
    Set.prototype.add = add;
  }
  expect(answer).toBe(7);
});
