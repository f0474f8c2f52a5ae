import type { AttributeRule, Condition, Flow, Level, Target, Text } from "@cairn/flow-schema";
import { frequencyRule } from "../frequency.ts";
import { parseMoment } from "../moment.ts";
import { type Clause, group, plain } from "./clause.ts";
import { english } from "./english.ts";
import type { Language } from "./language.ts";
import { pageWords } from "./page-words.ts";
import { russian } from "./russian.ts";
import { humanise, speakRule } from "./speak-rule.ts";

export type DescribeLanguage = "en" | "ru";

/** What things are called by people; what is not named here is called by its id. */
export interface DescribeNames {
  readonly features?: readonly { readonly id: string; readonly name?: Text; readonly level?: Level }[];
  readonly segments?: readonly { readonly id: string; readonly name?: Text }[];
  readonly flows?: readonly { readonly id: string; readonly name?: string }[];
}

const LANGUAGES = { en: english, ru: russian };

/** Reads a flow's whole rule back as one plain sentence: who gets it, when, how often, until when. */
export function describe(flow: Flow, language: DescribeLanguage, names: DescribeNames = {}): string {
  const words = LANGUAGES[language];
  const speaks = speaker(words, names);
  const speak = (condition: Condition) => speaks(condition, false).text;
  const rule = frequencyRule(flow.kind, flow.frequency);
  return words.sentence({
    kind: flow.kind,
    name: flow.name ?? humanise(flow.id),
    trigger: flow.trigger && speak(flow.trigger),
    audience: flow.audience && speak(flow.audience),
    atMost: rule.atMost,
    gap: flow.frequency?.gap,
    perSession: rule.perSession,
    perAccount: rule.byAccount,
    until: rule.until,
    goal: flow.goal && { clause: speak(flow.goal.reach), within: flow.goal.within },
    rollout: flow.rollout === "100%" ? undefined : flow.rollout,
    holdout: flow.holdout && { share: flow.holdout.share, account: flow.holdout.by !== "user" },
    from: flow.schedule?.from,
    to: earlier(flow.schedule?.to, flow.expires),
    patience: flow.patience,
    variants: flow.variants?.length ?? 0,
    critical: flow.critical ?? false,
    off: flow.enabled === false,
  });
}

function speaker(words: Language, names: DescribeNames): (condition: Condition, no: boolean) => Clause {
  const text = (name: Text | undefined) =>
    typeof name === "object" ? (name[words.tag] ?? name.en ?? Object.values(name)[0]) : name;
  const called = (list: readonly { readonly id: string; readonly name?: Text }[] | undefined, id: string) =>
    text(list?.find((one) => one.id === id)?.name) ?? humanise(id);
  /** Whether the uses of all people of an account count together. */
  const pooled = (feature: string, by: Level | undefined) =>
    (by ?? names.features?.find(({ id }) => id === feature)?.level) === "account";

  const speak = (condition: Condition, no: boolean): Clause => {
    if ("not" in condition) return speak(condition.not, !no);
    if ("all" in condition || "any" in condition) {
      const parts = "all" in condition ? condition.all : condition.any;
      // "not (A and B)" is "not A or not B".
      const how = "all" in condition === no ? "or" : "and";
      return group(
        words,
        how,
        parts.map((part) => speak(part, no)),
      );
    }
    for (const owner of ["user", "account", "device"] as const) {
      const rule = (condition as { readonly [owner: string]: unknown })[owner] as AttributeRule | undefined;
      if (rule) return speakRule(words, owner, rule, no);
    }
    return plain(speakLeaf(condition, no));
  };

  const speakLeaf = (condition: Condition, no: boolean): string => {
    const negate = (clause: string) => (no ? words.not(clause) : clause);
    if ("event" in condition) {
      const { event, atLeast, atMost, exactly, within, where, by } = condition;
      const phrase = {
        event: humanise(event),
        least: exactly ?? atLeast,
        most: exactly ?? atMost,
        within,
        where: where && speakRule(words, "event", where, false).text,
        account: by === "account",
      };
      return words.count(phrase, no);
    }
    if ("sequence" in condition) {
      const { sequence, without, within, wait } = condition;
      return negate(words.sequence(sequence.map(humanise), without && humanise(without), within, wait));
    }
    if ("inactive" in condition) {
      const { inactive, for: span, by } = condition;
      return negate(
        "feature" in inactive
          ? words.inactive(called(names.features, inactive.feature), true, words.span(span), by === "account")
          : words.inactive(humanise(inactive.event), false, words.span(span), by === "account"),
      );
    }
    if ("feature" in condition) {
      const { feature, is, by } = condition;
      return words.feature(called(names.features, feature), is, pooled(feature, by), no);
    }
    if ("flow" in condition) return words.flow(called(names.flows, condition.flow), condition.is, no);
    if ("segment" in condition) return words.segment(called(names.segments, condition.segment), no);
    if ("page" in condition) return words.page([condition.page].flat().flatMap(pageWords), no);
    if ("element" in condition) return negate(words.element(targetName(condition.element), condition.is));
    if ("signal" in condition) {
      const { signal, for: span, target, depth } = condition;
      return negate(words.signal(signal, span && words.span(span), target && targetName(target), depth));
    }
    if ("time" in condition) {
      const { timezone, ...time } = condition.time;
      return negate(words.time({ ...time, ...(timezone && timezone !== "user" && { zone: timezone }) }));
    }
    if ("locale" in condition) return words.locale(condition.locale, no);
    for (const kind of ["click", "hover", "focus", "input"] as const) {
      const target = (condition as { readonly [key: string]: Target })[kind];
      if (target) return negate(words.interaction(kind, targetName(target)));
    }
    return humanise(JSON.stringify(condition));
  };
  return speak;
}

/** What an element is called: its anchor, its words, else what its selector is named for. */
function targetName({ anchor, text, fallback }: Target = {}): string {
  if (anchor !== undefined) return humanise(anchor);
  if (text !== undefined) return text;
  const [, named] = /[=#.]["']?([\w-]+)[^=#.]*$/.exec(fallback?.[0] ?? "") ?? [];
  return humanise(named ?? fallback?.[0] ?? "");
}

/** The earlier of two moments, as it is written. */
const earlier = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && (parseMoment(b) ?? 0) < (parseMoment(a) ?? 0)) ? b : a;
