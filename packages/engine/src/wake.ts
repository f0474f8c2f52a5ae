import type { Turn } from "./turn.ts";
import { FLUSH_MS, SESSION_MS } from "./user-state.ts";

/** Tells the one moment at which the engine has something to do by itself. */
export function setWake(turn: Turn): void {
  const { local, session, now } = turn.state;
  let at = Number.POSITIVE_INFINITY;
  const consider = (moment: number | null) => {
    if (moment !== null && moment > now && moment < at) at = moment;
  };
  // Outside a session nothing runs: what is due then waits for the next one.
  if (!session.over) {
    for (const { until, opens } of local.queue) {
      consider(until);
      consider(opens);
    }
    for (const ask of local.asks) consider(ask.at);
    for (const timer of Object.values(local.timers)) consider(timer);
    for (const { wait } of local.open) consider(wait);
    const held = Object.values(local.held);
    for (const { from } of held) consider(from + FLUSH_MS);
    if (local.queue.length || held.length) consider(session.last + SESSION_MS);
  }
  const wake = at === Number.POSITIVE_INFINITY ? null : at;
  if (wake === local.wake) return;
  local.wake = wake;
  turn.effects.push({ type: "wake", at: wake });
}
