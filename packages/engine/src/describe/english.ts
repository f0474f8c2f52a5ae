import type { Json } from "@cairn/flow-schema";
import type { Language, Subject } from "./language.ts";
import { languageWords, momentWords } from "./moment-words.ts";
import { spansOf } from "./spans.ts";

const UNITS = { s: "second", m: "minute", h: "hour", d: "day", w: "week" } as const;

const join = (parts: readonly string[], word: string) =>
  parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1)}`;
const quote = (text: string) => `“${text}”`;
const times = (n: number) => (n === 1 ? "once" : n === 2 ? "twice" : `${n} times`);
const span = (duration: string) => {
  const n = Number(duration.slice(0, -1));
  const unit = UNITS[duration.slice(-1) as keyof typeof UNITS];
  return n === 1 ? `${unit === "hour" ? "an" : "a"} ${unit}` : `${n} ${unit}s`;
};
/** After "in" and "within". */
const period = (duration: string) => span(duration).replace(/^an? /, "one ");

const moment = (text: string) => momentWords(text, "en-GB") ?? text;
const word = (value: Json): string => {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (value === null) return "not known";
  if (typeof value === "string") return value === "" ? "empty" : moment(value);
  if (Array.isArray(value) && value.length === 0) return "an empty list";
  if (Array.isArray(value)) return `exactly the list ${join(value.map(word), "and")}`;
  if (typeof value !== "object") return String(value);
  return `exactly (${Object.entries(value)
    .map(([key, one]) => `${key}: ${word(one)}`)
    .join(", ")})`;
};
/** The values in an operator's list. */
const words = (value: Json, last: string): string =>
  Array.isArray(value) ? join(value.map(word), last) || "(nothing)" : word(value);
const COMPARISONS: { readonly [operator: string]: readonly [yes: string, no: string] } = {
  $eq: ["is", "is not"],
  $ne: ["is not", "is"],
  $in: ["is", "is not"],
  $ini: ["is", "is not"],
  $nin: ["is not", "is"],
  $nini: ["is not", "is"],
  $lt: ["is below", "is at least"],
  $lte: ["is at most", "is above"],
  $gt: ["is above", "is at most"],
  $gte: ["is at least", "is below"],
  $veq: ["is version", "is not version"],
  $vne: ["is not version", "is version"],
  $vlt: ["is older than version", "is version (or newer than)"],
  $vlte: ["is at most version", "is newer than version"],
  $vgt: ["is newer than version", "is at most version"],
  $vgte: ["is at least version", "is older than version"],
  $contains: ["contains", "does not contain"],
  $startsWith: ["begins with", "does not begin with"],
  $endsWith: ["ends with", "does not end with"],
  $all: ["has all of", "lacks one of"],
};
/** For dates: nobody says that a day is above another. */
const ORDER: typeof COMPARISONS = {
  $lt: ["is before", "is not before"],
  $lte: ["is not after", "is after"],
  $gt: ["is after", "is not after"],
  $gte: ["is not before", "is before"],
};
const TYPES: { readonly [type: string]: string } = {
  undefined: "nothing at all",
  string: "a text",
  number: "a number",
  boolean: "yes or no",
  array: "a list",
  object: "made of several values",
};
const DISTANCE: { readonly [comparison: string]: string } = {
  $lt: "less than",
  $lte: "at most",
  $gt: "more than",
  $gte: "at least",
};
const SIGNALS: { readonly [name: string]: string } = {
  idle: "they do nothing",
  "rage-click": "they click again and again in one place",
  "dead-click": "they click where nothing happens",
  "form-error": "a form refuses what they typed",
  "exit-intent": "they are about to leave",
  dwell: "they stay on the page",
  scroll: "they scroll",
};
const DAYS: { readonly [day: string]: string } = {
  mon: "Mondays",
  tue: "Tuesdays",
  wed: "Wednesdays",
  thu: "Thursdays",
  fri: "Fridays",
  sat: "Saturdays",
  sun: "Sundays",
};
const OWNERS = {
  user: "their",
  account: "their account's",
  device: "their device's",
  event: "its",
  entry: "its",
} as const;
const isPixels = ({ owner, path }: Subject) => owner === "device" && (path === "width" || path === "height");
function nameOf({ owner, path, counted }: Subject): string {
  const what =
    path === "" ? "it" : isPixels({ owner, path }) ? `their window's ${path}` : `${OWNERS[owner]} ${path}`;
  return counted ? `the number of entries in ${what}` : what;
}
const VERBS = { click: "click", hover: "point at", focus: "go into", input: "type into" } as const;

