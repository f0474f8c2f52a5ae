import type { Json, JsonObject } from "@cairn/flow-schema";
import { matchesRule } from "./attribute.ts";
import type { Compiled } from "./compiled.ts";
import { activatedAt } from "./feature-rule.ts";
import { addTime, type Book, KEPT_TIMES, MAX_NAMES, newTimes, type Times, timesOf } from "./history.ts";
import { own } from "./own.ts";
import type { CompiledFeature } from "./plan.ts";
import { type Chain, extendChain, newChain, type SequenceSpec } from "./sequence.ts";
import type { Asked } from "./truth.ts";
import type { Turn } from "./turn.ts";
import type { State } from "./user-state.ts";

/** This device's own book, and the account's where it is known: both grow. */
export function growing({ shared: { books }, device, team }: State): Book[] {
  books[device] ??= {};
  return [books[device], ...(team ? [team] : [])];
}

/** Adds a moment to what is remembered under a key, and sets the timers that run from it. */
function add({ state, compiled, now }: Turn, key: string, times: Times, keep: number): void {
  addTime(times, now, keep);
  for (const [timer, ms] of compiled.timers.get(key) ?? []) state.local.timers[timer] = now + ms;
}

/** An event has happened: remembers it, and raises what listens to it. */
export function rememberEvent(turn: Turn, name: string, properties: JsonObject): void {
  const { compiled, state, now, raised } = turn;
  const { shared, local, device } = state;
  const plan = compiled.events.get(name);
  const matches = ({ where }: { where: Json | undefined }) =>
    where === undefined || matchesRule(properties, where, now);
  const key = plan?.key ?? `e:${name}`;
  raised.push(key);
  for (const book of growing(state)) {
    let times = own(book, key);
    if (!times) {
      if (!compiled.roomy) makeRoom(state, book);
      times = newTimes(own(shared.lost, device) ?? -1);
      book[key] = times;
    }
    add(turn, key, times, KEPT_TIMES);
  }
  if (!plan) return;
  for (const [one, spec] of plan.series)
    if (matches(spec)) {
      raised.push(one);
      count(turn, one, spec.keep);
    }
  for (const spec of plan.sequences) {
    local.chains[spec.key] ??= newChain(spec, true);
    extendChain(local.chains[spec.key] as Chain, spec, name, now);
    setWait(state, spec);
  }
  if (plan.features.length)
    for (const feature of new Set(plan.features.filter(matches).map((one) => one.feature)))
      rememberUse(turn, feature);
}

/** Counts under a key that has been prepared; what has not is filled in from the events when it is. */
function count(turn: Turn, key: string, keep: number): Times[] {
  const found = timesOf(growing(turn.state), key);
  for (const times of found) add(turn, key, times, keep);
  return found;
}

/** The end of a completed chain's wait is a moment to ask its flows; a discarded chain has none. */
export function setWait({ local, now }: State, { key, wait }: SequenceSpec): void {
  const done = own(local.chains, key)?.done;
  if (!wait) return;
  if (done && done[1] + wait > now) local.timers[key] = done[1] + wait;
  else delete local.timers[key];
}

/** A feature was used once, by whatever counts as its use. */
export function rememberUse(turn: Turn, { id, rule }: CompiledFeature): void {
  const key = `f:${id}`;
  for (const times of count(turn, key, Math.max(KEPT_TIMES, rule.count)))
    if (activatedAt(times.at.slice(-rule.count), rule) !== undefined) times.done ??= turn.now;
  turn.raised.push(key);
}

export const ruleName = ({ rule }: CompiledFeature): string => `${rule.count}/${rule.within}`;

/** Forgets the name not seen for longest when there are too many. */
function makeRoom({ shared, device }: State, book: Book): void {
  const keys = Object.keys(book);
  if (keys.length < MAX_NAMES) return;
  const names = keys.filter((one) => one.startsWith("e:"));
  if (names.length < MAX_NAMES) return;
  const last = (name: string) => own(book, name)?.last ?? 0;
  const oldest = names.reduce((a, b) => (last(b) < last(a) ? b : a));
  shared.lost[device] = Math.max(last(oldest), own(shared.lost, device) ?? -1);
  delete book[oldest];
}

/** What the definitions want counted: key, and for a feature the rule under which it is judged. */
function* wanted({ events, features }: Compiled): Iterable<[key: string, rule?: string]> {
  for (const { series } of events.values()) for (const key of series.keys()) yield [key];
  for (const feature of features.values()) yield [`f:${feature.id}`, ruleName(feature)];
}

/**
 * Prepares the memory for what the definitions ask. Without a past that is easily done; what was not counted so far in
 * one that there is, the course fills in, and until then the state is `behind`.
 */
export function prepareMemory(asked: Asked): void {
  const { compiled, state } = asked;
  const { local, shared, team, now, born } = state;
  growing(state);
  const isNew = now === born;
  // A book that others wrote has a past, whoever reads it first.
  if (compiled.course && (!isNew || team)) {
    compiled.course.prepareMemory(asked);
    local.behind = false;
    return;
  }
  const books = [...Object.values(shared.books), ...(team ? [team] : [])];
  local.behind = !isNew && books.some((book) => [...compiled.timers.keys()].some((key) => own(book, key)));
  for (const book of books)
    for (const [key, rule] of wanted(compiled)) {
      if (isNew) book[key] ??= newTimes(-1, rule);
      local.behind ||= own(book, key)?.rule !== rule || !own(book, key);
    }
  for (const { sequences } of compiled.events.values())
    for (const spec of sequences)
      if (isNew) local.chains[spec.key] ??= newChain(spec, false);
      else local.behind ||= !own(local.chains, spec.key);
}
