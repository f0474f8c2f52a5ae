import type { Clock, Store } from "../ports.ts";
import type { contest } from "./contest.ts";
import type { createStoreLocks } from "./store-locks.ts";
import type { TabSync } from "./tab-sync.ts";

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

/** A tab that wants what another has. */
export interface Contender {
  readonly name: string;
  readonly clock: Clock;
  readonly tabs: Pick<TabSync, "post">;
  /** When the other was asked; 0 = not, or it has answered. */
  asked: number;
  request(options: LockOptions): Promise<boolean>;
}

export function createTabLock(ports: {
  name: string;
  locks: Locks | undefined;
  /** Web Locks are missing in insecure contexts, and refused in opaque origins; and other tabs are rare. */
  loadRare(): Promise<{ contest: typeof contest; createStoreLocks: typeof createStoreLocks }>;
  store: Store;
  tab: string;
  tabs: Pick<TabSync, "post">;
  clock: Clock;
  /** Another tab has taken it away. */
  lost(): void;
  /** Somebody asks for it: whether it will be released soon. */
  yields?(): boolean;
}): TabLock {
  const { name, tabs, loadRare } = ports;
  let { locks } = ports;
  /** Ends the having: `true` = given back, else taken away. */
  let free: ((given?: true) => void) | undefined;
  const me: Contender = { ...ports, asked: 0, request };
  let taking: Promise<boolean> | undefined;

  async function request(options: LockOptions): Promise<boolean> {
    const from = locks ?? (await loadRare()).createStoreLocks(ports);
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

  const ask = async () => !!free || (await request({ ifAvailable: true })) || (await loadRare()).contest(me);

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
        me.asked = 0;
        lose();
      } else if (ask === name && free && !ports.yields?.()) tabs.post({ mine: name });
    },
  };
}
