import type { Clock } from "../ports.ts";
import type { TabSync } from "./tab-sync.ts";

/** A tab that has a lock and does not answer for so long has crashed or is frozen. Milliseconds. */
const SILENT_MS = 2_000;
/** What was asked longer ago than this was asked of somebody else. */
const STALE_MS = 90_000;
/** When to ask again for a lock that another tab has: a silent tab is replaced within twice as long. */
export const BUSY_MS = 2_000;

/** Web Locks, or what does the same over the shared store; the callback's promise gives `true` where it gives the lock back. */
export interface Locks {
  request(
    name: string,
    options: LockOptions,
    callback: (lock: Lock | null) => Promise<true | undefined> | null,
  ): Promise<unknown>;
}

/** What one tab at a time may have. */
export interface TabLock {
  held(): boolean;
  /** Takes it if it is free, or if the tab that has it has been asked and is silent; tells whether it is this tab's. */
  take(): Promise<boolean>;
  release(): void;
  /** What another tab says. */
  hear(news: { readonly ask?: unknown; readonly mine?: unknown }): void;
}

export function createTabLock(ports: {
  name: string;
  locks: Locks | undefined;
  /** Web Locks are missing in insecure contexts, and refused in opaque origins. */
  loadLocks(): Promise<Locks>;
  tabs: Pick<TabSync, "post">;
  clock: Clock;
  /** Another tab has taken it away. */
  lost(): void;
  /** Somebody asks for it: whether it will be released soon. */
  yields?(): boolean;
}): TabLock {
  const { name, clock, tabs } = ports;
  let { locks } = ports;
  /** Ends the having: `true` = given back, else taken away. */
  let free: ((given?: true) => void) | undefined;
  let asked = 0;
  let taking: Promise<boolean> | undefined;

  async function request(options: LockOptions): Promise<boolean> {
    const from = locks ?? (await ports.loadLocks());
    return new Promise((resolve) => {
      let mine: typeof free;
      const had = (lock: Lock | null) =>
        lock &&
        new Promise<true | undefined>((done) => {
          mine = free = done;
          resolve(true);
        });
      // What throws at once is refused, too.
      Promise.resolve()
        .then(() => from.request(name, options, had))
        .catch(() => {
          if (mine) lose(mine);
          else if (locks) {
            locks = undefined;
            return resolve(request(options));
          }
        })
        .then(() => resolve(false));
    });
  }
  function lose(which = free): void {
    if (!free || free !== which) return;
    free();
    free = undefined;
    ports.lost();
  }

  async function ask(): Promise<boolean> {
    const silent = clock.now() - asked;
    const isWaiting = silent >= 0 && silent < STALE_MS;
    let taken = !!free || (await request({ ifAvailable: true }));
    if (!taken && isWaiting && silent >= SILENT_MS) {
      taken = await request({ steal: true });
      tabs.post({ mine: name });
    }
    if (taken) asked = 0;
    else if (!isWaiting || silent >= SILENT_MS) {
      asked = clock.now();
      tabs.post({ ask: name });
    }
    return taken;
  }

  return {
    held: () => !!free,
    take() {
      // Two requests of one tab would shut each other out.
      taking ??= ask().finally(() => {
        taking = undefined;
      });
      return taking;
    },
    release() {
      if (!free) return;
      free(true);
      free = undefined;
      tabs.post({ free: name });
    },
    hear({ ask, mine }) {
      if (mine === name) {
        asked = 0;
        lose();
      } else if (ask === name && free && !ports.yields?.()) tabs.post({ mine: name });
    },
  };
}
