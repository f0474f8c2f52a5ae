import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type NaiveFeature, naiveActivation } from "./naive-activation.ts";
import { type NaiveFlow, naiveDecisions, naiveFunnel, naiveTargets } from "./naive-funnel.ts";
import type { Line } from "./naive-people.ts";
import { reportStores } from "./report-stores.ts";
import { createTestServer, NOW, PUBLIC_KEY, SECRET_KEY } from "./test-server.ts";

const DAY = 86_400_000;
const FROM = Date.parse("2026-10-05T00:00:00Z");
/** After all of it; some ask for what comes later still, and are told how it is now. */
const ASKED_AT = FROM + 50 * DAY;
/** The full count by `pnpm soak`. */
const DATA_SETS = process.env.CAIRN_SOAK === "1" ? 60 : 6;

const TRUSTED_SETS = process.env.CAIRN_SOAK === "1" ? 20 : 2;

const folder = mkdtempSync(join(tmpdir(), "cairn-reports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STORES = reportStores(folder);

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
    {
      id: "newcomers",
      uses: [{ event: "report.viewed" }],
      activated: { count: 1, within: "1d" },
      availableTo: {
        all: [{ user: { joined: { $ago: { $lte: "7d" } } } }, { not: { account: { plan: "trial" } } }],
      },
    },
    { id: "never-used", uses: [{ event: "report.scheduled" }], activated: { count: 1, within: "1d" } },
  ].map((feature) => ({ name: feature.id, ...feature })),
  settings: { exclude: { any: [{ user: { internal: true } }, { account: { internal: true } }] } },
  flow: {
    schemaVersion: 1,
    id: "tour",
    kind: "tour",
    audience: { account: { plan: "pro" } },
    goal: { reach: { feature: "by-event", is: "activated" }, within: "16d" },
    steps: ["one", "two", "three"].map((id) => ({
      id,
      title: id,
      target: { anchor: id },
      actions: [{ id: "ok", label: "Next", do: id === "three" ? "done" : "next" }],
    })),
  },
};

