import { prepareMemory } from "./memory.ts";
import { endRun, place } from "./runs.ts";
import { openRuns, type Turn } from "./turn.ts";
import { currentStep } from "./view.ts";

/** New definitions, or the first after a start: prepares the memory, and goes on with what was open. */
export function resume(turn: Turn): void {
  const { state, compiled } = turn;
  const { local } = state;
  if (local.fresh) {
    // Another page: nothing of what stood on the last one is known.
    Object.assign(local, {
      fresh: false,
      url: null,
      guards: {},
      located: {},
      watching: null,
      elements: {},
      wake: null,
    });
    for (const open of local.open) Object.assign(open, { on: null, wait: null });
  }
  prepareMemory(turn);
  local.queue = local.queue.filter(({ flow }) => compiled.flows.has(flow));
  const alive = new Map(openRuns(turn).map((one) => [one.open, one]));
  for (const open of [...local.open]) {
    const one = alive.get(open);
    const { enabled, invalid, supported } = {
      enabled: one?.flow.enabled,
      invalid: one?.flow.invalid,
      supported: one?.flow.supported,
    };
    const drawable = one && enabled !== false && invalid === null && supported;
    if (!compiled.settings.enabled) endRun(turn, open, "stopped");
    else if (!drawable || (one.run.step !== null && !currentStep(one))) endRun(turn, open, "unpublished");
    else {
      turn.stale.add(open.run);
      place(one, turn);
    }
  }
}
