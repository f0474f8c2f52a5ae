import type { Turn } from "./turn.ts";
import type { Firing } from "./user-state.ts";

/**
 * Asks all flows that were set off, and those that wait for a gate which may have opened, as one contest; without a
 * stage they wait for it. `blind`: no answer about targets will come, so what is not known to be there is not there.
 */
export function holdContest(turn: Turn, blind = false): void {
  const { stage } = turn.compiled;
  if (stage) {
    stage.contest(turn, blind);
    return;
  }
  for (const firing of turn.firings.splice(0)) putOff(turn, firing, true);
}

/** Whether nothing can be decided well before the course is there: it knows what is asked, what has become of hints, or a past. */
export const awaitsCourse = ({ compiled, state: { local, shared } }: Turn): boolean =>
  !compiled.course &&
  (compiled.eager === "course" || local.behind || local.open.length + Object.keys(shared.seen).length > 0);

/** Keeps a flow, once, for when the page, or the stage, is there to ask. */
export function putOff({ state: { local } }: Turn, firing: Firing, fired: boolean): void {
  const { flow, how, event } = firing;
  // A manual start says more than a trigger.
  const says = (one: Firing) => one.flow === flow && (how === "trigger" || one.how !== "trigger");
  if (!local.pending.some((one) => one.fired >= fired && says(one)))
    local.pending.push({ flow, how, event, fired });
}
