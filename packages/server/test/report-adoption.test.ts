import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { AdoptionReport } from "../src/reports/adoption-schema.ts";
import { naiveAdoption } from "./naive-adoption.ts";
import type { Line } from "./naive-people.ts";
import { reportStores } from "./report-stores.ts";
import { createTestServer, PUBLIC_KEY, SECRET_KEY } from "./test-server.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FROM = Date.parse("2026-08-31T00:00:00Z");
/** After all of it; some ask for what comes later still, and are told how it is now. */
const ASKED_AT = FROM + 110 * DAY;
const SOAK = process.env.CAIRN_SOAK === "1";
/** On the memory store, which is quick; the first few of them on the databases too. The full count by `pnpm soak`. */
const DATA_SETS = SOAK ? 60 : 4;
const ON_EVERY_STORE = SOAK ? 60 : 1;

const folder = mkdtempSync(join(tmpdir(), "cairn-adoption-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const STORES = reportStores(folder);

const FEATURES = [
  {
    id: "export",
    uses: [{ event: "exported" }],
    activated: { count: 2, within: "7d" },
    lapsed: { after: "20d" },
  },
  {
    id: "invite",
    uses: [{ event: "invited" }],
    activated: { count: 1, within: "1d" },
    availableTo: { user: { role: "admin" } },
    expectedEvery: "1d",
  },
  {
    id: "close",
    level: "account",
    uses: [{ event: "closed" }, { click: { anchor: "close" } }],
    activated: { count: 1, within: "1d" },
    availableTo: { any: [{ account: { plan: "pro" } }, { user: { role: "admin" } }] },
    expectedEvery: "10d",
  },
  { id: "aside", uses: [{ event: "viewed" }], activated: { count: 1, within: "1d" }, key: false },
];
type Traits = { readonly [name: string]: unknown } | undefined;
const track = (line: Line, name: string) => line.type === "track" && line.event === name;
const isAdmin = (user: Traits) => (user === undefined ? null : user.role === "admin");
const NAIVE = [
  {
    id: "export",
    account: true,
    isUse: (line: Line) => track(line, "exported"),
    count: 2,
    within: 7 * DAY,
    lapsed: 20 * DAY,
    available: () => true,
  },
  {
    id: "invite",
    account: true,
    isUse: (line: Line) => track(line, "invited"),
    count: 1,
    within: DAY,
    lapsed: Number.POSITIVE_INFINITY,
    available: isAdmin,
    expectedEvery: DAY,
  },
  {
    id: "close",
    account: true,
    isUse: (line: Line) =>
      track(line, "closed") || (track(line, "cairn.feature.used") && line.properties?.feature === "close"),
    count: 1,
    within: DAY,
    lapsed: Number.POSITIVE_INFINITY,
    available: (user: Traits, account: Traits) => (account?.plan === "pro" ? true : isAdmin(user)),
    expectedEvery: 10 * DAY,
  },
];
const PROS = { id: "pros", where: { account: { plan: "pro" } } };
const isPro = (_: Traits, account: Traits) => account?.plan === "pro";
const exclude = (user: Traits, account: Traits) => user?.internal === true || account?.internal === true;

/** On and beside midnights, by several clocks; clocks change in October and November. */
const moment = fc
  .tuple(
    fc.integer({ min: 0, max: 80 }),
    fc.constantFrom(
      ...[-1, 0, 1, -HOUR, -HOUR - 1, -2 * HOUR, -2 * HOUR - 1, 4 * HOUR, 5 * HOUR, 12 * HOUR],
      ...[7 * HOUR - 1, -5.5 * HOUR, -13 * HOUR],
    ),
  )
  .map(([day, offset]) => FROM + day * DAY + offset);
const who = fc.oneof(
  fc.integer({ min: 1, max: 7 }).map((n) => ({ userId: `u${n}` })),
  fc.integer({ min: 1, max: 4 }).map((n) => ({ anonymousId: `n${n}` })),
  fc.integer({ min: 1, max: 3 }).map((n) => ({ userId: `u${n}`, anonymousId: `n${n}` })),
);
const account = fc.integer({ min: 1, max: 5 }).map((n) => `a${n}`);
const rarely = fc.integer({ min: 0, max: 30 }).map((n) => n === 0);
const event = (...names: readonly string[]) =>
  fc.record({ type: fc.constant("track"), event: fc.constantFrom(...names) });
const what = fc.oneof(
  { weight: 12, arbitrary: event("exported", "invited", "closed", "viewed", "cairn.flow.shown") },
  {
    weight: 1,
    arbitrary: fc.constant({
      type: "track",
      event: "cairn.feature.used",
      properties: { feature: "close" },
    }),
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
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("group"),
      groupId: account,
      traits: fc.record(
        {
          plan: fc.constantFrom("pro", "trial"),
          seats: fc.constantFrom(1, 2, 3, 4, 10, 0, 2.5, "many", null),
          internal: rarely,
          timezone: fc.constantFrom(
            ...["America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata", "Europe/Berlin"],
            ...["Mars/Base", 3],
          ),
        },
        { requiredKeys: [] },
      ),
    }),
  },
);
const message = fc
  .tuple(what, who, moment, fc.record({ groupId: account }, { requiredKeys: [] }), fc.nat(500))
  .map(([about, person, at, context, id]) => ({
    ...about,
    ...person,
    context,
    messageId: `m${id}`,
    timestamp: new Date(at).toISOString(),
  }));
