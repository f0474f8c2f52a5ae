import type { Json, JsonObject } from "@cairn/flow-schema";
import { matchesRule } from "./attribute.ts";
import type { Compiled } from "./compile.ts";
import { activatedAt } from "./feature-state.ts";
import {
  addTime,
  type Book,
  KEPT_TIMES,
  lastOf,
  MAX_NAMES,
  newTimes,
  type Times,
  timesOf,
} from "./history.ts";
import { own } from "./own.ts";
import type { CompiledFeature } from "./plan.ts";
import { extendChain, newChain, type SequenceSpec } from "./sequence.ts";
import { nextOpening } from "./time-window.ts";
import type { Turn } from "./turn.ts";
import type { State } from "./user-state.ts";

/** This device's own book, and the account's where it is known: both grow. */
function growing(state: State): Book[] {
  const book = state.shared.books[state.device] ?? {};
  state.shared.books[state.device] = book;
  return state.team ? [book, state.team] : [book];
}

/** Adds a moment to a history key, and sets the timers that run from it. */
function add(turn: Turn, book: Book, key: string, keep: number, from: number): Times {
  const times = own(book, key) ?? newTimes(from);
  book[key] = times;
  addTime(times, turn.now, keep);
  for (const [timer, ms] of turn.compiled.timers.get(key) ?? [])
    turn.state.local.timers[timer] = turn.now + ms;
  return times;
}

/** An event has happened: remembers it, and raises what listens to it. */
export function rememberEvent(turn: Turn, name: string, properties: JsonObject): void {
  const { compiled, state, now } = turn;
  const plan = compiled.events.get(name);
  const matched = (where: Json | undefined) => where === undefined || matchesRule(properties, where, now);
  const series = plan ? [...plan.series].filter(([, { where }]) => matched(where)) : [];
  for (const book of growing(state)) {
    makeRoom(state, book, `e:${name}`);
    add(turn, book, `e:${name}`, KEPT_TIMES, own(state.shared.lost, state.device) ?? -1);
    for (const [key, { keep }] of series) add(turn, book, key, keep, -1);
  }
  turn.raised.add(`e:${name}`);
  for (const [key] of series) turn.raised.add(key);
  for (const spec of plan?.sequences ?? []) {
    const chain = own(state.local.chains, spec.key) ?? newChain(spec, true);
    state.local.chains[spec.key] = chain;
    extendChain(chain, spec, name, now);
    setWait(state, spec);
  }
  const used = new Set(plan?.features.filter(({ where }) => matched(where)).map(({ feature }) => feature));
  for (const feature of used) rememberUse(turn, feature);
}

/** The end of a completed chain's wait is a moment to ask its flows; a discarded chain has none. */
function setWait(state: State, spec: SequenceSpec): void {
  const done = own(state.local.chains, spec.key)?.done;
  if (!spec.wait) return;
  if (done && done[1] + spec.wait > state.now) state.local.timers[spec.key] = done[1] + spec.wait;
  else delete state.local.timers[spec.key];
}

/** A feature was used once, by whatever counts as its use. */
export function rememberUse(turn: Turn, feature: CompiledFeature): void {
  const key = `f:${feature.id}`;
  for (const book of growing(turn.state)) {
    const times = add(turn, book, key, Math.max(KEPT_TIMES, feature.rule.count), -1);
    times.rule ??= ruleName(feature);
    const recent = times.at.slice(-feature.rule.count);
    if (activatedAt(recent, feature.rule) !== undefined) times.done ??= turn.now;
  }
  turn.raised.add(key);
}

const ruleName = ({ rule }: CompiledFeature) => `${rule.count}/${rule.within}`;

/** Forgets the name not seen for longest when there are too many. */
function makeRoom(state: State, book: Book, key: string): void {
  if (own(book, key)) return;
  const names = Object.keys(book).filter((one) => one.startsWith("e:"));
  if (names.length < MAX_NAMES) return;
  const last = (name: string) => own(book, name)?.last ?? 0;
  const oldest = names.reduce((a, b) => (last(b) < last(a) ? b : a));
  state.shared.lost[state.device] = Math.max(last(oldest), own(state.shared.lost, state.device) ?? -1);
  delete book[oldest];
}

/**
 * Prepares the memory for what the definitions ask. What was not counted so far is filled in from the times of each
 * event where they tell enough; where they do not, `from` says since when counting is exact.
 */
