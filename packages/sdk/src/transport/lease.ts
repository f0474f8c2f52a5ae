import type { Clock, Store } from "../ports.ts";

/** A tab that crashed while sending blocks the others for so long at most. Milliseconds. */
const LEASE_MS = 20_000;

/** Runs `work` unless another tab has the lease of this name in the shared store; tells whether it ran. */
export async function withLease(
  { store, clock, name, tab }: { store: Store; clock: Clock; name: string; tab: string },
  work: () => Promise<void>,
): Promise<boolean> {
  let mine = false;
  await store.update(name, (old) => {
    const lease = old as { tab: string; until: number } | undefined;
    const now = clock.now();
    // A lease further ahead than one can be was written by a clock that has gone back since.
    mine = !lease || lease.tab === tab || !(lease.until > now && lease.until <= now + LEASE_MS);
    return mine ? { tab, until: now + LEASE_MS } : lease;
  });
  if (!mine) return false;
  try {
    await work();
  } finally {
    await store.update(name, (old) => ((old as { tab: string } | undefined)?.tab === tab ? undefined : old));
  }
  return true;
}
