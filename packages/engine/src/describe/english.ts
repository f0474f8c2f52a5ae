import type { Json } from "@cairn/flow-schema";
import type { Language } from "./language.ts";
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

const word = (value: Json): string => {
  if (value === true) return "yes";
  if (value === false) return "no";
  return Array.isArray(value) ? join(value.map(word), "or") : String(value);
};
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
  $size: ["has this many entries:", "does not have this many entries:"],
  $all: ["has all of", "lacks one of"],
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
const OWNERS = { user: "their", account: "their account's", device: "their device's", event: "its" } as const;
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
        : [least && `at least ${times(least)}`, most !== undefined && `at most ${times(most)}`]
            .filter(Boolean)
            .join(" and ");
    return `${who} have${no ? " not" : ""} done ${what} ${how}${when}`;
  },
  sequence(names, without, within, wait) {
    const chain = `they did ${names.map(quote).join(", then ")} within ${period(within)}`;
    const but = without ? `, but not ${quote(without)}` : "";
    return `${chain}${but}${wait ? `, and ${span(wait)} have passed since` : ""}`.replace(
      /an? (\w+) have passed/,
      "one $1 has passed",
    );
  },
  inactive: (name, isFeature, text) =>
    `they once ${isFeature ? "used" : "did"} ${quote(name)}, but not for ${text}`,
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
  page: (patterns, no) => `they are ${no ? "not " : ""}on the page ${join(patterns, "or")}`,
  element: (name, is) => `${quote(name)} is ${is === "present" ? "on the page" : is}`,
  interaction: (kind, name) => `they ${VERBS[kind]} ${quote(name)}`,
  signal: (name, text, target, depth) =>
    `${SIGNALS[name] ?? name}${depth ? ` ${depth}% down the page` : ""}${text ? ` for ${text}` : ""}${target ? ` at ${quote(target)}` : ""}`,
  time({ from, to, days, hours, zone }) {
    const parts = [
      from && `from ${from}`,
      to && `before ${to}`,
      days &&
        `on ${join(
          days.map((day) => DAYS[day] ?? day),
          "and",
        )}`,
      hours && `between ${hours[0]} and ${hours[1]}${zone ? ` (${zone})` : " their time"}`,
    ];
    return `it is ${parts.filter(Boolean).join(" ")}`;
  },
  locale: (tags) => `their language is ${join(tags, "or")}`,
  attribute(owner, path, operator, value, no) {
    const what = `${OWNERS[owner]} ${path}`;
    if (operator === "$exists") return `${what} is ${Boolean(value) === no ? "not known" : "known"}`;
    if (operator === "$ago" || operator === "$ahead") {
      const spans = spansOf(value).map(([comparison, text]) => `${DISTANCE[comparison]} ${span(text)}`);
      const said =
        operator === "$ago"
          ? `${what} was ${join(spans, "and")} ago`
          : `${what} is ${join(spans, "and")} away`;
      return no ? english.not(said) : said;
    }
    const comparison = COMPARISONS[operator];
    if (!comparison) return `${what} ${no ? "breaks" : "meets"} a rule of its own`;
    if (value === null) return `${what} is ${(operator === "$ne") === no ? "not known" : "known"}`;
    return `${what} ${comparison[no ? 1 : 0]} ${word(value)}`;
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
      (from || to) && `only ${[from && `from ${from}`, to && `before ${to}`].filter(Boolean).join(" ")}`,
      rollout && `only for ${rollout} of people so far`,
      holdout &&
        `${holdout.share} of ${holdout.account ? "accounts" : "people"} do not get it, for comparison`,
      parts.critical && "it must be said, so it passes the limits on how much guidance a person gets",
    ].filter(Boolean);
    return `The ${kind} ${quote(name)} appears ${trigger ? `when ${trigger}` : "on every page"}${audience ? `, if ${audience}` : ", for everybody"}${rest.length ? `; ${rest.join("; ")}` : ""}.`;
  },
};
