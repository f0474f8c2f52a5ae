import type { FlowKind } from "@cairn/flow-schema";
import { resolveSettings } from "@cairn/flow-schema";
import type { Compiled } from "../compiled.ts";
import { type Decision, REASONS, type Reason } from "../decision.ts";

/** What a replay says about one flow. */
export interface FlowSummary {
  /** Persons with a decision. */
  readonly users: number;
  readonly shown: number;
  readonly withheld: number;
  readonly heldByReason: { readonly [reason in Reason]?: number };
}

/** How often people are interrupted: over all weeks (from Monday, UTC) in which somebody did something. */
export interface Interruptions {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** For people who read: what the numbers of a summary do not say. */
export interface FlowDetail {
  /** The first people who were shown it, at most ten. */
  readonly names: readonly string[];
  /** Persons who were held by budget and never saw it. */
  readonly starved: number;
}

/** A person, and how often they were interrupted in their busiest week. */
export interface Overload {
  readonly name: string;
  readonly interruptions: number;
}

/** What is counted for one person. */
export interface PersonTally {
  /** `settings.exclude` is true of them: they are guided, and in no summary. */
  excluded: boolean;
  week: number;
  interruptions: number;
  /** Interruptions in the busiest week that is over. */
  most: number;
  /** By flow: what has happened between the two, as bits. */
  readonly flows: Map<string, number>;
}

export const DECIDED = 1;
export const SHOWN = 2;
const STARVED = 4;

const DAY = 86_400_000;
/** 1 January 1970 was a Thursday. */
const weekOf = (at: number) => Math.floor((at - 4 * DAY) / (7 * DAY));

const NAMES = 10;

export interface Tally {
  readonly interruptions: number;
  person(): PersonTally;
  /** A person did something. */
  active(one: PersonTally, now: number): void;
  decided(one: PersonTally, decision: Decision): void;
  /** Two turned out to be one person. */
  join(into: PersonTally, from: PersonTally): void;
  summary(people: Iterable<{ readonly name: string; readonly tally: PersonTally }>): {
    readonly flows: { readonly [flow: string]: FlowSummary };
    readonly details: { readonly [flow: string]: FlowDetail };
    /** Those whose busiest week has the most interruptions, and two at least; at most ten. */
    readonly overloaded: readonly Overload[];
    readonly interruptionsPerUserWeek: Interruptions;
  };
}

type Counter = { shown: number; withheld: number; held: Map<Reason, number> };

export function createTally(compiled: Compiled): Tally {
  const counters = new Map<string, Counter>();
  for (const id of compiled.flows.keys()) counters.set(id, { shown: 0, withheld: 0, held: new Map() });
  const weights = (compiled.settings.budget ?? resolveSettings().budget)?.weights;
  const interrupts = (flow: string) => {
    const kind: FlowKind | undefined = compiled.flows.get(flow)?.kind;
    return kind !== undefined && (weights?.[kind] ?? 0) > 0;
  };
  /** Interruptions in a week → how many such weeks there were. */
  const weeks = new Map<number, number>();
  let interruptions = 0;

  const close = (one: PersonTally) => {
    const { interruptions: count } = one;
    one.most = Math.max(one.most, count);
    if (!one.excluded) weeks.set(count, (weeks.get(count) ?? 0) + 1);
  };
  const active = (one: PersonTally, now: number) => {
    const week = weekOf(now);
    if (week === one.week) return;
    if (one.week !== NEVER) close(one);
    one.week = week;
    one.interruptions = 0;
  };
  return {
    get interruptions() {
      return interruptions;
    },
    person: () => ({ excluded: false, week: NEVER, interruptions: 0, most: 0, flows: new Map() }),
    active,
    decided(one, { flow, outcome, reason, start, at }) {
      const counter = counters.get(flow);
      if (!counter || one.excluded) return;
      const before = one.flows.get(flow) ?? 0;
      let bits = before | DECIDED;
      if (outcome === "shown") {
        counter.shown++;
        bits |= SHOWN;
        // What somebody asked for does not interrupt them.
        if (start === "trigger" && interrupts(flow)) {
          active(one, at);
          one.interruptions++;
          interruptions++;
        }
      } else if (outcome === "withheld") counter.withheld++;
      else if (reason) {
        counter.held.set(reason, (counter.held.get(reason) ?? 0) + 1);
        if (reason === "budget") bits |= STARVED;
      }
      if (bits !== before) one.flows.set(flow, bits);
    },
    join(into, from) {
      for (const [flow, bits] of from.flows) into.flows.set(flow, (into.flows.get(flow) ?? 0) | bits);
      if (from.week === into.week) into.interruptions += from.interruptions;
      else if (from.week !== NEVER) close(from);
      into.most = Math.max(into.most, from.most);
    },
    summary(people) {
      const users = new Map<string, number>();
      const names = new Map<string, string[]>();
      const starved = new Map<string, number>();
      let overloaded: readonly Overload[] = [];
      for (const { name, tally } of people) {
        if (tally.excluded) continue;
        if (tally.week !== NEVER) close(tally);
        const least = overloaded.length < NAMES ? 1 : (overloaded.at(-1)?.interruptions ?? 1);
        if (tally.most > least)
          overloaded = [...overloaded, { name, interruptions: tally.most }]
            .sort((a, b) => b.interruptions - a.interruptions)
            .slice(0, NAMES);
        for (const [flow, bits] of tally.flows) {
          users.set(flow, (users.get(flow) ?? 0) + 1);
          if ((bits & (SHOWN | STARVED)) === STARVED) starved.set(flow, (starved.get(flow) ?? 0) + 1);
          const known = names.get(flow) ?? [];
          if ((bits & SHOWN) !== 0 && known.length < NAMES) names.set(flow, [...known, name]);
        }
      }
      const ids = [...counters.keys()].sort();
      return {
        flows: Object.fromEntries(ids.map((id) => [id, summaryOf(users.get(id) ?? 0, counters.get(id))])),
        details: Object.fromEntries(
          ids.map((id) => [id, { names: names.get(id) ?? [], starved: starved.get(id) ?? 0 }]),
        ),
        overloaded,
        interruptionsPerUserWeek: percentiles(weeks),
      };
    },
  };
}

const NEVER = Number.NEGATIVE_INFINITY;

function summaryOf(users: number, counter: Counter | undefined): FlowSummary {
  const held: { [reason in Reason]?: number } = {};
  for (const reason of REASONS) {
    const count = counter?.held.get(reason);
    if (count) held[reason] = count;
  }
  return { users, shown: counter?.shown ?? 0, withheld: counter?.withheld ?? 0, heldByReason: held };
}

/** By nearest rank: the least value that so many of all do not exceed. */
function percentiles(counts: ReadonlyMap<number, number>): Interruptions {
  const ordered = [...counts].sort(([a], [b]) => a - b);
  const total = ordered.reduce((sum, [, count]) => sum + count, 0);
  const at = (share: number) => {
    let left = Math.ceil(share * total);
    for (const [value, count] of ordered) {
      left -= count;
      if (left <= 0) return value;
    }
    return 0;
  };
  return { p50: at(0.5), p95: at(0.95), max: ordered.at(-1)?.[0] ?? 0 };
}
