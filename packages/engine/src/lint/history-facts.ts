import { assertNever, type FeatureState } from "@cairn/flow-schema";
import type { CountClaim, FeatureFacts, HistoryClaim } from "./claim.ts";
import type { Literal } from "./formula.ts";

const EVER = Number.POSITIVE_INFINITY;

/** How often an event came in one window: bounds, and numbers that are ruled out. */
interface Count {
  readonly where: string;
  readonly window: number;
  readonly since: boolean;
  low: number;
  high: number;
  readonly not: Set<number>;
}

/** How long ago something happened last: at least `low`, less than `high`, where it did at all. */
interface Recency {
  low: number;
  high: number;
  /** It happened. */
  must: boolean;
  /** It never did. */
  never: boolean;
  /** If it happened, less than this long ago. */
  ifEver: number;
}
interface EventFacts {
  readonly counts: Count[];
  readonly last: Recency;
}
interface UseFacts {
  readonly feature: FeatureFacts;
  readonly level: string;
  readonly states: Set<FeatureState>;
  readonly last: Recency;
}
interface Book {
  readonly events: Map<string, EventFacts>;
  readonly features: Map<string, UseFacts>;
}

const anyTime = (): Recency => ({ low: 0, high: EVER, must: false, never: false, ifEver: EVER });

/**
 * Whether one history can have all these counts, silences and feature states; `false` only where proven, by bounds:
 * a longer window holds no fewer events, an event with a `where` is one of all, what is unused has no uses.
 */
export function historyCanHold(literals: readonly Literal<HistoryClaim>[]): boolean {
  const book: Book = { events: new Map(), features: new Map() };
  for (const literal of literals) write(book, literal);
  for (const facts of book.features.values()) if (!bindFeature(book, facts)) return false;
  for (const facts of book.events.values()) if (!eventCanBe(facts)) return false;
  return true;
}

function eventFacts(book: Book, level: string, event: string): EventFacts {
  const key = `${level}|${event}`;
  const facts = book.events.get(key) ?? { counts: [], last: anyTime() };
  book.events.set(key, facts);
  return facts;
}

function useFacts(book: Book, level: string, feature: FeatureFacts): UseFacts {
  const key = `${level}|${feature.id}`;
  const states = new Set<FeatureState>(["untried", "tried", "activated", "lapsed"]);
  const facts = book.features.get(key) ?? { feature, level, states, last: anyTime() };
  book.features.set(key, facts);
  return facts;
}

function countIn(facts: EventFacts, where: string, window: number, since: boolean): Count {
  const found = facts.counts.find(
    (one) => one.where === where && one.window === window && one.since === since,
  );
  if (found) return found;
  const made = { where, window, since, low: 0, high: EVER, not: new Set<number>() };
  facts.counts.push(made);
  return made;
}

function write(book: Book, { claim, holds }: Literal<HistoryClaim>): void {
  switch (claim.type) {
    case "count":
      writeCount(eventFacts(book, claim.level, claim.event), claim, holds);
      return;
    case "sequence":
      if (holds)
        for (const name of new Set(claim.names)) {
          const count = countIn(eventFacts(book, "user", name), "", EVER, claim.since);
          // Each place of the sequence is filled by an event of its own.
          count.low = Math.max(count.low, claim.names.filter((one) => one === name).length);
        }
      return;
    case "inactive": {
      const { subject, level, ms } = claim;
      const { last } =
        "event" in subject ? eventFacts(book, level, subject.event) : useFacts(book, level, subject.feature);
      if (!holds) last.ifEver = Math.min(last.ifEver, ms);
      else Object.assign(last, { must: true, low: Math.max(last.low, ms) });
      return;
    }
    case "state": {
      const { states } = useFacts(book, claim.level, claim.feature);
      for (const state of [...states]) if ((state === claim.is) !== holds) states.delete(state);
      return;
    }
    default:
      assertNever(claim);
  }
}

function writeCount(facts: EventFacts, claim: CountClaim, holds: boolean): void {
  const { where, window, since, least } = claim;
  const count = countIn(facts, where, window < 0 ? EVER : window, since);
  const most = claim.most < 0 ? EVER : claim.most;
  if (holds) {
    count.low = Math.max(count.low, least);
    count.high = Math.min(count.high, most);
  } else if (most === EVER) count.high = Math.min(count.high, least - 1);
  else if (least <= 0) count.low = Math.max(count.low, most + 1);
  else if (least === most) count.not.add(least);
}

/** What a feature's state says about its uses, and the other way round; false where they contradict each other. */
function bindFeature(book: Book, { feature, level, states, last }: UseFacts): boolean {
  const { lapsedAfter, events, single } = feature;
  if (last.must) states.delete("untried");
  if (lapsedAfter < 0) states.delete("lapsed");
  if (states.size === 0) return false;
  const used = !states.has("untried");
  const only = (...some: FeatureState[]) => [...states].every((state) => some.includes(state));
  if (used) last.must = true;
  if (only("untried")) last.never = true;
  if (only("lapsed")) last.low = Math.max(last.low, lapsedAfter);
  if (only("activated") && lapsedAfter >= 0) last.high = Math.min(last.high, lapsedAfter);
  if (!recencyCanBe(last)) return false;
  for (const { event, where } of events) {
    const facts = eventFacts(book, level, event);
    if (last.never) countIn(facts, where, EVER, false).high = 0;
    if (last.must && last.low > 0) countIn(facts, where, last.low, false).high = 0;
    if (!single || !used) continue;
    const ever = countIn(facts, where, EVER, false);
    ever.low = Math.max(ever.low, only("activated", "lapsed") ? feature.count : 1);
    if (last.high === EVER) continue;
    const recent = countIn(facts, where, last.high, false);
    recent.low = Math.max(recent.low, 1);
  }
  return true;
}

const recencyCanBe = ({ low, high, must, never, ifEver }: Recency) =>
  !must || (!never && low < Math.min(high, ifEver));

function eventCanBe({ counts, last }: EventFacts): boolean {
  const within = (a: Count, b: Count) =>
    a.window <= b.window && (b.where === "" || a.where === b.where) && (a.since || !b.since);
  // Each round passes bounds on by one link at least.
  for (let round = 0; round <= counts.length; round++) {
    for (const a of counts) {
      while (a.not.has(a.low)) a.low++;
      while (a.not.has(a.high)) a.high--;
      if (a.low > a.high) return false;
      for (const b of counts)
        if (within(a, b)) {
          b.low = Math.max(b.low, a.low);
          a.high = Math.min(a.high, b.high);
        }
    }
  }
  for (const { where, window, since, low, high } of counts) {
    if (low > high) return false;
    if (low > 0) {
      last.must = true;
      last.high = Math.min(last.high, window);
    }
    // Only all events, counted from the beginning, say that there was none.
    if (high > 0 || where !== "" || since) continue;
    if (window === EVER) last.never = true;
    else last.low = Math.max(last.low, window);
  }
  return recencyCanBe(last);
}
