import type { Condition } from "@cairn/flow-schema";
import type { CompiledFlow } from "./compiled.ts";
import { own } from "./own.ts";
import { truthSince } from "./truth.ts";
import type { Turn } from "./turn.ts";

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
