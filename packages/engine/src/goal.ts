import { parseDuration } from "@cairn/flow-schema";
import type { CompiledFlow } from "./compiled.ts";
import { goalsOf } from "./goals-of.ts";
import { own } from "./own.ts";
import { reached } from "./reached.ts";
import { tellTeam } from "./team.ts";
import { endRuns, record, type Turn } from "./turn.ts";

/** Looks whether a flow's goal has been reached since it was first seen. */
export function checkGoal(turn: Turn, flow: CompiledFlow): void {
  const { goals, seen } = turn.state.shared;
  const first = own(seen, flow.id);
  if (!first || own(goals, flow.id) !== undefined) return;
  if (turn.now - first.at >= (parseDuration(flow.goal?.within) ?? Number.POSITIVE_INFINITY)) return;
  // Not `some`: each alternative must be looked at, or one that ceases to hold goes unnoticed.
  if (!goalsOf(flow).filter((goal, i) => reached(turn, flow, `goal/${i}`, goal)).length) return;
  goals[flow.id] = turn.now;
  tellTeam(turn.state, "goal", flow.id, turn.now);
  record(turn, "cairn.goal.reached", {}, { flow });
  if (flow.frequency.until !== "none") endRuns(turn, "goal-reached", (open) => open.flow === flow.id);
}
