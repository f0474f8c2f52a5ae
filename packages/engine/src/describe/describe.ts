import type { AttributeRule, Condition, Flow, Json, Target, Text } from "@cairn/flow-schema";
import { frequencyRule } from "../frequency.ts";
import { english } from "./english.ts";
import type { Language, Owner } from "./language.ts";
import { russian } from "./russian.ts";

export type DescribeLanguage = "en" | "ru";

/** What things are called by people; what is not named here is called by its id. */
export interface DescribeNames {
  readonly features?: readonly { readonly id: string; readonly name?: Text }[];
  readonly segments?: readonly { readonly id: string; readonly name?: Text }[];
  readonly flows?: readonly { readonly id: string; readonly name?: string }[];
}

type Raw = { readonly [key: string]: Json };
const LANGUAGES = { en: english, ru: russian };

/** Reads a flow's whole rule back as one plain sentence: who gets it, when, how often, until when. */
export function describe(flow: Flow, language: DescribeLanguage, names: DescribeNames = {}): string {
  const words = LANGUAGES[language];
  const speak = speaker(words, names);
  const rule = frequencyRule(flow.kind, flow.frequency);
  return words.sentence({
    kind: flow.kind,
    name: flow.name ?? humanise(flow.id),
    trigger: flow.trigger && speak(flow.trigger, false),
    audience: flow.audience && speak(flow.audience, false),
    atMost: rule.atMost,
    gap: flow.frequency?.gap,
    perSession: rule.perSession,
    until: rule.until,
    goal: flow.goal && { clause: speak(flow.goal.reach, false), within: flow.goal.within },
    rollout: flow.rollout === "100%" ? undefined : flow.rollout,
    holdout: flow.holdout && { share: flow.holdout.share, account: flow.holdout.by !== "user" },
    from: flow.schedule?.from,
    to: flow.schedule?.to ?? flow.expires,
    critical: flow.critical ?? false,
  });
}

/** "report.viewed", "trialEndsAt", "first-export" as words. */
export const humanise = (id: string): string =>
  id
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[._-]+/g, " ")
    .trim()
    .toLowerCase();

/** A pattern as people would write the address: "/reports{/}?" is "/reports". */
const plainPage = (pattern: string) => pattern.replaceAll("{/}?", "").replace(/:[a-zA-Z_]\w*/g, "…") || "/";

function speaker(words: Language, names: DescribeNames): (condition: Condition, no: boolean) => string {
  const text = (name: Text | undefined) =>
    typeof name === "object" ? (name[words.tag] ?? name.en ?? Object.values(name)[0]) : name;
  const called = (list: readonly { readonly id: string; readonly name?: Text }[] | undefined, id: string) =>
    text(list?.find((one) => one.id === id)?.name) ?? humanise(id);
  const targetName = (target: Target | undefined) =>
    humanise(target?.anchor ?? target?.text ?? target?.fallback?.[0] ?? "");

  const speak = (condition: Condition, no: boolean): string => {
    if ("not" in condition) return speak(condition.not, !no);
    if ("all" in condition || "any" in condition) {
      const parts = "all" in condition ? condition.all : condition.any;
      // "not (A and B)" is "not A or not B".
      const join = "all" in condition === no ? words.or : words.and;
      return join(
        parts.map((part) => {
          const said = speak(part, no);
          const nested = ("all" in part && part.all.length > 1) || ("any" in part && part.any.length > 1);
          return nested && parts.length > 1 ? `(${said})` : said;
        }),
      );
    }
    const negate = (clause: string) => (no ? words.not(clause) : clause);
    const rule = (owner: Owner, written: AttributeRule, negative: boolean) =>
      speakRule(words, owner, written, negative);
    if ("user" in condition) return rule("user", condition.user, no);
    if ("account" in condition) return rule("account", condition.account, no);
    if ("device" in condition) return rule("device", condition.device, no);
    if ("event" in condition) {
      const { event, atLeast, atMost, exactly, within, where, by } = condition;
      const phrase = {
        event: humanise(event),
        least: exactly ?? atLeast,
        most: exactly ?? atMost,
        within,
        where: where && rule("event", where, false),
        account: by === "account",
      };
      return words.count(phrase, no);
    }
    if ("sequence" in condition) {
      const { sequence, without, within, wait } = condition;
      return negate(words.sequence(sequence.map(humanise), without && humanise(without), within, wait));
    }
    if ("inactive" in condition) {
      const { inactive, for: span } = condition;
      return negate(
        "feature" in inactive
          ? words.inactive(called(names.features, inactive.feature), true, words.span(span))
          : words.inactive(humanise(inactive.event), false, words.span(span)),
      );
    }
    if ("feature" in condition)
      return words.feature(
        called(names.features, condition.feature),
        condition.is,
        condition.by === "account",
        no,
      );
    if ("flow" in condition) return words.flow(called(names.flows, condition.flow), condition.is, no);
    if ("segment" in condition) return words.segment(called(names.segments, condition.segment), no);
    if ("page" in condition) return words.page([condition.page].flat().map(plainPage), no);
    if ("element" in condition) return negate(words.element(targetName(condition.element), condition.is));
    if ("signal" in condition) {
      const { signal, for: span, target, depth } = condition;
      return negate(words.signal(signal, span && words.span(span), target && targetName(target), depth));
    }
    if ("time" in condition) {
      const { timezone, ...time } = condition.time;
      return negate(words.time({ ...time, ...(timezone && timezone !== "user" && { zone: timezone }) }));
    }
    if ("locale" in condition) return negate(words.locale(condition.locale));
    for (const kind of ["click", "hover", "focus", "input"] as const) {
      const target = (condition as { readonly [key: string]: Target })[kind];
      if (target) return negate(words.interaction(kind, targetName(target)));
    }
    return humanise(JSON.stringify(condition));
  };
  return speak;
}

function speakRule(words: Language, owner: Owner, rule: AttributeRule, no: boolean): string {
  const parts = Object.entries(rule).map(([key, value]): string => {
    if (key === "$and" || key === "$or" || key === "$nor") {
      const negative = no !== (key === "$nor");
      const all = (key === "$and") !== negative;
      return (all ? words.and : words.or)(
        (value as Raw[]).map((one) => speakRule(words, owner, one, negative)),
      );
    }
    if (key === "$not") return speakRule(words, owner, value as Raw, !no);
    // "trialEndsAt" is "trial ends" to people.
    const path = humanise(key).replace(/ at$/, "");
    if (!isOperators(value)) return words.attribute(owner, path, "$eq", value, no);
    const tests = Object.entries(value).map(([operator, expected]): string =>
      operator === "$not"
        ? speakRule(words, owner, { [key]: expected }, !no)
        : words.attribute(owner, path, operator, expected, no),
    );
    return (no ? words.or : words.and)(tests);
  });
  return (no ? words.or : words.and)(parts);
}

const isOperators = (value: Json): value is Raw =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length > 0 &&
  Object.keys(value).every((key) => key.startsWith("$"));
