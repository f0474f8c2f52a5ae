import type { Condition } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { createProver } from "../../src/lint/prover.ts";
import { FEATURES, SEGMENTS } from "./conditions.ts";

const prover = createProver({
  features: new Map(FEATURES.map((one) => [one.id as string, one])),
  segments: new Map(SEGMENTS.map((one) => [one.id as string, one])),
});
const user = (test: unknown) => ({ user: { a: test } });
const all = (...parts: object[]) => ({ all: parts });
const any = (...parts: object[]) => ({ any: parts });
const no = (part: object) => ({ not: part });

/** Verdicts worth knowing by heart: what can never be true, and what only seems so. */
const TABLE: readonly (readonly ["never" | "always" | "possible", string, object])[] = [
  // Comparisons, with null as 0 and texts as numbers.
  ["never", "two numbers at once", user({ $gt: 5, $lt: 3 })],
  ["possible", "from a number to itself", user({ $gte: 5, $lte: 5 })],
  ["never", "between a number and itself", user({ $gt: 5, $lt: 5 })],
  ["possible", "between two numbers that are close", user({ $gt: 5, $lt: 5.000001 })],
  ["possible", "missing and less than five: null is less", user({ $exists: false, $lt: 5 })],
  ["never", "missing and more than five", user({ $exists: false, $gt: 5 })],
  [
    "possible",
    "neither less than five nor at least five: a text that is no number",
    all(no(user({ $lt: 5 })), no(user({ $gte: 5 }))),
  ],
  [
    "possible",
    "a number that is neither: not a number",
    all(user({ $type: "number" }), no(user({ $lt: 5 })), no(user({ $gte: 5 }))),
  ],
  ["possible", "false as a number: only 0", all(user(false), user({ $type: "number" }))],
  ["possible", "false as a number from -1 on", all(user(false), user({ $type: "number", $gte: -1 }))],
  ["possible", "a text greater than five and less than ten", user({ $type: "string", $gt: 5, $lt: 10 })],
  ["never", "a text in no place of the alphabet", user({ $type: "string", $gt: "b", $lt: "a" })],
  ["possible", "a text between two that are close", user({ $type: "string", $gt: "a", $lt: "ab" })],
  ["never", "a text before the empty one", user({ $type: "string", $lt: "" })],
  ["never", "a text and a number by comparison", user({ $eq: "pro", $gt: 5 })],
  ["never", "two types", user({ $type: "string", $size: 2 })],
  // Lists.
  ["never", "in nothing", user({ $in: [] })],
  ["always", "not in nothing", user({ $nin: [] })],
  ["possible", "in two lists that share nothing: a list", all(user({ $in: ["x"] }), user({ $in: ["y"] }))],
  ["never", "in one list and out of a longer one", all(user({ $in: ["x"] }), user({ $nin: ["x", "y"] }))],
  ["never", "two texts at once", all(user("x"), user("y"))],
  ["never", "a list of two sizes", all(user({ $size: 1 }), user({ $size: 2 }))],
  [
    "never",
    "an empty list that meets another",
    all(user({ $size: 0 }), user({ $in: ["x"] }), user({ $type: "array" })),
  ],
  ["possible", "the empty list with less than one entry", user({ $size: { $lt: 1 } })],
  // Parts of texts.
  ["never", "two beginnings", user({ $startsWith: "ab", $not: { $startsWith: "a" } })],
  ["never", "two ends", all(user({ $endsWith: "x" }), user({ $endsWith: "y" }))],
  ["never", "contains what it does not", user({ $endsWith: "export", $not: { $contains: "PORT" } })],
  [
    "possible",
    "a beginning and another part it lacks",
    all(user({ $startsWith: "a" }), no(user("a")), no(user({ $contains: "b" }))),
  ],
  [
    "never",
    "in a list by any case, and another beginning",
    user({ $ini: ["Pro", "Trial"], $startsWith: "x" }),
  ],
  ["possible", "in a list by another case", all(user({ $ini: ["Pro"] }), no(user("Pro")), no(user("pro")))],
  // Dates and versions.
  ["never", "ahead and ago", user({ $ahead: { $lte: "3d" }, $ago: { $lte: "3d" } })],
  ["never", "a week ago and less", user({ $ago: { $gte: "7d", $lt: "7d" } })],
  ["possible", "a week ago, to the millisecond", user({ $ago: { $gte: "7d", $lte: "7d" } })],
  ["never", "versions out of order", user({ $vgt: "1.10.0", $vlt: "1.9.0" })],
  ["possible", "versions in order, which is not the alphabet's", user({ $vgt: "1.9.0", $vlt: "1.10.0" })],
  ["possible", "not the plan, and no plan at all", all(no(user("pro")), user({ $exists: false }))],
  ["always", "the plan or not the plan", any(user("pro"), no(user("pro")))],
  [
    "possible",
    "less than five or at least five: a text is neither",
    any(user({ $lt: 5 }), user({ $gte: 5 })),
  ],
  // Events.
  ["never", "at least five and at most two", all({ event: "a", atLeast: 5 }, { event: "a", atMost: 2 })],
  [
    "never",
    "more in a shorter time",
    all({ event: "a", atLeast: 3, within: "1d" }, { event: "a", atMost: 2, within: "7d" }),
  ],
  [
    "possible",
    "fewer in a shorter time",
    all({ event: "a", atLeast: 3, within: "7d" }, { event: "a", atMost: 2, within: "1d" }),
  ],
  ["never", "two exact numbers", all({ event: "a", exactly: 1 }, { event: "a", exactly: 2 })],
  ["never", "some of a kind, none at all", all({ event: "a", where: { n: 1 } }, { event: "a", exactly: 0 })],
  [
    "possible",
    "none of a kind, some at all",
    all({ event: "a", where: { n: 1 }, exactly: 0 }, { event: "a" }),
  ],
  ["never", "of a kind that cannot be", { event: "a", where: { n: { $gt: 5, $lt: 3 } } }],
  [
    "possible",
    "the person's events and the account's",
    all({ event: "a", atLeast: 5 }, { event: "a", atMost: 2, by: "account" }),
  ],
  [
    "never",
    "silent for a week, seen this day",
    all({ inactive: { event: "a" }, for: "7d" }, { event: "a", within: "1d" }),
  ],
  [
    "never",
    "silent for a week, seen within a week: windows share no moment",
    all({ inactive: { event: "a" }, for: "7d" }, { event: "a", within: "7d" }),
  ],
  [
    "possible",
    "silent for a week, seen within two",
    all({ inactive: { event: "a" }, for: "7d" }, { event: "a", within: "14d" }),
  ],
  [
    "never",
    "silent, and never did",
    all({ inactive: { event: "a" }, for: "7d" }, { event: "a", exactly: 0 }),
  ],
  [
    "never",
    "a chain whose first event never came",
    all({ sequence: ["a", "b"], within: "1h" }, { event: "a", exactly: 0 }),
  ],
  [
    "never",
    "twice the same in a chain, once at most",
    all({ sequence: ["a", "b", "a"], within: "1h" }, { event: "a", atMost: 1 }),
  ],
  ["never", "a chain that discards its own end", { sequence: ["a", "b"], without: "b", within: "1h" }],
  ["possible", "a chain that is begun anew", { sequence: ["a", "b"], without: "a", within: "1h" }],
  // Features.
  ["never", "two states", all({ feature: "export", is: "tried" }, { feature: "export", is: "lapsed" })],
  ["never", "unused, and its event came", all({ feature: "export", is: "untried" }, { event: "a" })],
  [
    "never",
    "used, and its only event never came",
    all({ feature: "export", is: "tried" }, { event: "a", exactly: 0 }),
  ],
  [
    "possible",
    "used by a click, and its event never came",
    all({ feature: "filter", is: "tried" }, { event: "b", exactly: 0 }),
  ],
  [
    "never",
    "a state of what one may not use",
    all(
      { feature: "filter", is: "untried" },
      { account: { plan: "free" } },
      { account: { plan: { $type: "string" } } },
    ),
  ],
  [
    "never",
    "lapsed after a week, used this day",
    all({ feature: "export", is: "lapsed" }, { event: "a", within: "1d" }),
  ],
  [
    "never",
    "still in use, silent for two weeks",
    all({ feature: "export", is: "activated" }, { inactive: { feature: "export" }, for: "14d" }),
  ],
  [
    "possible",
    "still in use, silent for a day",
    all({ feature: "export", is: "activated" }, { inactive: { feature: "export" }, for: "1d" }),
  ],
  ["never", "lapses, without a rule for it", { feature: "filter", is: "lapsed" }],
  [
    "possible",
    "none of four states: may not use it",
    all(...["untried", "tried", "activated"].map((is) => no({ feature: "filter", is }))),
  ],
  [
    "never",
    "none of three states and not lapsed, where everybody may",
    all(...["untried", "tried", "activated", "lapsed"].map((is) => no({ feature: "export", is }))),
  ],
  // Pages, moments, elements, times, languages, flows, segments.
  ["never", "two pages", all({ page: "/r" }, { page: "/r/*" })],
  ["possible", "a page with and without a slash", { page: ["/r", "/r/"] }],
  ["never", "a page within a pattern that is out", all({ page: "/p/1" }, no({ page: "/p/:id" }))],
  ["possible", "a pattern without one of its pages", all({ page: "/p/:id" }, no({ page: "/p/1" }))],
  ["never", "a click and a signal", all({ click: { anchor: "one" } }, { signal: "idle" })],
  [
    "possible",
    "clicks on two elements, one in the other",
    all({ click: { anchor: "one" } }, { click: { anchor: "two" } }),
  ],
  [
    "never",
    "visible and hidden",
    all({ element: { anchor: "one" }, is: "visible" }, { element: { anchor: "one" }, is: "hidden" }),
  ],
  [
    "never",
    "enabled and not there",
    all({ element: { anchor: "one" }, is: "enabled" }, no({ element: { anchor: "one" }, is: "present" })),
  ],
  ["never", "no hours", { time: { hours: ["12:00", "12:00"] } }],
  [
    "possible",
    "over midnight",
    all({ time: { hours: ["22:00", "06:00"] } }, { time: { hours: ["05:00", "07:00"] } }),
  ],
  [
    "never",
    "morning and evening",
    all({ time: { hours: ["09:00", "12:00"] } }, { time: { hours: ["18:00", "20:00"] } }),
  ],
  [
    "possible",
    "morning here and evening there",
    all(
      { time: { hours: ["09:00", "12:00"] } },
      { time: { hours: ["18:00", "20:00"], timezone: "Asia/Tokyo" } },
    ),
  ],
  ["never", "two seasons", all({ time: { to: "2026-03-01" } }, { time: { from: "2026-03-01" } })],
  ["always", "before or after", any({ time: { to: "2026-03-01" } }, { time: { from: "2026-03-01" } })],
  [
    "always",
    "a part of the week or the rest",
    any({ time: { days: ["mon"] } }, no({ time: { days: ["mon"] } })),
  ],
  [
    "possible",
    "a weekday, but not in one week",
    all({ time: { days: ["thu"] } }, no({ time: { from: "2026-03-04", to: "2026-03-06", days: ["thu"] } })),
  ],
  ["possible", "neither of two languages: a third", all(no({ locale: ["ru"] }), no({ locale: ["en"] }))],
  ["never", "two languages", all({ locale: ["ru"] }, { locale: ["en"] })],
  ["never", "a country without its language", all({ locale: ["ru-RU"] }, no({ locale: ["ru"] }))],
  ["possible", "a language without one country", all({ locale: ["ru"] }, no({ locale: ["ru-RU"] }))],
  ["always", "seen or unseen", any({ flow: "x", is: "seen" }, { flow: "x", is: "unseen" })],
  [
    "possible",
    "completed and unseen: closed before it was in view",
    all({ flow: "x", is: "completed" }, { flow: "x", is: "unseen" }),
  ],
  ["never", "in a segment and out of what it says", all({ segment: "busy" }, { event: "a", exactly: 0 })],
];