/** Some write a day, others a moment. */
const JOINED = ["2026-10-04", "2026-10-12T12:00:00Z", "2026-10-20"];
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
    id: "newcomers",
    account: false,
    isUse: (line) => event(line, "report.viewed"),
    count: 1,
    within: DAY,
    lapsed: Number.POSITIVE_INFINITY,
    available: (user, account, now) => {
      const age = now - Date.parse(String(user?.joined));
      const trial = is(account, "plan", "trial");
      return age >= 0 && age <= 7 * DAY && trial === false;
    },
    turns: JOINED.flatMap((day) => [0, 1, 7 * DAY, 7 * DAY + 1].map((ms) => Date.parse(day) + ms)),
  },
  {
    id: "never-used",
    account: false,
    isUse: () => false,
    count: 1,
    within: DAY,
    lapsed: Number.POSITIVE_INFINITY,
    available: () => true,
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

const tour: NaiveFlow = {
  id: "tour",
  steps: ["one", "two", "three"],
  window: 16 * DAY,
  audience: (_, account) => is(account, "plan", "pro"),
};

const HOUR = 3_600_000;
/** Clocks change in some of them while the data run; quarters of an hour off UTC in others. */
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kathmandu",
  "Pacific/Auckland",
  "America/Havana",
];
/** What accounts say of theirs: in the west and the east of those, and what is none. */
const OWN_ZONES = [
  ...["America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata", "Europe/Berlin", "America/New_York"],
  ...["Mars/Base", "", 3, null],
];
const DAYS_EDGES = [
  ...[-2, -1, 0, 0, 1, 2, HOUR, 12 * HOUR, -HOUR, -HOUR - 1, -2 * HOUR, -2 * HOUR - 1, 4 * HOUR, 5 * HOUR],
  ...[7 * HOUR, 7 * HOUR - 1, -5.5 * HOUR, -5.5 * HOUR - 1, -13 * HOUR, -13 * HOUR - 1],
];
/** Moments sit on and beside whole days, by several clocks, so that every window's edge is hit; many are Mondays. */
const moment = fc
  .tuple(
    fc.oneof(
      { weight: 2, arbitrary: fc.integer({ min: -10, max: 40 }) },
      { weight: 1, arbitrary: fc.integer({ min: -1, max: 5 }).map((week) => 7 * week) },
    ),
    fc.constantFrom(...DAYS_EDGES),
  )
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
const app = fc.record({ version: fc.constantFrom("1.0", "2.0") });
const account = fc.constantFrom("a1", "a2", "a3");
/** Most messages name no account: whose they are is asked of those that do. */
const context = fc.oneof(
  { weight: 3, arbitrary: fc.record({ cairn, app }, { requiredKeys: ["cairn"] }) },
  {
    weight: 1,
    arbitrary: fc.record({ groupId: account, cairn, app }, { requiredKeys: ["groupId", "cairn"] }),
  },
);
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
      traits: fc.record(
        { role: fc.constantFrom("admin", "clerk"), internal: rarely, joined: fc.constantFrom(...JOINED) },
        { requiredKeys: [] },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("group"),
      groupId: account,
      traits: fc.record(
        {
          plan: fc.constantFrom("pro", "trial"),
          internal: rarely,
          timezone: fc.constantFrom(...OWN_ZONES),
        },
        { requiredKeys: [] },
      ),
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
    weight: 6,
    arbitrary: track(
      "cairn.flow.held",
      fc.record(
        {
          flow,
          reason: fc.constantFrom("budget", "guard", "constructor", "target-missing"),
          count: fc.integer({ min: 1, max: 5 }),
        },
        { requiredKeys: ["flow", "reason"] },
      ),
    ),
  },
  {
    weight: 3,
    arbitrary: track("cairn.target.missing", fc.record({ flow, step: fc.constantFrom("one", "two") })),
  },
  {
    weight: 3,
    arbitrary: track(
      "cairn.target.fallback",
      fc.record({ flow, step: fc.constantFrom("one", "three"), rank: fc.integer({ min: 1, max: 3 }) }),
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

/** Before anything else happens, most accounts say where they are; later some say something else. */
const zonesFirst = fc.tuple(...["a1", "a2", "a3"].map(() => fc.constantFrom(...OWN_ZONES))).map((zones) =>
  zones.map((timezone, i) => ({
    type: "group",
    userId: "u4",
    groupId: `a${i + 1}`,
    traits: { timezone },
    messageId: `zone${i}`,
    timestamp: new Date(FROM - 30 * DAY).toISOString(),
  })),
);
/** People come from one account and go to another, some of them twice; the last two do nothing else but look around. */
const moves = fc
  .array(fc.tuple(fc.constantFrom("u1", "u2", "u5", "u6"), account, moment, moment), {
    ...{ minLength: 3, maxLength: 8 },
  })
  .map((all) =>
    all.flatMap(([userId, groupId, came, looked], i) => [
      {
        ...{ type: "group", userId, groupId, messageId: `came${i}` },
        timestamp: new Date(came).toISOString(),
      },
      {
        ...{ type: "page", userId, name: "Home", messageId: `looked${i}` },
        timestamp: new Date(looked).toISOString(),
      },
    ]),
  );
/** By chance alone hardly anybody sees all steps in order. */
const walks = fc
  .array(fc.tuple(fc.constantFrom("u1", "u3", "u5"), moment, fc.constantFrom(1, HOUR, 6 * DAY)), {
    maxLength: 2,
  })
  .map((all) =>
    all.flatMap(([userId, at, pause], i) =>
      ["one", "two", "three"].map((step, place) => ({
        ...{ type: "track", event: "cairn.step.shown", properties: { flow: "tour", step } },
        ...{ userId, messageId: `walk${i}-${step}` },
        timestamp: new Date(at + place * pause).toISOString(),
      })),
    ),
  );
const messagesOf = (minLength: number, maxLength: number) =>
  fc
    .tuple(zonesFirst, moves, walks, fc.array(message, { minLength, maxLength, size: "max" }))
    .map((parts) => parts.flat());
const withoutZones = (lines: readonly Line[]): readonly Line[] =>
  lines.map((line) => ({ ...line, traits: { ...line.traits, timezone: null } }));

/** Intervals are compared to nine places: two formulas for one number differ in the last. */
function rounded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  const { value: share, ...rest } = value as { value?: unknown };
  if ("low" in rest && "high" in rest) {
    const { low, high } = rest as { low: number; high: number };
    return { ...rest, low: Math.round(low * 1e9) / 1e9, high: Math.round(high * 1e9) / 1e9 };
  }
  const kept = share === undefined ? rest : { value: share, ...rest };
  return Object.fromEntries(Object.entries(kept).map(([key, inner]) => [key, rounded(inner)]));
}

describe("reports", () => {
  it(`equal a naive recomputation from /v1/events on every store, on ${DATA_SETS} data sets`, async () => {
    let sets = 0;
    let seen = 0;
    let duplicates = 0;
    let taken = 0;
    let ahead = 0;
    const zones = new Set<string>();
    const reached = {
      tried: 0,
      activated: 0,
      lapsed: 0,
      newlyActivated: 0,
      retained: 0,
      medians: 0,
      cohorts: 0,
      groups: 0,
      rates: 0,
      lastStep: 0,
      goal: 0,
      immature: 0,
      decisions: 0,
      weeksWithHolds: 0,
      fallbacks: 0,
      missing: 0,
      zonedFeatures: 0,
      zonedFunnels: 0,
      movedFeatures: 0,
      movedFunnels: 0,
    };
    await fc.assert(
      fc.asyncProperty(
        messagesOf(40, 200),
        fc.oneof({ weight: 3, arbitrary: moment.map((at) => at - 14 * DAY) }, moment),
        fc.oneof(
          { weight: 3, arbitrary: fc.integer({ min: 30 * 24, max: 70 * 24 }) },
          fc.integer({ min: 1, max: 10 * 24 }),
        ),
        fc.constantFrom(...ZONES),
        fc.constantFrom(
          undefined,
          { of: "account" as const, name: "plan" },
          { of: "user" as const, name: "role" },
        ),
        async (messages, start, hours, timezone, by) => {
          sets += 1;
          zones.add(timezone);
          const [from, until] = [start, start + hours * HOUR];
          const to = Math.min(until, ASKED_AT);
          ahead += until > ASKED_AT ? 1 : 0;
          const range = `from=${new Date(from).toISOString()}&to=${new Date(until).toISOString()}&timezone=${timezone}`;
          const grouped = by === undefined ? "" : `&by=${by.of}.${by.name}`;
          const found: { readonly answers: unknown; readonly lines: readonly Line[] }[] = [];
          for (const open of STORES) {
            const storage = await open(String(sets));
            const { send } = createTestServer({ storage, now: () => ASKED_AT });
            await define(send);
            const read = async (path: string) => (await (await send("GET", path)).json()) as never;
            for (let i = 0; i < messages.length; i += 50) {
              const answer = await send("POST", "/v1/batch", { batch: messages.slice(i, i + 50) });
              expect(answer.status).toBe(200);
              duplicates += ((await answer.json()) as { duplicate: number }).duplicate;
              // Reports asked in between must not remember what is old.
              if (i % 100 === 0) await read(`/v1/reports/activation?${range}`);
            }
            const readAll = async () => {
              const text = await (await send("GET", "/v1/events")).text();
              const lines = text
                .split("\n")
                .filter(Boolean)
                .map((line) => JSON.parse(line) as Line);
              const answers = {
                activation: await read(`/v1/reports/activation?${range}${grouped}`),
                funnel: await read(`/v1/reports/funnel?flow=tour&${range}`),
                targets: await read(`/v1/reports/targets?flow=tour&${range}`),
                everybody: await read(`/v1/reports/decisions?limit=1000&${range}`),
                one: await read(`/v1/reports/decisions?limit=1000&user=u3&${range}`),
              };
              found.push({ answers, lines });
              return lines.length;
            };
            const before = await readAll();
            // Then somebody is erased, and what happened long ago is forgotten.
            for (const id of ["u1", "n3"]) await send("DELETE", `/v1/users/${id}`);
            await storage.forget(FROM + 2 * DAY, new AbortController().signal);
            taken += before - (await readAll());
            await storage.dispose();
          }
          const asked = { from, to, timezone, ...(by === undefined ? {} : { by }) };
          const expectedOf = (lines: readonly Line[], homesAt = to) => ({
            activation: {
              features: naiveActivation(lines, naiveFeatures, exclude, { ...asked, homesAt }).sort((a, b) =>
                a.id < b.id ? -1 : 1,
              ),
            },
            funnel: naiveFunnel(lines, tour, exclude, { ...asked, homesAt }),
            targets: { steps: naiveTargets(lines, tour, exclude, asked) },
            everybody: { decisions: naiveDecisions(lines, exclude, asked) },
            one: { decisions: naiveDecisions(lines, exclude, { ...asked, user: "u3" }) },
          });
          // Of every store what was sent, and what is left.
          const [sent, left] = [found[0]?.lines ?? [], found[1]?.lines ?? []];
          seen += sent.length;
          const [all, rest] = [expectedOf(sent), expectedOf(left)];
          expect(found).toHaveLength(2 * STORES.length);
          found.forEach(({ answers, lines }, i) => {
            expect(lines.length).toBe(i % 2 === 0 ? sent.length : left.length);
            expect(rounded(answers)).toMatchObject(i % 2 === 0 ? all : rest);
          });
          const { activation, funnel, targets, decisions } = {
            decisions: all.everybody.decisions.length + all.one.decisions.length,
            activation: all.activation.features,
            funnel: all.funnel,
            targets: all.targets.steps,
          };
          for (const { states, rate, weeks, timeToActivate, groups } of activation) {
            reached.tried += states.tried;
            reached.activated += states.activated;
            reached.lapsed += states.lapsed;
            reached.rates += rate?.numerator ?? 0;
            reached.medians += timeToActivate.quartiles.median === null ? 0 : 1;
            reached.groups += groups?.length ?? 0;
            for (const week of weeks) {
              reached.newlyActivated += week.newlyActivated;
              reached.retained += week.retained;
              reached.cohorts += week.cohort.rate?.numerator ?? 0;
            }
          }
          // How many answers were others, if no account had a zone of its own, and if all were whose they are by now.
          const plain = expectedOf(withoutZones(sent));
          const moved = expectedOf(sent, Number.POSITIVE_INFINITY);
          const differs = (a: object, b: object | undefined) =>
            JSON.stringify(a) === JSON.stringify(b) ? 0 : 1;
          for (const [i, feature] of all.activation.features.entries()) {
            reached.zonedFeatures += differs(feature, plain.activation.features[i]);
            reached.movedFeatures += differs(feature, moved.activation.features[i]);
          }
          reached.movedFunnels += differs(all.funnel, moved.funnel);
          reached.zonedFunnels += differs(all.funnel, plain.funnel);
          reached.lastStep += funnel.steps[2]?.users ?? 0;
          reached.goal += funnel.goal.users;
          reached.immature += funnel.immature;
          reached.decisions += decisions;
          reached.weeksWithHolds += funnel.weeks.filter(({ decided }) => decided.held.budget).length;
          for (const { fallbacks, missing } of targets) {
            reached.fallbacks += fallbacks.length;
            reached.missing += missing;
          }
        },
      ),
      // Making a data set smaller, store by store, takes minutes: the first one that differs is told.
      { numRuns: DATA_SETS, endOnFailure: true },
    );
    expect(sets).toBe(DATA_SETS);
    // Not an agreement about nothing: every number was above zero often.
    expect(seen).toBeGreaterThan(DATA_SETS * 50);
    expect(duplicates).toBeGreaterThan(DATA_SETS);
    expect(taken).toBeGreaterThan(DATA_SETS * 30);
    expect(ahead).toBeGreaterThanOrEqual(1);
    expect(zones.size).toBeGreaterThanOrEqual(DATA_SETS > 50 ? 5 : 3);
    expect(Math.min(...Object.values(reached)), JSON.stringify(reached)).toBeGreaterThanOrEqual(
      DATA_SETS > 50 ? 5 : 1,
    );
  }, 600_000);

  it("are those of right clocks where devices have wrong ones and say when they sent, on every store", async () => {
    const range = `from=${new Date(FROM).toISOString()}&to=${new Date(FROM + 35 * DAY).toISOString()}`;
    const asked = { from: FROM, to: FROM + 35 * DAY, timezone: "UTC" };
    const [messages = []] = fc.sample(messagesOf(200, 200), {
      numRuns: 1,
      seed: 20_261_123,
    });
    const right = [...new Map(messages.map((one) => [one.messageId, one])).values()] as unknown as Line[];
    const SKEWS = [3 * HOUR + 7, -9 * DAY, 400 * DAY, 0];
    const wrong = right.map((line, i) => {
      const skew = SKEWS[i % SKEWS.length] as number;
      return {
        skew,
        line: { ...line, timestamp: new Date(Date.parse(line.timestamp) + skew).toISOString() },
      };
    });
    const expected = {
      activation: {
        features: naiveActivation(right, naiveFeatures, exclude, asked).sort((a, b) =>
          a.id < b.id ? -1 : 1,
        ),
      },
      funnel: naiveFunnel(right, tour, exclude, asked),
      targets: { steps: naiveTargets(right, tour, exclude, asked) },
    };
    let stores = 0;
    for (const open of STORES) {
      const storage = await open("skewed");
      const { send } = createTestServer({ storage });
      await define(send);
      for (const skew of SKEWS) {
        const batch = wrong.filter((one) => one.skew === skew).map(({ line }) => line);
        const answer = await send("POST", "/v1/batch", { sentAt: new Date(NOW + skew).toISOString(), batch });
        expect(await answer.json()).toEqual({ accepted: batch.length, duplicate: 0, rejected: [] });
      }
      const read = async (path: string) => (await (await send("GET", path)).json()) as never;
      const answers = {
        activation: await read(`/v1/reports/activation?${range}`),
        funnel: await read(`/v1/reports/funnel?flow=tour&${range}`),
        targets: await read(`/v1/reports/targets?flow=tour&${range}`),
      };
      expect(rounded(answers)).toMatchObject(expected);
      stores += 1;
      await storage.dispose();
    }
    expect(stores).toBe(3);
    expect(right.length).toBeGreaterThan(100);
    const reached = expected.activation.features.reduce((sum, { states }) => sum + states.activated, 0);
    expect(reached).toBeGreaterThan(0);
  }, 60_000);

  it(`leave out what nobody vouched for, as if it had never come, on every store, on ${TRUSTED_SETS} data sets`, async () => {
    const asked = { from: FROM, to: FROM + 30 * DAY, timezone: "Europe/Berlin" };
    const range = `from=${new Date(asked.from).toISOString()}&to=${new Date(asked.to).toISOString()}&timezone=${asked.timezone}`;
    const sets = fc.sample(messagesOf(120, 160), {
      numRuns: TRUSTED_SETS,
      seed: 20_261_122,
    });
    let compared = 0;
    let differing = 0;
    for (const [set, messages] of sets.entries()) {
      for (const open of STORES) {
        const storage = await open(`trusted-${set}`);
        const { send } = createTestServer({ storage });
        await define(send);
        for (let i = 0; i < messages.length; i += 8) {
          const key = { authorization: `Bearer ${i % 3 === 0 ? PUBLIC_KEY : SECRET_KEY}` };
          const answer = await send("POST", "/v1/batch", { batch: messages.slice(i, i + 8) }, key);
          expect(answer.status).toBe(200);
        }
        const lines = (await (await send("GET", "/v1/events")).text())
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Line & { readonly verified: boolean });
        const read = async (more: string) => ({
          activation: await (await send("GET", `/v1/reports/activation?${range}${more}`)).json(),
          funnel: await (await send("GET", `/v1/reports/funnel?flow=tour&${range}${more}`)).json(),
        });
        const expectedOf = (counted: readonly Line[]) => ({
          activation: {
            features: naiveActivation(counted, naiveFeatures, exclude, asked).sort((a, b) =>
              a.id < b.id ? -1 : 1,
            ),
          },
          funnel: naiveFunnel(counted, tour, exclude, asked),
        });
        const [all, only] = [await read(""), await read("&verified=only")];
        expect(await read("&verified=all")).toEqual(all);
        expect(rounded(all)).toMatchObject(expectedOf(lines));
        expect(rounded(only)).toMatchObject(expectedOf(lines.filter(({ verified }) => verified)));
        compared += 1;
        if (JSON.stringify(all) !== JSON.stringify(only)) differing += 1;
        for (const report of ["activation?", "funnel?flow=tour&"])
          expect((await send("GET", `/v1/reports/${report}verified=none`)).status).toBe(400);
        expect((await send("GET", "/v1/reports/targets?verified=only")).status).toBe(400);
        await storage.dispose();
      }
    }
    expect([compared, differing]).toEqual([3 * TRUSTED_SETS, 3 * TRUSTED_SETS]);
  }, 300_000);
});

type Send = ReturnType<typeof createTestServer>["send"];
async function define(send: Send): Promise<void> {
  for (const one of definitions.segments) await put(send, `/v1/segments/${one.id}`, one);
  for (const one of definitions.features) await put(send, `/v1/features/${one.id}`, one);
  await put(send, "/v1/settings", definitions.settings);
  await put(send, "/v1/flows/tour", definitions.flow);
}

async function put(send: Send, path: string, body: object): Promise<void> {
  const response = await send("PUT", path, body);
  expect([path, response.status, response.status < 300 ? "" : await response.text()]).toEqual([
    path,
    path === "/v1/settings" ? 200 : 201,
    "",
  ]);
}
