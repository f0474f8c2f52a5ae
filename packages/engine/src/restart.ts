import { prepareMemory } from "./memory.ts";
import type { Turn } from "./turn.ts";

/** New definitions, or the first after a start: prepares the memory for what they ask. */
export function restart(turn: Turn): void {
  const { local } = turn.state;
  if (local.fresh) {
    // Another page: nothing of what stood on the last one is known.
    Object.assign(local, { fresh: false, url: null, watching: null, wake: null });
    Object.assign(local, { guards: {}, located: {}, elements: {} });
    for (const open of local.open) Object.assign(open, { on: null, wait: null });
  }
  prepareMemory(turn);
  local.queue = local.queue.filter(({ flow }) => turn.compiled.flows.has(flow));
}
