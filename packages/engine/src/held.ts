import type { Hold } from "./eligibility.ts";
import { own } from "./own.ts";
import { record, type Turn } from "./turn.ts";

/** Holds are told to the server as counts, at the latest this long after the first. */
export const FLUSH_MS = 60_000;

/** Counts one hold; a new reason sends off what was counted under the old one. */
export function countHold(turn: Turn, flow: string, { reason, detail }: Hold): void {
  const { held } = turn.state.local;
  const known = own(held, flow);
  if (known?.reason === reason && known.detail === detail) {
    known.count++;
    known.to = turn.now;
    return;
  }
  if (known) flush(turn, flow);
  held[flow] = { reason, ...(detail !== undefined && { detail }), count: 1, from: turn.now, to: turn.now };
}

function flush(turn: Turn, flow: string): void {
  const { held } = turn.state.local;
  const known = own(held, flow);
  if (!known) return;
  delete held[flow];
  record(turn, "cairn.flow.held", { flow, ...known });
}

/** Sends off all counts that have waited long enough, or all. */
export function flushHolds(turn: Turn, all: boolean): void {
  for (const [flow, { from }] of Object.entries(turn.state.local.held))
    if (all || turn.now >= from + FLUSH_MS) flush(turn, flow);
}
