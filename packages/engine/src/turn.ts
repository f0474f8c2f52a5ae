import type { Flow, FlowId, JsonObject, RecordedEvent } from "@cairn/flow-schema";
import type { CompiledFlow, FlowRules } from "./compiled.ts";
import type { LeafNode, Truth } from "./condition.ts";
import type { Decision, EndReason } from "./decision.ts";
import type { Effect } from "./effect.ts";
import type { Hold } from "./eligibility.ts";
import type { Input, RunId } from "./input.ts";
import { own } from "./own.ts";
import type { StageLeaf } from "./stage-leaf.ts";
import { type Asked, truth } from "./truth.ts";
import type { Firing, Open, Run, State, Waiting } from "./user-state.ts";

/** One call of `transition`: what it works on, and what it has found so far. */
export interface Turn extends Asked {
  readonly input: Input;
  readonly effects: Effect[];
  readonly decisions: Decision[];
  /** Keys of what has happened, for those who listen. */
  readonly raised: Set<string>;
  /** Flows set off in this turn. */
  readonly firings: Firing[];
  /** Waiting flows whose gate may have opened. */
  readonly reopened: Set<string>;
  /** Open runs whose view has changed. */
  readonly stale: Set<RunId>;
  excluded?: boolean;
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
}

/**
 * The half of the engine that decides, and deals with what is on screen; the other half remembers, and sees what sets
 * flows off. It can be loaded when the first flow is set off: until it is there, such flows and open runs wait for it.
 */
export interface Stage {
  /** Asks the gates of all that was set off or may go on; the first in rank take the slots. */
  contest(turn: Turn, blind: boolean): void;
  /** Reads a flow's rules; throws an `Error` where they are broken. */
  rules(flow: Flow): FlowRules;
  /** The leaves that few triggers have: until the stage is there, they are unknown. */
  leaf(op: StageLeaf, node: LeafNode, asked: Asked): Truth;
  /** The session has ended, and with it every wait. */
  over(turn: Turn): void;
  /** What an input means for what is on screen. */
  apply(turn: Turn): void;
  /** Waits of open runs that are over. */
  due(turn: Turn): void;
  /** Checklist items, and steps that go on by themselves. */
  progress(turn: Turn, flow: CompiledFlow, keys: ReadonlySet<string>): void;
  end(turn: Turn, open: Open, why: EndReason): void;
  /** Draws anew what has changed, and asks for the targets that matter now. */
  finish(turn: Turn): void;
}

/** A run that is open, with its definition. */
export interface OpenRun {
  readonly id: RunId;
  readonly open: Open;
  readonly run: Run;
  readonly flow: CompiledFlow;
}

export const runOf = (state: State, flow: string, run: RunId): Run | undefined =>
  own(own(state.shared.runs, flow), run);

/** The open runs whose flows are still published. */
export function openRuns({ state, compiled }: Asked): OpenRun[] {
  return state.local.open.flatMap((open) => {
    const run = runOf(state, open.flow, open.run);
    const flow = compiled.flows.get(open.flow);
    return run && flow ? [{ id: open.run, open, run, flow }] : [];
  });
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
  if (turn.excluded || about?.run?.how === "forced") return;
  const { id, run, flow } = about ?? {};
  const properties = flow ? { flow: flow.id, version: flow.version ?? null, ...more } : more;
  turn.effects.push({
    type: "record",
    event,
    properties,
    ...(id && run && { run: id, decidedAt: run.start }),
  });
}

/** Ends open runs, all of them or those that `which` picks. */
export function endRuns(turn: Turn, why: EndReason, which: (open: Open) => boolean = () => true): void {
  for (const open of turn.state.local.open) if (which(open)) turn.compiled.stage?.end(turn, open, why);
}
