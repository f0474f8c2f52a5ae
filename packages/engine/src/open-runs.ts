import type { RunId } from "./input.ts";
import { own } from "./own.ts";
import type { Asked } from "./truth.ts";
import type { OpenRun } from "./turn.ts";
import type { Open, Run, State } from "./user-state.ts";

export const runOf = (state: State, flow: string, run: RunId): Run | undefined =>
  own(own(state.shared.runs, flow), run);

/** The open runs whose flows are still published, all of them or those that `which` picks. */
export function openRuns({ state, compiled }: Asked, which?: (open: Open) => boolean): OpenRun[] {
  const found: OpenRun[] = [];
  for (const open of state.local.open) {
    if (which && !which(open)) continue;
    const run = runOf(state, open.flow, open.run);
    const flow = compiled.flows.get(open.flow);
    if (run && flow) found.push({ id: open.run, open, run, flow });
  }
  return found;
}
