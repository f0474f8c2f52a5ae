import { openRuns } from "./open-runs.ts";
import type { OpenRun, Turn } from "./turn.ts";
import { runView } from "./view.ts";

/** Draws open runs anew that have changed and were not drawn in this turn. */
export function updateViews(turn: Turn): void {
  if (turn.stale.length)
    for (const one of openRuns(turn)) if (turn.stale.includes(one.id)) drawAnew(turn, one);
}

export function drawAnew(turn: Turn, one: OpenRun): void {
  if (one.open.on !== null) turn.effects.push({ type: "update", view: runView(turn, one) });
}
