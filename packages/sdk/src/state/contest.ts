import type { Contender } from "./tab-lock.ts";

/** A tab that has a lock and does not answer for so long has crashed or is frozen. Milliseconds. */
const SILENT_MS = 2_000;
/** What was asked longer ago than this was asked of somebody else. */
const STALE_MS = 90_000;

/** Asks the tab that has a lock, and takes it away where the last question has stayed without answer; tells whether it did. */
export async function contest(me: Contender): Promise<boolean> {
  const { name, clock, tabs, request } = me;
  const silent = clock.now() - me.asked;
  const isWaiting = silent >= 0 && silent < STALE_MS;
  if (isWaiting && silent < SILENT_MS) return false;
  if (isWaiting && (await request({ steal: true }))) {
    me.asked = 0;
    tabs.post({ mine: name });
    return true;
  }
  me.asked = clock.now();
  tabs.post({ ask: name });
  return false;
}
