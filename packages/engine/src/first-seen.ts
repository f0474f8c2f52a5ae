import type { CompiledFlow } from "./compiled.ts";
import { goalsOf } from "./goals-of.ts";
import { own } from "./own.ts";
import { tellTeam } from "./team.ts";
import { truthSince } from "./truth.ts";
import type { Turn } from "./turn.ts";
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
