export type { ConditionTree, Explanation, GroupTree, LeafTree } from "./explain.ts";
export { explain } from "./explain.ts";
