export type { ConditionTree, Explanation, GroupTree, LeafTree } from "./explain.ts";
export { explain } from "./explain.ts";
export type { Replay } from "./replays.ts";
export { replays } from "./replays.ts";
