import type { Clock, Store } from "../ports.ts";

/** A tab that crashed while sending blocks the others for so long at most. Milliseconds. */
const LEASE_MS = 20_000;

/** Runs `work` unless another tab is sending; tells whether it ran. */
export type SenderLock = (work: () => Promise<void>) => Promise<boolean>;

/** Web Locks where there are any (they are missing in insecure contexts), else a lease in the shared store. */
export function createSenderLock(ports: {
  locks: LockManager | undefined;
  store: Store;
  clock: Clock;
  environment: string;
  tab: string;
}): SenderLock {
  const { locks, store, clock, tab } = ports;
  const name = `sender|${ports.environment}`;

  async function withLease(work: () => Promise<void>): Promise<boolean> {
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
      await store.update(name, (old) =>
        (old as { tab: string } | undefined)?.tab === tab ? undefined : old,
      );
    }
    return true;
  }

  return async (work) => {
    if (!locks) return withLease(work);
    let started = false;
    try {
      return await locks.request(`cairn|${name}`, { ifAvailable: true }, async (lock) => {
        if (!lock) return false;
        started = true;
        await work();
        return true;
      });
    } catch (error) {
      // Opaque origins have the API, and refuse its use.
      if (started) throw error;
      return withLease(work);
    }
  };
}
