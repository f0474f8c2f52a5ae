import type { Compiled } from "../compiled.ts";
import type { RunId } from "../input.ts";
import { createState, type State } from "../user-state.ts";
import type { Account } from "./accounts.ts";
import type { LogLine } from "./log-line.ts";
import type { Reply } from "./respond.ts";
import type { PersonTally } from "./tally.ts";

/** Something a person is still to do with what is on their screen. */
export interface Act {
  readonly at: number;
  readonly do: "expose" | "close" | "next" | "complete";
  readonly run: RunId;
  readonly step: string | null;
}

/** A run that is open on a person's screen. */
export interface OnScreen {
  readonly flow: string;
  readonly reply: Reply;
  /** `undefined` while it is hidden. */
  step: string | null | undefined;
}

/** One person of a replay, with the engine's state and what it cannot hold. */
export interface Person {
  readonly state: State;
  readonly tally: PersonTally;
  timezone: string;
  /** The anonymous id that the last line of this user named. */
  anonymousId: string | undefined;
  account: Account | null;
  /** A page line has come; before, the page is what other lines say. */
  paged: boolean;
  /** The session at whose start the page's elements were made known. */
  session: string;
  acts: Act[];
  readonly screen: Map<RunId, OnScreen>;
  /** Runs on screen that end when the person leaves the page. */
  lingering: number;
  /** Targets that the engine looks for. */
  watched: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export function createPerson(line: LogLine, now: number, tally: PersonTally): Person {
  const { userId, anonymousId } = line;
  const state = createState({
    // No two people may share it; a user id may be somebody's anonymous id.
    device: userId === undefined ? `a:${anonymousId}` : `u:${userId}`,
    anonymousId: anonymousId ?? `${userId}`,
    now,
    ...(userId !== undefined && { userId }),
  });
  return {
    state,
    tally,
    timezone: "UTC",
    anonymousId: undefined,
    account: null,
    paged: false,
    session: "",
    acts: [],
    screen: new Map(),
    lingering: 0,
    watched: NONE,
  };
}

/** Elements that conditions ask about stand there, or do not, from the first moment on. */
export function placeElements({ state }: Person, { elements }: Compiled, there: boolean): void {
  for (const { key } of elements)
    state.local.elements[key] = { present: there, visible: there, enabled: there };
}

export const SESSION_MS = 30 * 60_000;

/** The next moment at which something happens to the person without a line: a wake, an act, the session's end. */
export function dueAt({ state, acts, lingering }: Person): number {
  let at = state.local.wake ?? Number.POSITIVE_INFINITY;
  for (const act of acts) if (act.at < at) at = act.at;
  if (lingering > 0 && !state.session.over) at = Math.min(at, state.session.last + SESSION_MS);
  return at;
}