export function prepareMemory(turn: Pick<Turn, "compiled" | "state" | "env">): void {
  const { compiled, state } = turn;
  growing(state);
  const books = Object.entries(state.shared.books);
  if (state.team) books.push(["", state.team]);
  for (const [device, book] of books) {
    const lost = own(state.shared.lost, device) ?? -1;
    const eventOf = (name: string) => own(book, `e:${name}`) ?? newTimes(lost);
    /** Nothing of this event was missed after its last time: it has not come since. */
    const unseen = (event: Times) => (event.n > 0 ? event.last : event.from);
    for (const [name, { series }] of compiled.events)
      for (const [key, { where }] of series) {
        const event = eventOf(name);
        book[key] ??= where === undefined ? structuredCopy(event) : newTimes(unseen(event));
      }
    for (const feature of compiled.features.values()) fillFeature(book, feature, state, eventOf, unseen);
  }
  prepareChains(compiled, state);
  prepareTimers(turn);
}

const structuredCopy = (times: Times): Times => ({ ...times, at: [...times.at] });

function fillFeature(
  book: Book,
  feature: CompiledFeature,
  state: State,
  eventOf: (name: string) => Times,
  unseen: (event: Times) => number,
): void {
  const key = `f:${feature.id}`;
  let times = own(book, key);
  if (!times) {
    times = newTimes(-1);
    for (const use of feature.uses) {
      if ("event" in use && use.where === undefined) {
        const event = eventOf(use.event);
        times.n += event.n;
        times.at = [...times.at, ...event.at].sort((a, b) => a - b);
        times.from = Math.max(times.from, event.from);
        times.since = Math.max(times.since, event.since);
        continue;
      }
      // Clicks were not counted before somebody asked, unless there was no before.
      const from = "event" in use ? unseen(eventOf(use.event)) : state.now > state.born ? state.now : -1;
      times.from = Math.max(times.from, from);
      times.since = Math.max(times.since, from);
    }
    times.first = times.at[0] ?? 0;
    times.last = times.at.at(-1) ?? 0;
    book[key] = times;
  }
  if (times.rule === ruleName(feature)) return;
  times.rule = ruleName(feature);
  const done = activatedAt(times.at, feature.rule);
  if (done === undefined) delete times.done;
  else times.done = done;
}

/** Chains that nobody watched so far are replayed from the times of their events. */
function prepareChains({ events }: Compiled, state: State): void {
  const wanted = new Map([...events.values()].flatMap((plan) => plan.sequences.map((one) => [one.key, one])));
  for (const key of Object.keys(state.local.chains)) if (!wanted.has(key)) delete state.local.chains[key];
  for (const spec of wanted.values()) {
    if (!own(state.local.chains, spec.key)) state.local.chains[spec.key] = replayChain(state, spec);
    setWait(state, spec);
  }
}

export function replayChain(state: State, spec: SequenceSpec): State["local"]["chains"][string] {
  const books = Object.values(state.shared.books);
  const names = new Set(spec.without === undefined ? spec.names : [...spec.names, spec.without]);
  const happened: [at: number, name: string][] = [];
  let missed = Math.max(-1, ...Object.values(state.shared.lost));
  for (const name of names)
    for (const times of timesOf(books, `e:${name}`)) {
      if (name !== spec.without) missed = Math.max(missed, times.since);
      for (const at of times.at) happened.push([at, name]);
    }
  happened.sort((a, b) => a[0] - b[0]);
  const chain = newChain(spec, missed >= 0);
  for (const [at, name] of happened) extendChain(chain, spec, name, at);
  // What came before the discard does not matter; what was missed after it does.
  const discard = lastOf(timesOf(books, `e:${spec.without}`));
  chain.partial = missed >= 0 && discard < missed;
  return chain;
}

function prepareTimers({ compiled, state, env }: Pick<Turn, "compiled" | "state" | "env">): void {
  const { local, now } = state;
  const known = new Set<string>(compiled.times.keys());
  const books = Object.values(state.shared.books);
  for (const [key, timers] of compiled.timers) {
    const last = lastOf(timesOf(books, key));
    for (const [timer, ms] of timers) {
      known.add(timer);
      if (last >= 0 && last + ms > now) local.timers[timer] = last + ms;
    }
  }
  for (const key of Object.keys(local.timers)) {
    if (!known.has(key) && !key.startsWith("s:")) delete local.timers[key];
    else if (key.startsWith("s:") && !own(local.chains, key)) delete local.timers[key];
  }
  setOpenings({ compiled, state, env });
}

/** The next moment at which each `time` leaf begins to hold. */
export function setOpenings({ compiled, state, env }: Pick<Turn, "compiled" | "state" | "env">): void {
  for (const [timer, leaf] of compiled.times) {
    if ((own(state.local.timers, timer) ?? -1) > state.now) continue;
    const next = nextOpening(leaf, state.now, env.timezone);
    if (next === undefined) delete state.local.timers[timer];
    else state.local.timers[timer] = next;
  }
}