describe("verdicts", () => {
  it.each(TABLE)("%s: %s", (verdict, _, condition) => {
    const formula = prover.formulaOf(condition as Condition);
    const found = prover.isNever(formula) ? "never" : prover.isAlways(formula) ? "always" : "possible";
    expect(found).toBe(verdict);
  });

  it.each([
    [
      { event: "a", exactly: 0 },
      { inactive: { event: "a" }, for: "7d" },
    ],
    [
      { event: "a", exactly: 0 },
      { feature: "export", is: "tried" },
    ],
    [
      { event: "a", atMost: 1 },
      { feature: "export", is: "activated" },
    ],
  ])("counts the events of goals from the exposure on, so older ones contradict nothing: %j", (...parts) => {
    const condition = all(...parts) as unknown as Condition;
    expect(prover.isNever(prover.formulaOf(condition))).toBe(true);
    expect(prover.isNever(prover.formulaOf(condition, true))).toBe(false);
  });

  it("gives up, and says nothing, where a proof would take too long", () => {
    // Pigeons and holes: eleven people on ten chairs, which no search by cases ends soon.
    const seat = (person: number, chair: number) => ({ flow: `${person}-${chair}`, is: "seen" });
    const numbers = Array.from({ length: 11 }, (_, i) => i);
    const chairs = numbers.slice(1);
    const seated = numbers.map((person) => any(...chairs.map((chair) => seat(person, chair))));
    const alone = chairs.flatMap((chair) =>
      numbers.flatMap((one) =>
        numbers.filter((other) => other < one).map((other) => no(all(seat(one, chair), seat(other, chair)))),
      ),
    );
    expect(prover.isNever(prover.formulaOf(all(...seated, ...alone) as unknown as Condition))).toBe(false);
    console.log(`${TABLE.length} verdicts`);
  });
});
