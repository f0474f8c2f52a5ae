import type { FlowId, JsonObject, StepId, TargetKey, VariantId } from "@cairn/flow-schema";
import type { Decision, EndReason, Reason } from "./decision.ts";
import type { Book } from "./history.ts";
import type { GuardReason, RunId } from "./input.ts";
import type { Chain } from "./sequence.ts";

export type Start = Decision["start"];

/** One flow from show to end, as all of a person's devices know it. */
export interface Run {
  readonly device: string;
  readonly how: Start;
  readonly start: number;
  /** Budget weight at its start. */
  readonly weight: number;
  /** When it was exposed. */
  seen?: number;
  end?: number;
  why?: EndReason;
  /** Never on screen: withheld by the program's or the flow's holdout. */
  readonly ghost?: "program" | "flow";
  readonly variant?: VariantId;
  step: StepId | null;
  stepAt: number;
  /** Steps before this one, for Back. */
  path: StepId[];
  /** Steps that were exposed. */
  shown: StepId[];
}

/** What is left of a flow's oldest runs on one device: all that started at or before `upto`. */
export interface PastRuns {
  upto: number;
  /** Those that used up `atMost`; ghosts do, too. */
  exposed: number;
  /** Whether one of them was really seen. */
  seen: boolean | undefined;
  completed: boolean | undefined;
  dismissed: boolean | undefined;
}

/** First arm taken, by seed. */
export interface Arms {
  [seed: string]: { arm: number | string | boolean; at: number };
}

/** What a person's devices join: see merge.ts. */
export interface Shared {
  books: { [device: string]: Book };
  /** The server told all that it knew up to this moment (`books["*"]`); the devices' books hold what came later. -1 = never. */
  upto: number;
  /** Per device: names last seen at or before this moment have been forgotten. */
  lost: { [device: string]: number };
  runs: { [flow: string]: { [run: RunId]: Run } };
  past: { [flow: string]: { [device: string]: PastRuns } };
  /** First exposure (or ghost) of a flow, and what already held then: goal alternatives (`goal/0`), items by id. */
  seen: { [flow: string]: { at: number; held: string[] } };
  goals: { [flow: string]: number };
  items: { [flow: string]: { [item: string]: number } };
  snoozes: { [flow: string]: number };
  arms: Arms;
  preferences: {
    at: number;
    paused: boolean;
    categories: { [category: string]: boolean };
    consent: "pending" | "granted" | "denied";
  };
}

/** A flow that has been set off and waits for its answer. */
export interface Firing {
  readonly flow: FlowId;
  readonly how: Start;
  /** Properties of the event that set it off, for `{{event.…}}`. */
  readonly event?: JsonObject | undefined;
}

export interface Waiting extends Firing {
  /** End of its patience, or of the session. */
  until: number;
  reason: Reason;
  /** Not to be asked before, when the reason is one that only time mends. */
  opens: number | null;
}

/** A run that is open here, and what of it is on screen. */
export interface Open {
  readonly flow: FlowId;
  readonly run: RunId;
  readonly event?: JsonObject | undefined;
  /** What is drawn: a step's id, `""` for a checklist, `null` = hidden while its target is away. */
  on: string | null;
  /** When waiting for its target ends. */
  wait: number | null;
  /** The page has changed since the step was last on screen. */
  moved: boolean;
  /** The step is new: it has not been on screen, and the wait for its target is not over. */
  arriving: boolean;
  /** The step is shown in the centre because its target did not come. */
  center: boolean;
  /** The last step of which it was told that only a fallback found its target. */
  fellBack?: StepId | undefined;
}

/** What belongs to this device (and tab) alone. */
export interface Local {
  /** No `config` input has come since the state was made or read. */
  fresh: boolean;
  /** The definitions ask for what was not counted so far: only the course can fill that in. */
  behind: boolean;
  url: string | null;
  locale: string | null;
  open: Open[];
  queue: Waiting[];
  /** A contest that was put off … */
  pending: (Firing & { readonly fired: boolean })[];
  /** … for `located` inputs, which are on their way. */
  looking: boolean;
  /** Snoozed flows, to be asked when the snooze ends. */
  asks: (Firing & { readonly at: number })[];
  guards: { [reason in GuardReason]?: TargetKey[] };
  /** Rank of each target looked for; -1 = not on the page. */
  located: { [target: TargetKey]: number };
  watching: string | null;
  elements: { [target: TargetKey]: { present: boolean; visible: boolean; enabled: boolean } };
  chains: { [key: string]: Chain };
  /** Arms taken before the person had a name: no other device has them, and no experiment counts them. */
  arms: Arms;
  /** Moments at which a leaf may become true. */
  timers: { [key: string]: number };
  /** First hold by budget since the flow was last shown. */
  starving: { [flow: string]: number };
  /** What of the budget is used; derived from the runs. */
  ledger: Ledger;
  /** Holds not yet recorded. */
  held: { [flow: string]: Held };
  wake: number | null;
}

