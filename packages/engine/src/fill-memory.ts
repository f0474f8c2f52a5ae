import type { FeatureUse, Json } from "@cairn/flow-schema";
import type { Compiled } from "./compiled.ts";
import { activatedAt } from "./feature-rule.ts";
import { type Book, newTimes, type Times, timesOf } from "./history.ts";
import { ruleName, setWait } from "./memory.ts";
import { lastOf, mergeTimes } from "./merge-times.ts";
import { own } from "./own.ts";
import type { CompiledFeature } from "./plan.ts";
import { extendChain, newChain, type SequenceSpec } from "./sequence.ts";
import type { Asked } from "./truth.ts";
import type { State } from "./user-state.ts";

/**
 * Fills in what the definitions ask. What was not counted so far is filled in from the times of each
 * event where they tell enough; where they do not, `from` says since when counting is exact.
 */
export function fillMemory(asked: Asked): void {
  const { compiled, state } = asked;
  for (const [device, book] of [...Object.entries(state.shared.books), ["", state.team ?? {}] as const]) {
    const lost = own<number>(state.shared.lost, device) ?? -1;
    for (const [event, { series }] of compiled.events)
      for (const [key, { where }] of series) book[key] ??= derive(book, [{ event, where }], lost, state);
    for (const feature of compiled.features.values()) {
      book[`f:${feature.id}`] ??= derive(book, feature.uses, lost, state);
      judgeActivation(book[`f:${feature.id}`], feature);
    }
  }
  prepareChains(compiled, state);
  prepareTimers(asked);
}

/** Times of all these uses together, as far as the times of their events tell them. */
function derive(
  book: Book,
  uses: readonly (FeatureUse | { readonly event: string; readonly where: Json | undefined })[],
  lost: number,
  { now, born }: State,
): Times {
  const times = newTimes(-1);
  const exactAfter = (from: number, since: number) => {
    times.from = Math.max(times.from, from);
    times.since = Math.max(times.since, since);
  };
  for (const use of uses) {
    const { event, where } = "event" in use ? use : { event: undefined, where: undefined };
    const known = own(book, `e:${event}`) ?? newTimes(lost);
    // Clicks were not counted before somebody asked, unless there was no before.
    const missed = event === undefined ? (now > born ? now : -1) : known.n ? known.last : known.from;
    if (event === undefined || where !== undefined) exactAfter(missed, missed);
    else {
      times.n += known.n;
      times.at = mergeTimes([times, known]);
      exactAfter(known.from, known.since);
    }
  }
  times.first = times.at[0] ?? 0;
  times.last = times.at.at(-1) ?? 0;
  return times;
}

/** Looks again whether a feature was activated when its definition has changed. */
function judgeActivation(times: Times | undefined, feature: CompiledFeature): void {
  const rule = ruleName(feature);
  if (!times || times.rule === rule) return;
  times.rule = rule;
  const done = activatedAt(times.at, feature.rule);
  if (done === undefined) delete times.done;
  else times.done = done;
}

/** Chains that nobody watched so far are replayed from the times of their events. */
function prepareChains({ events }: Compiled, state: State): void {
  const wanted = new Map([...events.values()].flatMap((plan) => plan.sequences.map((one) => [one.key, one])));
  for (const key of Object.keys(state.local.chains)) if (!wanted.has(key)) delete state.local.chains[key];
  for (const spec of wanted.values()) {
    state.local.chains[spec.key] ??= replayChain(state, spec);
  }
}

function replayChain(state: State, spec: SequenceSpec): State["local"]["chains"][string] {
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

function prepareTimers(asked: Asked): void {
  const { state, compiled } = asked;
  const { local, now } = state;
  const books = Object.values(state.shared.books);
  // What fell due outside a session has yet to run; all others are set anew.
  local.timers = Object.fromEntries(Object.entries(local.timers).filter(([, at]) => at <= now));
  for (const [key, timers] of compiled.timers) {
    const last = lastOf(timesOf(books, key));
    for (const [timer, ms] of timers) if (last >= 0 && last + ms > now) local.timers[timer] = last + ms;
  }
  for (const { sequences } of compiled.events.values()) for (const spec of sequences) setWait(state, spec);
}
