import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";
import { openSqliteStorage } from "../src/storage/sqlite/sqlite-storage.ts";
import { type Line, type NaiveFeature, naiveActivation, naiveFunnel } from "./naive-reports.ts";
import { createTestServer } from "./test-server.ts";

const DAY = 86_400_000;
const FROM = Date.parse("2026-10-05T00:00:00Z");
const DATA_SETS = 25;

const folder = mkdtempSync(join(tmpdir(), "cairn-reports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const definitions = {
  segments: [{ id: "pros", where: { any: [{ account: { plan: "pro" } }, { user: { role: "admin" } }] } }],
  features: [
    {
      id: "by-event",
      uses: [{ event: "report.exported" }],
      activated: { count: 2, within: "3d" },
      lapsed: { after: "7d" },
    },
    {
      id: "by-click",
      uses: [{ click: { anchor: "go" } }, { event: "report.exported", where: { format: "pdf" } }],
      activated: { count: 1, within: "1d" },
      availableTo: { user: { role: "admin" } },
    },
    {
      id: "pooled",
      level: "account",
      uses: [{ event: "report.viewed" }, { event: "report.exported" }],
      activated: { count: 3, within: "7d" },
      lapsed: { after: "2d" },
      availableTo: { account: { plan: "pro" } },
    },
    {
      id: "for-pros",
      uses: [{ event: "report.viewed" }],
      activated: { count: 2, within: "14d" },
      availableTo: { segment: "pros" },
    },
  ].map((feature) => ({ name: feature.id, ...feature })),
  settings: { exclude: { any: [{ user: { internal: true } }, { account: { internal: true } }] } },
  flow: {
    schemaVersion: 1,
    id: "tour",
    kind: "tour",
    goal: { reach: { feature: "by-event", is: "activated" }, within: "3d" },
    steps: ["one", "two", "three"].map((id) => ({
      id,
      title: id,
      actions: [{ id: "ok", label: "Next", do: id === "three" ? "done" : "next" }],
    })),
  },
};

type Traits = { readonly [name: string]: unknown } | undefined;
const or = (...parts: (boolean | null)[]) =>
  parts.includes(true) ? true : parts.includes(null) ? null : false;
const is = (traits: Traits, name: string, wanted: unknown) =>
  traits === undefined ? null : traits[name] === wanted;
const exclude = (user: Traits, account: Traits) =>
  or(is(user, "internal", true), is(account, "internal", true));
const event = (line: Line, name: string) => line.type === "track" && line.event === name;
const naiveFeatures: readonly NaiveFeature[] = [
  {
    id: "by-event",
    account: false,
    isUse: (line) => event(line, "report.exported"),
    count: 2,
    within: 3 * DAY,
    lapsed: 7 * DAY,
    available: () => true,
  },
  {
    id: "by-click",
    account: false,
    isUse: (line) =>
      (event(line, "cairn.feature.used") && line.properties?.feature === "by-click") ||
      (event(line, "report.exported") && line.properties?.format === "pdf"),
    count: 1,
    within: DAY,
    lapsed: Number.POSITIVE_INFINITY,
    available: (user) => is(user, "role", "admin") === true,
  },
  {
    id: "pooled",
    account: true,
    isUse: (line) => event(line, "report.viewed") || event(line, "report.exported"),
    count: 3,
    within: 7 * DAY,
    lapsed: 2 * DAY,
    available: (_, account) => is(account, "plan", "pro") === true,
  },
  {
    id: "for-pros",
    account: false,
    isUse: (line) => event(line, "report.viewed"),
    count: 2,
    within: 14 * DAY,
    lapsed: Number.POSITIVE_INFINITY,
    available: (user, account) => or(is(account, "plan", "pro"), is(user, "role", "admin")) === true,
  },
];

/** Moments sit on and beside whole days, so that every window's edge is hit. */
const moment = fc
  .tuple(fc.integer({ min: -10, max: 40 }), fc.constantFrom(-1, 0, 0, 1, 3_600_000, 43_200_000))
  .map(([day, offset]) => FROM + day * DAY + offset);
const who = fc.constantFrom(
  { userId: "u1", anonymousId: "n1" },
  { userId: "u1" },
  { anonymousId: "n1" },
  { anonymousId: "n2" },
  { userId: "u2", anonymousId: "n2" },
  { userId: "u3", anonymousId: "n2" },
  { userId: "u3" },
  { anonymousId: "n3" },
  { userId: "u4", anonymousId: "n4" },
);
const cairn = fc.record({
  session: fc.constant("s"),
  tab: fc.constant("t"),
  sdk: fc.constant("0.1.0"),
  seq: fc.integer({ min: 1, max: 3 }),
  run: fc.integer({ min: 1, max: 40 }).map((n) => `r${n}`),
});
const context = fc.record({ groupId: fc.constantFrom("a1", "a2", "a3"), cairn }, { requiredKeys: ["cairn"] });
const track = (name: string, properties: fc.Arbitrary<object>) =>
  fc.record({ type: fc.constant("track"), event: fc.constant(name), properties });
const flow = fc.constant("tour");
const rarely = fc.integer({ min: 0, max: 19 }).map((n) => n === 0);
const what = fc.oneof(
  { weight: 6, arbitrary: track("report.exported", fc.record({ format: fc.constantFrom("pdf", "xls") })) },
  { weight: 6, arbitrary: track("report.viewed", fc.constant({})) },
  {
    weight: 2,
    arbitrary: track("cairn.feature.used", fc.record({ feature: fc.constantFrom("by-click", "by-event") })),
  },
  { weight: 2, arbitrary: fc.constant({ type: "page", name: "Home" }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("identify"),
      traits: fc.record({ role: fc.constantFrom("admin", "clerk"), internal: rarely }, { requiredKeys: [] }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("group"),
      groupId: fc.constantFrom("a1", "a2", "a3"),
      traits: fc.record({ plan: fc.constantFrom("pro", "trial"), internal: rarely }, { requiredKeys: [] }),
    }),
  },
  {
    weight: 12,
    arbitrary: track(
      "cairn.step.shown",
      fc.record({ flow, step: fc.constantFrom("one", "one", "two", "three") }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom("shown", "completed", "dismissed").chain((name) =>
      track(
        `cairn.flow.${name}`,
        fc.record(
          {
            flow,
            start: fc.constantFrom("trigger", "trigger", "trigger", "manual", "manual", "manual", "forced"),
          },
          { requiredKeys: ["flow"] },
        ),
      ),
    ),
  },
  { weight: 5, arbitrary: track("cairn.goal.reached", fc.record({ flow })) },
  {
    weight: 3,
    arbitrary: track(
      "cairn.flow.held",
      fc.record({ flow, reason: fc.constantFrom("budget", "guard", "constructor") }),
    ),
  },
  {
    weight: 2,
    arbitrary: track(
      "cairn.flow.decided",
      fc.record({ flow: fc.constantFrom("tour", "other"), outcome: fc.constantFrom("shown", "withheld") }),
    ),
  },
);
const message = fc
  .tuple(what, who, moment, context, fc.integer({ min: 0, max: 400 }))
  .map(([about, person, at, context, id]) => ({
    ...about,
    ...person,
    context,
    messageId: `m${id}`,
    timestamp: new Date(at).toISOString(),
  }));

describe("reports", () => {
  it(`equal a naive recomputation from /v1/events on both stores, on ${DATA_SETS} data sets`, async () => {
    let sets = 0;
    let seen = 0;
    const reached = { tried: 0, activated: 0, lapsed: 0, newlyActivated: 0, rates: 0, lastStep: 0, goal: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 40, maxLength: 200, size: "max" }),
        moment,
        fc.integer({ min: 1, max: 60 * 24 }),
        async (messages, start, hours) => {
          sets += 1;
          const [from, to] = [start, start + hours * 3_600_000];
          const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
          const stores = [createMemoryStorage(), await openSqliteStorage(join(folder, `${sets}.db`))];
          for (const storage of stores) {
            const { send } = createTestServer({ storage });
            for (const one of definitions.segments) await put(send, `/v1/segments/${one.id}`, one);
            for (const one of definitions.features) await put(send, `/v1/features/${one.id}`, one);
            await put(send, "/v1/settings", definitions.settings);
            await put(send, "/v1/flows/tour", definitions.flow);
            for (let i = 0; i < messages.length; i += 50)
              expect((await send("POST", "/v1/batch", { batch: messages.slice(i, i + 50) })).status).toBe(
                200,
              );
            const text = await (await send("GET", "/v1/events")).text();
            const lines = text
              .split("\n")
              .filter(Boolean)
              .map((line) => JSON.parse(line) as Line);
            seen += lines.length;

            const activation = (await (await send("GET", `/v1/reports/activation?${range}`)).json()) as {
              features: (ReturnType<typeof naiveActivation>[number] & { rate: object | null })[];
            };
            const found = activation.features.map(({ id, entitled, states, rate, weeks }) => ({
              id,
              entitled,
              states,
              rate: rate === null ? { numerator: 0, n: 0 } : { numerator: rate.numerator, n: rate.n },
              weeks,
            }));
            const expected = naiveActivation(lines, naiveFeatures, exclude, from, to);
            for (const { states, rate, weeks } of expected) {
              reached.tried += states.tried;
              reached.activated += states.activated;
              reached.lapsed += states.lapsed;
              reached.rates += rate.numerator;
              for (const week of weeks) reached.newlyActivated += week.newlyActivated;
            }
            expect(found).toEqual([...expected].sort((a, b) => (a.id < b.id ? -1 : 1)));

            const funnel = (await (await send("GET", `/v1/reports/funnel?flow=tour&${range}`)).json()) as {
              decided: object;
              exposed: number;
              steps: { users: number }[];
              completed: number;
              dismissed: number;
              goal: { users: number };
            };
            expect({
              decided: funnel.decided,
              exposed: funnel.exposed,
              steps: funnel.steps.map(({ users }) => users),
              completed: funnel.completed,
              dismissed: funnel.dismissed,
              goal: funnel.goal.users,
            }).toEqual(naiveFunnel(lines, "tour", ["one", "two", "three"], 3 * DAY, exclude, from, to));
            reached.lastStep += funnel.steps[2]?.users ?? 0;
            reached.goal += funnel.goal.users;
            await storage.dispose();
          }
        },
      ),
      { numRuns: DATA_SETS, seed: 2 },
    );
    expect(sets).toBe(DATA_SETS);
    // Not an agreement about nothing: every number was above zero often.
    expect(seen).toBeGreaterThan(DATA_SETS * 100);
    expect(Math.min(...Object.values(reached)), JSON.stringify(reached)).toBeGreaterThanOrEqual(5);
  }, 180_000);
});

async function put(
  send: ReturnType<typeof createTestServer>["send"],
  path: string,
  body: object,
): Promise<void> {
  const response = await send("PUT", path, body);
  expect([path, response.status, response.status < 300 ? "" : await response.text()]).toEqual([
    path,
    path === "/v1/settings" ? 200 : 201,
    "",
  ]);
}
