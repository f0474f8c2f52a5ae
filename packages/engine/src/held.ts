import type { CompiledFlow } from "./compiled.ts";
import type { Hold } from "./eligibility.ts";
import { own } from "./own.ts";
import { record, type Turn } from "./turn.ts";

/** Counts one hold; a new reason sends off what was counted under the old one. */
export function countHold(turn: Turn, { id }: CompiledFlow, { reason, detail }: Hold): void {
  const { held } = turn.state.local;
  const { now } = turn;
  const known = own(held, id);
  if (known?.reason === reason && known.detail === detail) {
    known.count++;
    known.to = now;
    return;
  }
  flushHolds(turn, (flow) => flow === id);
  held[id] = { reason, count: 1, from: now, to: now };
  if (detail !== undefined) held[id].detail = detail;
}

/** Sends off the counts of these flows. */
export function flushHolds(turn: Turn, which: (flow: string, from: number) => boolean): void {
  const { held } = turn.state.local;
  for (const id of Object.keys(held)) {
    const known = held[id];
    if (known && which(id, known.from)) {
      delete held[id];
      const flow = turn.compiled.flows.get(id);
      if (flow) record(turn, "cairn.flow.held", { ...known }, { flow });
    }
  }
}
