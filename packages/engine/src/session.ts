import { parseDuration } from "@cairn/flow-schema";
import type { Input } from "./input.ts";
import { endRuns, type Turn } from "./turn.ts";
import { SESSION_MS, sessionId } from "./user-state.ts";

/** What people do; the rest (timers, page geometry, polling) keeps no session alive, nor does sitting still. */
const ACTIVITY: readonly Input["type"][] = ["identify", "group", "track", "page", "ui", "action", "start"];

/** Ends a session that is over, begins the next with the first thing a person does, and settles who they are. */
export function keepSession(turn: Turn): void {
  const { state, now, input, compiled } = turn;
  const { session } = state;
  if (!session.over && now - session.last >= SESSION_MS) {
    session.over = true;
    for (const waiting of state.local.queue) waiting.until = Math.min(waiting.until, now);
    compiled.stage?.due(turn, true);
  }
  if (
    input.type === "signal" ? input.name !== "idle" && input.name !== "dwell" : ACTIVITY.includes(input.type)
  ) {
    if (session.over) {
      state.session = { id: sessionId(state.device, now), start: now, last: now, over: false };
      state.person.settled = false;
      turn.raised.push("session");
      // A hint that was hidden when the session ended has been left behind.
      endRuns(turn, "navigated", (open) => open.on === null);
    }
    state.session.last = now;
  }
  const { settle, required } = compiled.settings.identity;
  const { person } = state;
  const due = () => state.session.start + (parseDuration(settle) ?? 0);
  if (!person.settled && !required) person.settled = person.userId !== undefined || now >= due();
}
