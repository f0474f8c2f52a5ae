import type { Flow, FlowId, JsonObject, RecordedEvent } from "@cairn/flow-schema";
import type { CompiledFlow, FlowRules } from "./compiled.ts";
import type { Leaf, Truth } from "./condition.ts";
import type { Decision, EndReason } from "./decision.ts";
import type { Effect, ItemView } from "./effect.ts";
import type { Hold } from "./eligibility.ts";
import type { Input, RunId } from "./input.ts";
import type { PageMatch } from "./page-match.ts";
import { type Asked, truth } from "./truth.ts";
import type { Firing, Open, Run, Waiting } from "./user-state.ts";
import type { Speaker } from "./view.ts";

/** One call of `transition`: what it works on, and what it has found so far. */
export interface Turn extends Asked {
  readonly input: Input;
  readonly effects: Effect[];
  readonly decisions: Decision[];
  /** Keys of what has happened, for those who listen. */
  raised: string[];
  /** Flows set off in this turn. */
  readonly firings: Firing[];
  /** Waiting flows whose gate may have opened. */
  readonly reopened: string[];
  /** Open runs whose view has changed. */
  stale: RunId[];
  excluded: boolean | undefined;
  /** Properties of the event that has happened, for `{{event.…}}`. */
  event: JsonObject | undefined;
}

/** A flow that is asked whether it may be shown now. */
export interface Candidate {
  readonly flow: CompiledFlow;
  readonly firing: Firing;
  readonly waiting: Waiting | undefined;
  /** It was set off in this turn, so it gets a decision whatever the answer. */
  readonly fired: boolean;
  /** The gate that depends on the person alone and holds it. */
  readonly personal: Hold | null;
  /** The first gate of all that holds it. */
  hold: Hold | "look" | null;
}

/**
 * The second part of the engine: it decides, and opens hints. Loaded when the first flow is set off; until then the
 * core remembers what happens, and keeps what was set off.
 */
export interface Stage {
  /** Asks the gates of all that was set off or may go on; the first in rank take the slots. */
  contest(turn: Turn, blind: boolean): void;
  /** Leaves that few triggers have: until the stage is there, they are unknown. */
  leaf(leaf: Leaf, asked: Asked): Truth;
  /** Reads a flow's rules; throws an `Error` where they are broken. */
  rules(flow: Flow): FlowRules;
  /** What an input means for flows that wait. */
  apply(turn: Turn): void;
  /** Waits that are over; all of them, where the session is (`over`). */
  due(turn: Turn, over: boolean): void;
  /** Asks for the targets that matter now. */
  finish(turn: Turn): void;
}

/**
 * The third part: what follows once a hint has opened, and what few definitions ask. It is needed when something is open
 * or was ever seen, and can be loaded while the first hint is on screen: what comes meanwhile waits for it.
 */
export interface Course {
  /** Leaves that few conditions have; asked by the stage. */
  leaf(leaf: Leaf, asked: Asked): Truth;
  /** Reads a page pattern; throws an `Error` where it is none. */
  readPage(pattern: string): PageMatch;
  /** Formats one `{{…}}`; `undefined` where the value is missing and has no fallback. */
  format(
    what: { readonly expression: string; readonly event: Firing["event"]; readonly locale: string },
    asked: Asked,
  ): string | undefined;
  itemViews(asked: Asked, flow: CompiledFlow, say: Speaker["say"]): readonly ItemView[];
  /** Fills in what was not counted so far, after definitions have changed. */
  prepareMemory(asked: Asked): void;
  /** What an input means for what is open. */
  apply(turn: Turn): void;
  due(turn: Turn): void;
  /** Goals, checklist items, and steps that go on by themselves. */
  progress(turn: Turn, flow: CompiledFlow, keys: readonly string[]): void;
  /** Ticks what of a checklist is done. */
  checkItems(turn: Turn, flow: CompiledFlow): void;
  end(turn: Turn, open: Open, why: EndReason): void;
  /** Puts an open run back on screen where its target is, or hides it. */
  place(one: OpenRun, turn: Turn): void;
  /** Draws anew what has changed. */
  finish(turn: Turn): void;
}

/** A run that is open, with its definition. */
export interface OpenRun {
  readonly id: RunId;
  readonly open: Open;
  readonly run: Run;
  readonly flow: CompiledFlow;
}

/** What an event is about. */
export interface About {
  readonly flow: { readonly id: FlowId; readonly version?: number };
  readonly id?: RunId;
  readonly run?: Run | undefined;
}

/** Records an event for the server. People who are excluded, and forced runs, are in no report. */
export function record(turn: Turn, event: RecordedEvent, more: JsonObject, about?: About): void {
  const { exclude } = turn.compiled;
  turn.excluded ??= !!exclude && truth(exclude, turn) === true;
  const { id, run, flow } = about ?? {};
  if (turn.excluded || run?.how === "forced") return;
  turn.effects.push({
    type: "record",
    event,
    properties: flow ? { flow: flow.id, version: flow.version ?? null, ...more } : more,
    ...(id && run && { run: id, decidedAt: run.start }),
  });
}

/** Ends open runs, all of them or those that `which` picks. */
export function endRuns(turn: Turn, why: EndReason, which: (open: Open) => boolean = () => true): void {
  for (const open of turn.state.local.open) if (which(open)) turn.compiled.course?.end(turn, open, why);
}