const ZONES = ["UTC", "Europe/Berlin", "America/Havana", "Asia/Kathmandu", "Pacific/Auckland"];
const question = fc.record({
  messages: fc.array(message, { minLength: 60, maxLength: 160, size: "max" }),
  from: moment.map((at) => at - 14 * DAY),
  hours: fc.integer({ min: 14 * 24, max: 90 * 24 }),
  timezone: fc.constantFrom(...ZONES),
});

/** Shares to nine places, as the naive ones are; what they come to is the quotient of two numbers that are compared. */
function rounded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "value")
      .map(([key, inner]) =>
        typeof inner === "number" && (key === "low" || key === "high")
          ? [key, Math.round(inner * 1e9) / 1e9]
          : [key, rounded(inner)],
      ),
  );
}

describe("the adoption report", () => {
  it(`equals a naive recomputation from /v1/events on ${DATA_SETS} data sets`, async () => {
    const reached = {
      ...{ over: 0, missing: 0, immature: 0, zero: 0, full: 0, between: 0, answers: 0 },
      ...{ unverified: 0, otherSegment: 0, moved: 0, ahead: 0 },
    };
    let sets = 0;
    await fc.assert(
      fc.asyncProperty(question, async ({ messages, from, hours, timezone }) => {
        sets += 1;
        const until = from + hours * HOUR;
        const to = Math.min(until, ASKED_AT);
        const rangeFrom = (start: number) =>
          `from=${new Date(start).toISOString()}&to=${new Date(until).toISOString()}&timezone=${timezone}`;
        let naive: ReturnType<typeof naiveAdoption> | undefined;
        const stores = sets <= ON_EVERY_STORE ? STORES : STORES.slice(0, 1);
        for (const open of stores) {
          const storage = await open(String(sets));
          const { send } = createTestServer({ storage, now: () => ASKED_AT });
          for (const one of FEATURES)
            expect((await send("PUT", `/v1/features/${one.id}`, { name: one.id, ...one })).status).toBe(201);
          const settings = {
            exclude: { any: [{ user: { internal: true } }, { account: { internal: true } }] },
          };
          expect((await send("PUT", "/v1/settings", settings)).status).toBe(200);
          expect((await send("PUT", "/v1/segments/pros", PROS)).status).toBe(201);
          for (let i = 0; i < messages.length; i += 30) {
            // What comes with the public key alone is not verified.
            const key = { authorization: `Bearer ${i % 90 === 0 ? PUBLIC_KEY : SECRET_KEY}` };
            const answer = await send("POST", "/v1/batch", { batch: messages.slice(i, i + 30) }, key);
            expect(answer.status).toBe(200);
          }
          const lines = (await (await send("GET", "/v1/events")).text())
            .split("\n")
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Line & { readonly verified: boolean });
          const read = async (start: number, more = "") =>
            (await (
              await send("GET", `/v1/reports/adoption?${rangeFrom(start)}${more}`)
            ).json()) as AdoptionReport;
          const answer = await read(from);
          naive ??= naiveAdoption(lines, NAIVE, exclude, { from, to, timezone });
          const expected = naive;
          expect(rounded(answer)).toMatchObject(expected);
          expect(answer.features.map(({ id }) => id)).toEqual(["close", "export", "invite"]);
          if (open === stores[0]) {
            const asked = { from, to, timezone };
            const verified = lines.filter((line) => line.verified);
            const only = naiveAdoption(verified, NAIVE, exclude, asked);
            expect(rounded(await read(from, "&verified=only"))).toMatchObject(only);
            const pros = naiveAdoption(lines, NAIVE, exclude, { ...asked, segment: isPro });
            expect(rounded(await read(from, "&segment=pros"))).toMatchObject(pros);
            const moved = naiveAdoption(lines, NAIVE, exclude, {
              ...asked,
              homesAt: Number.POSITIVE_INFINITY,
            });
            const differs = (other: object) => (JSON.stringify(other) === JSON.stringify(naive) ? 0 : 1);
            reached.moved += differs(moved);
            reached.ahead += until > ASKED_AT ? 1 : 0;
            reached.unverified += differs(only);
            reached.otherSegment += differs(pros);
          }
          // More weeks than are worked out at once: each is what it was.
          const long = await read(from - 175 * DAY);
          expect(long.weeks.length).toBeGreaterThan(26);
          expect(long.weeks.slice(-answer.weeks.length)).toEqual(answer.weeks);
          await storage.dispose();
          reached.answers += 1;
          for (const { breadth, depth, frequency, immature } of expected.weeks) {
            reached.over += depth.over;
            reached.missing += Math.min(depth.missing, frequency.missing);
            reached.immature += immature;
            reached.zero += breadth.none?.numerator ?? 0;
            reached.full += (frequency.full?.numerator ?? 0) + (breadth.full?.numerator ?? 0);
            reached.between += breadth.quartiles.median === 0.5 ? 1 : 0;
          }
        }
      }),
      { numRuns: DATA_SETS, endOnFailure: true },
    );
    expect(reached.answers).toBe(DATA_SETS + ON_EVERY_STORE * (STORES.length - 1));
    expect(Math.min(...Object.values(reached)), JSON.stringify(reached)).toBeGreaterThan(0);
  }, 600_000);
});
