import type { Condition, Feature, Leaf, Level, Segment, Target } from "@cairn/flow-schema";
import { parseDuration, targetKey } from "@cairn/flow-schema";
import { parseMoment } from "../moment.ts";
import { attributeFormula } from "./attribute-formula.ts";
import { canBeTrue } from "./can-be-true.ts";
import type { FeatureFacts } from "./claim.ts";
import { and, atom, type Formula, not, or } from "./formula.ts";

/** What conditions may name. */
export interface Vocabulary {
  readonly features: ReadonlyMap<string, Feature>;
  readonly segments: ReadonlyMap<string, Segment>;
}

export interface FormulaOptions extends Vocabulary {
  /** Events count from an exposure on, as in goals. @default false */
  readonly since?: boolean;
}

/** Conditions inside segments inside features …: deeper than any author goes. */
const MAX_DEPTH = 24;

/**
 * What a condition says, as the engine's `truth` answers it. "Unknown" needs no place here: Kleene's logic is monotone,
 * so what is true while something is unknown stays true whatever it turns out to be.
 */
export function conditionFormula(condition: Condition, options: FormulaOptions, depth = 0): Formula {
  const inner = (one: Condition) => conditionFormula(one, options, depth + 1);
  if (depth > MAX_DEPTH) return unknown(condition);
  if ("all" in condition) return and(...condition.all.map(inner));
  if ("any" in condition) return or(...condition.any.map(inner));
  if ("not" in condition) return not(inner(condition.not));
  return leafFormula(condition, options, inner);
}

const unknown = (what: unknown): Formula => {
  const name = JSON.stringify(what);
  return atom(`free:${name}`, { type: "free", name });
};

function leafFormula(leaf: Leaf, options: FormulaOptions, inner: (one: Condition) => Formula): Formula {
  const { since = false, features, segments } = options;
  if ("event" in leaf) return eventFormula(leaf, since);
  if ("sequence" in leaf) {
    const { sequence: names, without } = leaf;
    // The event that discards comes before the place it would fill.
    if (without !== undefined && names.slice(1).includes(without)) return false;
    const rest = JSON.stringify([without, leaf.within, leaf.wait]);
    return atom("history", { type: "sequence", names, since, rest });
  }
  if ("inactive" in leaf) {
    const { inactive } = leaf;
    const feature = "feature" in inactive ? features.get(inactive.feature) : undefined;
    if ("feature" in inactive && !feature) return unknown(leaf);
    const subject = "event" in inactive ? inactive : feature && { feature: factsOf(feature) };
    const ms = parseDuration(leaf.for);
    if (!subject || ms === undefined) return unknown(leaf);
    return atom("history", { type: "inactive", subject, level: leaf.by ?? "user", ms });
  }
  if ("feature" in leaf) {
    const feature = features.get(leaf.feature);
    if (!feature) return unknown(leaf);
    const level: Level = leaf.by === "account" || feature.level === "account" ? "account" : "user";
    const state = atom("history", { type: "state", feature: factsOf(feature), level, is: leaf.is });
    // Who may not use a feature is in none of its states.
    return feature.availableTo ? and(inner(feature.availableTo), state) : state;
  }
  if ("flow" in leaf) {
    if (leaf.is !== "seen" && leaf.is !== "unseen") return unknown(leaf);
    const seen = atom(`seen:${leaf.flow}`, { type: "seen", flow: leaf.flow });
    return leaf.is === "seen" ? seen : not(seen);
  }
  if ("segment" in leaf) {
    const segment = segments.get(leaf.segment);
    return segment ? inner(segment.where) : unknown(leaf);
  }
  if ("user" in leaf) return attributeFormula("user", leaf.user, JSON.stringify(leaf));
  if ("account" in leaf) return attributeFormula("account", leaf.account, JSON.stringify(leaf));
  if ("device" in leaf) return attributeFormula("device", leaf.device, JSON.stringify(leaf));
  if ("page" in leaf)
    return or(...[leaf.page].flat().map((pattern) => atom("page", { type: "page", pattern })));
  if ("element" in leaf) {
    const target = targetKey(leaf.element);
    return atom(`element:${target}`, { type: "element", target, is: leaf.is });
  }
  if ("signal" in leaf) {
    return atom("moment", { type: "moment", kind: `signal:${leaf.signal}`, detail: JSON.stringify(leaf) });
  }
  if ("time" in leaf) {
    const { from, to, days = null, hours = null, timezone: zone = "user" } = leaf.time;
    const moment = (text: string | undefined) => (text === undefined ? null : (parseMoment(text) ?? null));
    return atom("time", { type: "time", from: moment(from), to: moment(to), days, hours, zone });
  }
  if ("locale" in leaf) return atom("locale", { type: "locale", tags: leaf.locale });
  for (const kind of ["click", "hover", "focus", "input"] as const)
    if (kind in leaf) {
      const target = (leaf as { readonly [kind: string]: Target })[kind];
      return atom("moment", { type: "moment", kind, detail: targetKey(target ?? {}) });
    }
  return unknown(leaf);
}

function eventFormula(leaf: Extract<Leaf, { event: string }>, since: boolean): Formula {
  const { event, exactly, atLeast, atMost, within, where, by: level = "user" } = leaf;
  const most = exactly ?? atMost;
  const least = exactly ?? atLeast ?? (most === undefined ? 1 : 0);
  // Of events that cannot be there have been none.
  if (where && !canBeTrue(attributeFormula("event", where, "where"))) return least <= 0;
  return atom("history", {
    type: "count",
    event,
    level,
    where: where ? JSON.stringify(where) : "",
    window: within === undefined ? -1 : (parseDuration(within) ?? -1),
    since,
    least,
    most: most ?? -1,
  });
}

export function factsOf({ id, uses, activated, lapsed }: Feature): FeatureFacts {
  const events = uses.flatMap((use) =>
    "event" in use ? [{ event: use.event, where: use.where ? JSON.stringify(use.where) : "" }] : [],
  );
  return {
    id,
    events,
    single: uses.length === 1 && events.length === 1,
    count: activated.count,
    lapsedAfter: lapsed ? (parseDuration(lapsed.after) ?? -1) : -1,
  };
}