export interface Held {
  readonly reason: Reason;
  detail?: string;
  count: number;
  readonly from: number;
  to: number;
}

export interface Ledger {
  /** Exposures of weighted runs: moment, weight. */
  spent: [at: number, weight: number][];
  /** End of the last one, -1 = none. */
  end: number;
  /** Dismissals in a row, and the last one. */
  row: number;
  rowAt: number;
}

export interface Person {
  anonymousId: string;
  userId?: string;
  accountId?: string;
  verified: boolean;
  /** Attributes are known as well as they will be: see `identity.settle`. */
  settled: boolean;
  user: JsonObject;
  account: JsonObject;
}

/** Everything the engine remembers: plain JSON. Handed to `transition`, which changes it in place. */
export interface State {
  readonly version: 1;
  /** Latest moment seen. */
  now: number;
  /** When this state was made. */
  readonly born: number;
  readonly device: string;
  person: Person;
  /** `seq`: how many messages whoever sends them has numbered in it; not the engine's. */
  session: { id: string; start: number; last: number; over: boolean; seq?: number };
  shared: Shared;
  /** The account's history over all its people, and what became of its flows ({@link tellTeam}). */
  team: Book | null;
  local: Local;
  /** The last decisions, oldest first. */
  log: Decision[];
}

export interface CreateStateOptions {
  /** Id of this device (of this replica of the person's state); no two replicas may share it. */
  readonly device: string;
  readonly anonymousId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** A restored person: known before any `identify`. */
  readonly userId?: string;
}

export const SESSION_MS = 30 * 60_000;
export const LOG_SIZE = 500;
/** Holds are told to the server as counts, at the latest this long after the first. */
export const FLUSH_MS = 60_000;

export const emptyLedger = (): Ledger => ({ spent: [], end: -1, row: 0, rowAt: -1 });

export const sessionId = (device: string, start: number): string => `${device}.${start.toString(36)}`;

/** State of a person about whom nothing is known yet. */
export function createState({ device, anonymousId, now, userId }: CreateStateOptions): State {
  return {
    version: 1,
    now,
    born: now,
    device,
    person: {
      anonymousId,
      ...(userId !== undefined && { userId }),
      verified: false,
      settled: false,
      user: {},
      account: {},
    },
    session: { id: sessionId(device, now), start: now, last: now, over: false },
    shared: {
      books: { [device]: {} },
      upto: -1,
      lost: {},
      runs: {},
      past: {},
      seen: {},
      goals: {},
      items: {},
      snoozes: {},
      arms: {},
      preferences: { at: -1, paused: false, categories: {}, consent: "granted" },
    },
    team: null,
    local: {
      fresh: true,
      behind: false,
      url: null,
      locale: null,
      open: [],
      queue: [],
      pending: [],
      looking: false,
      asks: [],
      guards: {},
      located: {},
      watching: null,
      elements: {},
      chains: {},
      arms: {},
      timers: {},
      starving: {},
      ledger: emptyLedger(),
      held: {},
      wake: null,
    },
    log: [],
  };
}

/** The state as text, for a store. */
export const serialise = (state: State): string => JSON.stringify(state);

/**
 * Reads what {@link serialise} wrote; `undefined` where the text is corrupt or of a newer version. What stood on the
 * page is forgotten at the first `config` input, which also opens again what was open.
 */
export function deserialise(text: string): State | undefined {
  try {
    const state = JSON.parse(text) as State;
    const sample = createState({ device: state.device, anonymousId: "", now: 0 });
    if (state.version !== 1 || !hasShape(state, sample)) return undefined;
    state.local.fresh = true;
    return state;
  } catch {
    return undefined;
  }
}

/** Whether a value has all that the sample has, each of its kind; `null` in the sample stands for anything. */
function hasShape(value: unknown, sample: unknown): boolean {
  if (sample === null || value === null) return sample === null;
  if (typeof value !== typeof sample || Array.isArray(value) !== Array.isArray(sample)) return false;
  return (typeof sample !== "object" ? [] : Object.entries(sample)).every(([key, one]) =>
    hasShape((value as { [key: string]: unknown })[key], one),
  );
}

/** The name under which decisions are kept: user id, else anonymous id. */
export const personId = (person: Person): string => person.userId ?? person.anonymousId;
