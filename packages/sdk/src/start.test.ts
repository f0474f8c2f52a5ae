// @vitest-environment happy-dom
import type { Config } from "@cairn/flow-schema";
import { afterEach, expect, it } from "vitest";
import { fakeBrowser } from "../test/fake-browser.ts";
import type { Cairn, CairnOptions } from "./api.ts";
import { createClient } from "./client.ts";

const flow = { schemaVersion: 1, id: "hi", kind: "tooltip", steps: [{ id: "s", title: "Hi" }] };
const SOUND = { schemaVersion: 1, environment: "test", flows: [flow], settings: { budget: null } };

let cairn: Cairn | undefined;
afterEach(() => cairn?.destroy());
function open(options: Partial<CairnOptions> = {}, config: object = SOUND) {
  const page = fakeBrowser({ config: config as Config });
  const known = { key: "pk", host: "https://cairn.test", debug: true, ...options } as CairnOptions;
  cairn = createClient(known, page.platform);
  return { page, cairn };
}

it("asks nothing, stores nothing and waits for nothing where it is destroyed before it has started", async () => {
  for (const options of [{}, { privacy: {} }]) {
    const { page, cairn } = open(options);
    cairn.destroy();
    // Longer than definitions keep.
    await page.clock.advance(700_000);
    expect(page.requests).toEqual([]);
    expect([...page.values.keys()]).toEqual([]);
    expect(page.clock.pending()).toBe(0);
  }
});

it("asks nothing once it is destroyed while consent is being taken down", async () => {
  const { page, cairn } = open({ consent: "pending" });
  await page.clock.advance(1_000);
  cairn.consent("granted");
  cairn.destroy();
  await page.clock.advance(700_000);
  expect(page.requests).toEqual([]);
  expect(page.clock.pending()).toBe(0);
});

it("tells the server and the page of an error, each kind once, also of one before the start", async () => {
  const { page, cairn } = open({}, { ...SOUND, features: 7 });
  const heard: unknown[] = [];
  cairn.on("error", (detail) => heard.push(detail));
  cairn.identify("u1");
  const told = () => page.stored.filter(({ event }) => event === "cairn.error");
  await page.clock.advance(5_000);
  expect(heard).toEqual([{ code: "config" }]);
  expect(told().map(({ properties, userId }) => [properties, userId])).toEqual([[{ code: "config" }, "u1"]]);
  // Another of the same kind, and one of another.
  page.publish({ ...SOUND, features: 8 } as unknown as Config);
  await page.clock.advance(300_000);
  const { filter } = Array.prototype;
  Array.prototype.filter = () => {
    throw new Error("broken by the page");
  };
  cairn.decisions();
  Array.prototype.filter = filter;
  await page.clock.advance(5_000);
  expect(heard).toEqual([{ code: "config" }, { code: "api" }]);
  expect(told().map(({ properties }) => properties?.code)).toEqual(["config", "api"]);
});

it("numbers what is told of a visit in one row, over pages and from one person to another and back", async () => {
  const { page, cairn: first } = open();
  const told = () => page.stored.map(({ context }) => `${context?.cairn?.session} ${context?.cairn?.seq}`);
  for (const user of ["u1", "u2", "u1"]) {
    first.identify(user);
    first.track("x");
    await page.clock.advance(5_000);
  }
  first.destroy();
  await page.clock.advance(1_000);
  cairn = createClient({ key: "pk", host: "https://cairn.test", debug: true }, page.platform);
  cairn.track("x");
  await page.clock.advance(5_000);
  expect(told().length).toBeGreaterThan(8);
  expect([...new Set(told())]).toEqual(told());
  // Of each visit none is missing.
  for (const id of new Set(page.stored.map(({ context }) => context?.cairn?.session))) {
    const numbers = page.stored.flatMap(({ context }) =>
      context?.cairn?.session === id ? (context?.cairn?.seq ?? 0) : [],
    );
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  }
});
