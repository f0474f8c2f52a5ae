import type { Flow } from "@cairn/flow-schema";
import type { Decision } from "../decision.ts";
import { createLineMoment, createMomentText } from "./line-moment.ts";
import type { LogLine } from "./log-line.ts";
import { createReplay, type Replay, type ReplayOptions } from "./replay.ts";
import { createSeenIds } from "./seen-ids.ts";
import { type FlowDetail, type FlowSummary, type Interruptions, type Overload, SHOWN } from "./tally.ts";

/** One decision as a replay writes it down. */
export interface DecisionRecord {
  /** ISO 8601, UTC, with milliseconds. */
  readonly at: string;
  readonly user: string;
  readonly flow: string;
  readonly outcome: Decision["outcome"];
  /** None when shown. */
  readonly reason?: Decision["reason"];
  readonly detail?: string;
}

export interface Summary {
  readonly flows: { readonly [flow: string]: FlowSummary };
  readonly interruptionsPerUserWeek: Interruptions;
  /** Lines read. */
  readonly events: number;
  /** Persons with a line, but for those whom `settings.exclude` leaves out of all summaries. */
  readonly users: number;
  /** Lines older than their person's clock; they were played at that clock. */
  readonly outOfOrder: number;
  /** First and last timestamp; `null` where the log is empty. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface Change {
  readonly user: string;
  readonly flow: string;
}

/** What the flows change, seen from those they are held against. */
export interface Changes {
  /** Who is shown a flow that they were not shown before, and the other way round; by user, then flow. */
  readonly gain: readonly Change[];
  readonly lose: readonly Change[];
  readonly interruptions: { readonly before: number; readonly after: number };
}

export interface SimulationResult {
  readonly summary: Summary;
  readonly changes?: Changes;
}

export interface SimulateOptions extends ReplayOptions {
  /** Other flows, to tell what `config`'s flows change: the same log is played against both. */
  readonly against?: readonly Flow[];
}

/** For people who read: what a summary does not say. */
export interface Details {
  readonly flows: { readonly [flow: string]: FlowDetail };
  /** Those whose busiest week has the most interruptions, and two at least; at most ten. */
  readonly overloaded: readonly Overload[];
}

export interface Simulation {
  /** How `config`'s flows fare. */
  readonly replay: Replay;
  /** Lines read again under a message id that had been read before. */
  readonly duplicates: number;
  /** To be asked after `finish`. */
  details(): Details;
  /** Plays the next line of the log. */
  read(line: LogLine): void;
  /** The log has ended: what is still due up to its last moment happens, and all is counted. */
  finish(): SimulationResult;
}

/**
 * Replays a log against definitions, line by line. Memory grows with the number of people (and by 16 to 32 bytes a
 * line that has a message id), not with the length of the log.
 */
export function createSimulation({ against, ...options }: SimulateOptions): Simulation {
  const replay = createReplay(options);
  const { onDecision: _, ...quiet } = options;
  const before = against && createReplay({ ...quiet, config: { ...options.config, flows: against } });
  const ids = createSeenIds();
  const momentOf = createLineMoment();
  let events = 0;
  let duplicates = 0;
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let details: Details = { flows: {}, overloaded: [] };
  return {
    replay,
    get duplicates() {
      return duplicates;
    },
    details: () => details,
    read(line) {
      events++;
      const at = momentOf(line.timestamp);
      if (at < from) from = at;
      if (at > to) to = at;
      const { messageId } = line;
      if (messageId && !ids.add(messageId)) {
        duplicates++;
        return;
      }
      replay.read(line, at);
      before?.read(line, at);
    },
    finish() {
      replay.settle(to);
      before?.settle(to);
      const { flows, interruptionsPerUserWeek, ...more } = replay.tally.summary(named(replay));
      details = { flows: more.details, overloaded: more.overloaded };
      let excluded = 0;
      for (const { tally } of replay.people) if (tally.excluded) excluded++;
      const moment = (at: number) => (Number.isFinite(at) ? new Date(at).toISOString() : null);
      return {
        summary: {
          flows,
          interruptionsPerUserWeek,
          events,
          users: replay.people.count - excluded,
          outOfOrder: replay.outOfOrder,
          from: moment(from),
          to: moment(to),
        },
        ...(before && { changes: changesOf(before, replay) }),
      };
    },
  };
}

/** Replays a log that fits into memory. Pure: the same log and definitions give the same result. */
export function simulate(
  lines: Iterable<LogLine>,
  options: Omit<SimulateOptions, "onDecision">,
): { readonly decisions: readonly DecisionRecord[] } & SimulationResult {
  const decisions: Decision[] = [];
  const simulation = createSimulation({ ...options, onDecision: (one) => decisions.push(one) });
  for (const line of lines) simulation.read(line);
  const result = simulation.finish();
  return { decisions: decisions.sort(compareDecisions).map(createRecorder()), ...result };
}

/** By moment, user and flow, as code units compare; what is equal stays in the order of decision (sorts are stable). */
export const compareDecisions = (a: Decision, b: Decision): number =>
  a.at - b.at || compareText(a.user, b.user) || compareText(a.flow, b.flow);

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Writes one decision down. */
export const recordOf = (decision: Decision): DecisionRecord => createRecorder()(decision);

/** Writes decisions down, one after the other. */
export function createRecorder(): (decision: Decision) => DecisionRecord {
  const textOf = createMomentText();
  return ({ at, user, flow, outcome, reason, detail }) => ({
    at: textOf(at),
    user,
    flow,
    outcome,
    ...(reason !== undefined && { reason }),
    ...(detail !== undefined && { detail }),
  });
}

function* named({ people }: Replay) {
  for (const { state, tally } of people)
    yield { name: state.person.userId ?? state.person.anonymousId, tally };
}

/** Both were played against the same lines, so their people are the same, in the same order. */
function changesOf(before: Replay, after: Replay): Changes {
  const gain: Change[] = [];
  const lose: Change[] = [];
  const old = named(before);
  for (const { name: user, tally } of named(after)) {
    const flows = old.next().value?.tally.flows ?? new Map<string, number>();
    if (tally.excluded) continue;
    const saw = (map: ReadonlyMap<string, number>, flow: string) => ((map.get(flow) ?? 0) & SHOWN) !== 0;
    for (const flow of tally.flows.keys())
      if (saw(tally.flows, flow) && !saw(flows, flow)) gain.push({ user, flow });
    for (const flow of flows.keys())
      if (saw(flows, flow) && !saw(tally.flows, flow)) lose.push({ user, flow });
  }
  const order = (a: Change, b: Change) => compareText(a.user, b.user) || compareText(a.flow, b.flow);
  return {
    gain: gain.sort(order),
    lose: lose.sort(order),
    interruptions: { before: before.tally.interruptions, after: after.tally.interruptions },
  };
}
