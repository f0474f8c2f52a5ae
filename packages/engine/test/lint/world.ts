import type { Decision, Env, Input } from "../../src/index.ts";
import { createDriver, type Driver, type DriverOptions } from "../../src/testing.ts";
import { ANCHORS, EVENTS } from "./conditions.ts";

const HOUR = 3_600_000;
const GAPS = [0, 1, 1_000, 60_000, HOUR - 1, HOUR, 24 * HOUR, 24 * HOUR + 1, 7 * 24 * HOUR, 14 * 24 * HOUR];
const URLS = [
  "/r",
  "/r/",
  "/r/x",
  "/p/1",
  "/p/2/",
  "/other",
  "/r?q=1",
  "https://app.example.com/r",
  "https://eu.example.com/r",
];
const PLANS = ["pro", "trial", "free", null, 0, ["pro", "trial"], { toString: 1 }, ""];
const SEATS = [0, 2, 3, 4, 5, 6, null, "4", "x", []];
const LOCALES = ["ru", "ru-RU", "en", "en-GB", "de"];
const DEVICES = [320, 640, 1280];

/** One person's life in the small world: inputs at random, made from the constants that conditions name. */
export interface Life {
  readonly driver: Driver;
  readonly env: Env;
  /** What happened last. */
  readonly input: Input;
  /** Something happens; the decisions that follow from it. */
  step(): readonly Decision[];
}

export function live(options: Omit<DriverOptions, "start">, random: (below: number) => number): Life {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const device = { width: pick(DEVICES), touch: random(2) === 0 };
  const timezone = pick(["UTC", "Europe/Moscow", "America/New_York"]);
  const driver = createDriver({
    ...options,
    start: false,
    device,
    timezone,
  });
  // An account's history comes from the server.
  const team = random(2) === 0;
  if (team) driver.state.team = {};
  driver.send({ type: "config" });
  const traits = () => ({
    ...(random(2) && { plan: pick(PLANS) }),
    ...(random(2) && { seats: pick(SEATS) }),
    ...(random(2) && { ends: new Date(driver.now + (random(2) ? 1 : -1) * pick(GAPS)).toISOString() }),
  });
  if (random(4) > 0)
    driver.send({
      type: "identify",
      userId: "u",
      verified: team || random(2) === 0,
      traits: traits() as never,
    });
  if (random(4) > 0) driver.send({ type: "group", accountId: "acme", traits: traits() as never });
  if (random(2)) driver.send({ type: "locale", locale: pick(LOCALES) });

  const next = (): Input => {
    const target = pick(ANCHORS);
    switch (random(14)) {
      case 0:
        return { type: "identify", userId: "u", traits: traits() as never };
      case 1:
        return { type: "group", accountId: "acme", traits: traits() as never };
      case 2:
        return {
          type: "element",
          target,
          present: random(4) > 0,
          visible: random(2) === 0,
          enabled: random(2) === 0,
        };
      case 3:
        return { type: "ui", action: pick(["click", "hover"]), targets: random(4) ? [target] : [...ANCHORS] };
      case 4:
        return { type: "signal", name: pick(["idle", "rage-click"]), for: pick([0, 60_000, 90_000]) };
      case 5:
        return { type: "locale", locale: pick(LOCALES) };
      case 6:
        return { type: "tick" };
      case 7:
      case 8:
      case 9:
        return { type: "page", url: pick(URLS) };
      default:
        return { type: "track", event: pick(EVENTS), properties: { n: random(3) } };
    }
  };
  let input: Input = { type: "config" };
  return {
    driver,
    get env() {
      return { now: driver.now, timezone, device: { ...device, height: 800 } };
    },
    get input() {
      return input;
    },
    step() {
      const before = driver.decisions.length;
      if (random(3) === 0) {
        const gap = pick(GAPS);
        if (random(2)) driver.wait(gap);
        else driver.sleep(gap);
      }
      input = next();
      driver.send(input);
      return driver.decisions.slice(before);
    },
  };
}
