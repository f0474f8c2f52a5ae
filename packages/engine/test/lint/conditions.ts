import type { Condition, Feature, Segment } from "@cairn/flow-schema";
import fc from "fast-check";

/** A small world, so that conditions speak of the same things: three events, two features, two elements, few windows. */
export const EVENTS = ["a", "b", "c"] as const;
export const WINDOWS = ["1h", "1d", "7d", "14d"] as const;
export const ANCHORS = ["one", "two"] as const;

export const FEATURES = [
  {
    id: "export",
    name: "Export",
    level: "user",
    uses: [{ event: "a" }],
    activated: { count: 2, within: "1d" },
    lapsed: { after: "7d" },
  },
  {
    id: "filter",
    name: "Filter",
    availableTo: { account: { plan: { $in: ["pro", "trial"] } } },
    uses: [{ event: "b", where: { n: 1 } }, { click: { anchor: "one" } }],
    activated: { count: 1, within: "1h" },
  },
  {
    id: "team",
    name: "Team",
    level: "account",
    uses: [{ event: "c" }],
    activated: { count: 1, within: "7d" },
    lapsed: { after: "14d" },
  },
] as unknown as readonly Feature[];

export const SEGMENTS = [
  { id: "pro", where: { account: { plan: "pro" } } },
  { id: "busy", where: { event: "a", atLeast: 2, within: "1d" } },
] as unknown as readonly Segment[];

const event = fc.constantFrom(...EVENTS);
const window = fc.constantFrom(...WINDOWS);
const level = fc.constantFrom("user", "user", "user", "account");
const target = fc.constantFrom(...ANCHORS).map((anchor) => ({ anchor }));
const feature = fc.constantFrom("export", "export", "filter", "team");
const maybe = <T>(key: string, one: fc.Arbitrary<T>) =>
  fc.option(one).map((value) => (value === null ? {} : { [key]: value }));
const merged = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as Condition);

const attribute = fc.constantFrom<object>(
  { plan: "pro" },
  { plan: "trial" },
  { plan: { $in: ["pro", "trial"] } },
  { plan: { $nin: ["pro", "trial"] } },
  { plan: { $exists: true } },
  { plan: { $exists: false } },
  { seats: { $gt: 5 } },
  { seats: { $lt: 3 } },
  { seats: { $gte: 3, $lte: 5 } },
  { seats: 0 },
  { ends: { $ahead: { $lte: "7d" } } },
  { ends: { $ago: { $lte: "7d" } } },
  { $or: [{ plan: "pro" }, { seats: { $gt: 5 } }] },
  { $nor: [{ plan: "pro" }, { seats: { $lt: 3 } }] },
);

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  {
    weight: 8,
    arbitrary: merged(
      event.map((name) => ({ event: name })),
      fc.oneof(
        fc.integer({ min: 1, max: 4 }).map((n) => ({ atLeast: n })),
        fc.integer({ min: 0, max: 3 }).map((n) => ({ atMost: n })),
        fc.integer({ min: 0, max: 3 }).map((n) => ({ exactly: n })),
        fc.constant({}),
      ),
      maybe("within", window),
      maybe("where", fc.constantFrom({ n: 1 }, { n: 2 })),
      level.map((by) => (by === "account" ? { by } : {})),
    ),
  },
  {
    weight: 2,
    arbitrary: merged(
      fc.array(event, { minLength: 2, maxLength: 3 }).map((sequence) => ({ sequence })),
      window.map((within) => ({ within })),
      maybe("without", event),
      maybe("wait", fc.constantFrom("2m", "1h")),
    ),
  },
  {
    weight: 4,
    arbitrary: merged(
      fc.oneof(
        event.map((name) => ({ inactive: { event: name } })),
        feature.map((id) => ({ inactive: { feature: id } })),
      ),
      window.map((one) => ({ for: one })),
      level.map((by) => (by === "account" ? { by } : {})),
    ),
  },
  {
    weight: 6,
    arbitrary: merged(
      feature.map((id) => ({ feature: id })),
      fc.constantFrom("untried", "tried", "activated", "lapsed").map((is) => ({ is })),
    ),
  },
  {
    weight: 1,
    arbitrary: merged(
      fc.constantFrom("banner", "self").map((id) => ({ flow: id })),
      fc.constantFrom("unseen", "seen", "active", "completed", "dismissed", "snoozed").map((is) => ({ is })),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom("pro", "busy").map((segment) => ({ segment }) as Condition) },
  { weight: 3, arbitrary: attribute.map((user) => ({ user }) as Condition) },
  { weight: 3, arbitrary: attribute.map((account) => ({ account }) as Condition) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<string | string[]>(
        "/r",
        "/r/*",
        "/p/:id",
        "/p/1",
        "/:x{/}?",
        "/r?q=*",
        "https://app.example.com/*",
        "https://*.example.com/r",
        ["/r", "/p/*"],
      )
      .map((page) => ({ page }) as Condition),
  },
  {
    weight: 2,
    arbitrary: merged(
      target.map((element) => ({ element })),
      fc.constantFrom("present", "visible", "hidden", "enabled", "disabled").map((is) => ({ is })),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("click", "hover"), target)
      .map(([kind, one]) => ({ [kind]: one }) as unknown as Condition),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom({ signal: "idle", for: "60s" }, { signal: "rage-click" })
      .map((one) => one as Condition),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<object>(
        { hours: ["09:00", "18:00"] },
        { hours: ["18:00", "09:00"] },
        { days: ["mon", "tue"] },
        { days: ["sat"], timezone: "Europe/Moscow" },
        { days: ["wed"], timezone: "Europe/Moscow" },
        { from: "2026-03-05" },
        { to: "2026-03-05" },
        { from: "2026-03-04", to: "2026-03-06", days: ["thu"] },
      )
      .map((time) => ({ time }) as Condition),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(["ru"], ["ru-RU"], ["en"], ["en", "ru"])
      .map((locale) => ({ locale }) as Condition),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<object>({ width: { $lt: 640 } }, { width: { $gte: 640 } }, { touch: true })
      .map((device) => ({ device }) as Condition),
  },
);

/** Conditions of the small world; often several about one thing, so that many contradict themselves. */
export const condition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 5, arbitrary: leaf },
    {
      weight: 6,
      arbitrary: fc.array(tie("condition"), { minLength: 2, maxLength: 4 }).map((all) => ({ all })),
    },
    {
      weight: 2,
      arbitrary: fc.array(tie("condition"), { minLength: 2, maxLength: 3 }).map((any) => ({ any })),
    },
    { weight: 3, arbitrary: tie("condition").map((not) => ({ not })) },
  ),
})).condition;

/** Leaves of one kind taken together or apart, straight and negated: where the interesting contradictions are. */
export const crowdedCondition: fc.Arbitrary<Condition> = fc
  .array(fc.tuple(leaf, fc.boolean()), { minLength: 3, maxLength: 5 })
  .map((parts) => ({ all: parts.map(([one, negated]) => (negated ? { not: one } : one)) }));
