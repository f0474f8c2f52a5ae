import type { Condition } from "@cairn/flow-schema";
import type { CompiledFlow } from "./compiled.ts";
import { own } from "./own.ts";
import { tellTeam } from "./team.ts";
import { truthSince } from "./truth.ts";
import { goalsOf, type Turn } from "./turn.ts";
import type { Run } from "./user-state.ts";

/** Remembers when the person first saw a flow, and what of its goal and items held already: that does not count. */
export function rememberExposure(turn: Turn, flow: CompiledFlow, { start }: Run): void {
  const { state, now } = turn;
  tellTeam(state, "shown", flow.id, start);
  if (own(state.shared.seen, flow.id)) return;
  const held = goalsOf(flow).flatMap((goal, i) =>
    truthSince(goal, turn, now) === true ? [`goal/${i}`] : [],
  );
  for (const item of flow.items)
    if (!item.retroactive && truthSince(item.done, turn, now) === true) held.push(item.id);
  state.shared.seen[flow.id] = { at: now, held };
}

/** Whether a condition has *become* true since the flow was first seen. */
export function reached(turn: Turn, flow: CompiledFlow, name: string, condition: Condition): boolean {
  const seen = own(turn.state.shared.seen, flow.id);
  if (!seen) return false;
  const value = truthSince(condition, turn, seen.at);
  const at = seen.held.indexOf(name);
  if (at < 0) return value === true;
  // What held at first sight counts once it has ceased to.
  if (value === false) seen.held.splice(at, 1);
  return false;
}