export const english: Language = {
  tag: "en",
  quote,
  span,
  and: (parts) => join(parts, "and"),
  or: (parts) => join(parts, "or"),
  not: (clause) => `it is not so that ${clause}`,
  count({ event, least, most, within, where, account }, no) {
    const who = account ? "people of their account" : "they";
    const what = `${quote(event)}${where ? ` where ${where}` : ""}`;
    const when = within ? ` in ${period(within)}` : "";
    if (most === undefined && (least ?? 1) <= 1)
      return no || least === 0
        ? `${who} have never done ${what}${within ? ` in the last ${period(within)}` : ""}`
        : `${who} have done ${what}${when}`;
    if (most === 0)
      return no
        ? `${who} have done ${what}${when}`
        : `${who} have not done ${what}${within ? ` in the last ${period(within)}` : ""}`;
    const how =
      least === most
        ? `exactly ${times(least ?? 0)}`
        : no && least === undefined && most !== undefined
          ? `more than ${times(most)}`
          : no && most === undefined && least !== undefined
            ? `less than ${times(least)}`
            : [least && `at least ${times(least)}`, most !== undefined && `at most ${times(most)}`]
                .filter(Boolean)
                .join(" and ");
    const isTurned = /^(?:more|less) than/.test(how);
    return `${who} have${no && !isTurned ? " not" : ""} done ${what} ${how}${when}`;
  },
  sequence(names, without, within, wait) {
    const chain = `they did ${names.map(quote).join(", then ")} within ${period(within)}`;
    const but = without ? `, but not ${quote(without)}` : "";
    return `${chain}${but}${wait ? `, and ${span(wait)} have passed since` : ""}`.replace(
      /an? (\w+) have passed/,
      "one $1 has passed",
    );
  },
  inactive: (name, isFeature, text, account) =>
    `${account ? "people of their account" : "they"} once ${isFeature ? "used" : "did"} ${quote(name)}, but not for ${text}`,
  feature(name, is, account, no) {
    const who = account ? "their account" : "they";
    const [have, use, stop] = account ? ["has", "uses", "has"] : ["have", "use", "have"];
    if (is === "untried")
      return `${who} ${have} ${no ? "tried" : "not tried"} ${quote(name)}${no ? "" : " yet"}`;
    if (is === "activated")
      return no
        ? `${who} ${account ? "does" : "do"} not use ${quote(name)} regularly`
        : `${who} ${use} ${quote(name)} regularly`;
    if (is === "lapsed") return `${who} ${stop} ${no ? "not stopped" : "stopped"} using ${quote(name)}`;
    const tried = `${who} ${have} tried ${quote(name)} without making it a habit`;
    return no ? english.not(tried) : tried;
  },
  flow(name, is, no) {
    const state = {
      unseen: "seen",
      seen: "seen",
      active: "open",
      completed: "finished",
      dismissed: "closed",
      snoozed: "put off",
    }[is];
    const negative = no !== (is === "unseen");
    if (is === "active") return `they ${negative ? "do not have" : "have"} ${quote(name)} open`;
    return `they have ${negative ? "not " : ""}${state} ${quote(name)}`;
  },
  segment: (name, no) => `they are ${no ? "not " : ""}among ${quote(name)}`,
  page: (patterns, no) =>
    patterns.includes("/…")
      ? `they are on ${no ? "no" : "any"} page`
      : `they are ${no ? "not " : ""}on the page ${join(patterns, "or")}`,
  element: (name, is) => `${quote(name)} is ${is === "present" ? "on the page" : is}`,
  interaction: (kind, name) => `they ${VERBS[kind]} ${quote(name)}`,
  signal: (name, text, target, depth) =>
    `${SIGNALS[name] ?? name}${depth ? ` ${depth}% down the page` : ""}${text ? ` for ${text}` : ""}${target ? ` at ${quote(target)}` : ""}`,
  time({ from, to, days, hours, zone }) {
    const parts = [
      from && `from ${moment(from)}`,
      to && `before ${moment(to)}`,
      days &&
        `on ${join(
          days.map((day) => DAYS[day] ?? day),
          "and",
        )}`,
      hours && `between ${hours[0]} and ${hours[1]}${zone ? ` (${zone})` : " their time"}`,
    ];
    return `it is ${parts.filter(Boolean).join(" ")}`;
  },
  locale: (tags, no) =>
    `their language is ${no ? "not " : ""}${join(
      tags.map((tag) => languageWords(tag, "en-GB")),
      "or",
    )}`,
  entry: (subject, clause, no) => `there is ${no ? "no" : "an"} entry in ${nameOf(subject)} where ${clause}`,
  attribute(subject, operator, value, no) {
    const { owner, path } = subject;
    const what = nameOf(subject);
    if (owner === "device" && path === "touch" && operator === "$eq" && typeof value === "boolean")
      return `they ${value === no ? "do not use" : "use"} a touch screen`;
    if (operator === "$exists") return `${what} is ${Boolean(value) === no ? "not known" : "known"}`;
    if (operator === "$ago" || operator === "$ahead") {
      const spans = spansOf(value).map(([comparison, text]) => `${DISTANCE[comparison]} ${span(text)}`);
      const said =
        operator === "$ago"
          ? `${what} was ${join(spans, "and")} ago`
          : `${what} is ${join(spans, "and")} away`;
      return no ? english.not(said) : said;
    }
    if (operator === "$type" && value !== "null")
      return `${what} is ${no ? "not " : ""}${TYPES[`${value}`] ?? value}`;
    const isDate = typeof value === "string" && moment(value) !== value;
    const comparison = (isDate && ORDER[operator]) || COMPARISONS[operator === "$type" ? "$eq" : operator];
    if (!comparison) return `${what} ${no ? "breaks" : "meets"} a rule of its own`;
    if (value === null || operator === "$type")
      return `${what} is ${(operator === "$ne") === no ? "not known" : "known"}`;
    const wanted =
      operator === "$eq" || operator === "$ne"
        ? word(value)
        : words(value, operator === "$all" ? "and" : "or");
    return `${what} ${comparison[no ? 1 : 0]} ${wanted}${isPixels(subject) && typeof value === "number" ? " pixels" : ""}`;
  },
  kind: (kind) => kind,
  sentence(parts) {
    const {
      kind,
      name,
      trigger,
      audience,
      atMost,
      gap,
      perSession,
      perAccount,
      until,
      goal,
      rollout,
      holdout,
      from,
      to,
    } = parts;
    const often = [
      atMost !== null && (atMost === 1 ? "once" : `at most ${times(atMost)}`),
      perSession && "once a visit",
      gap && `at least ${span(gap)} apart`,
      perAccount && "counted over all people of an account",
    ].filter(Boolean);
    const reached =
      goal && `${goal.clause}${goal.within ? ` (within ${period(goal.within)} of seeing it)` : ""}`;
    const end =
      until === "goal" && reached
        ? `until ${reached}`
        : until === "dismissed"
          ? "until they close or finish it"
          : until === "completed"
            ? "until they finish it"
            : "";
    const rest = [
      [often.join(", "), end].filter(Boolean).join(", "),
      until !== "goal" && reached && `it has worked when ${reached}`,
      (from || to) &&
        `only ${[from && `from ${moment(from)}`, to && `before ${moment(to)}`].filter(Boolean).join(" ")}`,
      rollout && `only for ${rollout} of people so far`,
      holdout &&
        `${holdout.share} of ${holdout.account ? "accounts" : "people"} do not get it, for comparison`,
      parts.variants > 1 && `in ${parts.variants} versions, to compare them`,
      parts.patience && `it waits ${span(parts.patience)} at most for a moment when it may come`,
      parts.critical && "it must be said, so it passes the limits on how much guidance a person gets",
      parts.off && "it is switched off",
    ].filter(Boolean);
    return `The ${kind} ${quote(name)} appears ${trigger ? `when ${trigger}` : "on every page"}${audience ? `, if ${audience}` : ", for everybody"}${rest.length ? `; ${rest.join("; ")}` : ""}.`;
  },
};
