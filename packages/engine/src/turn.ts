import type { JsonObject, RecordedEvent } from "@cairn/flow-schema";
import type { CompiledFlow } from "./compile.ts";
import type { Decision } from "./decision.ts";
import type { Effect } from "./effect.ts";
import type { Input, RunId } from "./input.ts";
import { own } from "./own.ts";
import { type Asked, truth } from "./truth.ts";
import type { Firing, Open, Run, State } from "./user-state.ts";

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

/** A run that is open, with its definition. */
export interface OpenRun {
  readonly open: Open;
  readonly run: Run;
  readonly flow: CompiledFlow;
}

export const runOf = (state: State, flow: string, run: RunId): Run | undefined =>
  own(own(state.shared.runs, flow), run);

/** The open runs whose flows are still published. */
export function openRuns(turn: Pick<Turn, "state" | "compiled">): OpenRun[] {
  return turn.state.local.open.flatMap((open) => {
    const run = runOf(turn.state, open.flow, open.run);
    const flow = turn.compiled.flows.get(open.flow);
    return run && flow ? [{ open, run, flow }] : [];
  });
}

export function openRunOf(turn: Pick<Turn, "state" | "compiled">, id: RunId): OpenRun | undefined {
  return turn.state.local.open.some((open) => open.run === id)
    ? openRuns(turn).find(({ open }) => open.run === id)
    : undefined;
}

/** Records an event for the server. People who are excluded, and forced runs, are in no report. */
export function record(
  turn: Turn,
  event: RecordedEvent,
  properties: JsonObject,
  of?: { readonly id: RunId; readonly run: Run },
): void {
  const { exclude } = turn.compiled;
  turn.excluded ??= exclude !== null && truth(exclude, turn) === true;
  if (turn.excluded || of?.run.how === "forced") return;
  turn.effects.push({
    type: "record",
    event,
    properties,
    ...(of && { run: of.id, decidedAt: of.run.start }),
  });
}

/** What every event about a flow says first. */
export const aboutFlow = (flow: CompiledFlow): { flow: string; version: number | null } => ({
  flow: flow.id,
  version: flow.flow.version ?? null,
});
