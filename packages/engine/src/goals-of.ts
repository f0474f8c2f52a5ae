import type { Condition } from "@cairn/flow-schema";
import type { CompiledFlow } from "./compiled.ts";
import { own } from "./own.ts";

/** What a flow wants reached: alternatives, of which one is enough. */
export const goalsOf = ({ goal }: CompiledFlow): readonly Condition[] =>
  goal?.reach ? (own(goal.reach as { readonly any?: readonly Condition[] }, "any") ?? [goal.reach]) : [];
