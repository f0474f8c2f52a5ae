import type { CompiledFlow } from "./compiled.ts";

/** Who is asked first: flows that budget has starved, then priority, then the earlier published, then the id. */
export function compareFlows(
  a: CompiledFlow,
  b: CompiledFlow,
  isStarved: (flow: CompiledFlow) => boolean,
): number {
  const order = (left: number | string, right: number | string) => (left < right ? -1 : left > right ? 1 : 0);
  return (
    order(isStarved(b) ? 1 : 0, isStarved(a) ? 1 : 0) ||
    order(b.priority, a.priority) ||
    order(a.published, b.published) ||
    order(a.id, b.id)
  );
}
