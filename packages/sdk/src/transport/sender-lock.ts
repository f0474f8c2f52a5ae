/** Runs `work` unless another tab is sending; tells whether it ran. */
export type SenderLock = (work: () => Promise<void>) => Promise<boolean>;

/** Web Locks where there are any (they are missing in insecure contexts), else a lease in the shared store. */
export const createSenderLock =
  (locks: LockManager | undefined, name: string, lease: SenderLock): SenderLock =>
  async (work) => {
    let started = false;
    try {
      if (locks)
        return await locks.request(`cairn|${name}`, { ifAvailable: true }, async (lock) => {
          started = lock !== null;
          if (started) await work();
          return started;
        });
    } catch (error) {
      // Opaque origins have the API, and refuse its use.
      if (started) throw error;
    }
    return lease(work);
  };
