import type { Clock, Store } from "../ports.ts";
import type { contest } from "./contest.ts";
import type { createStoreLocks } from "./store-locks.ts";
import type { TabSync } from "./tab-sync.ts";

/** When to ask again for a lock that another tab has: a silent tab is replaced within twice as long. */
export const BUSY_MS = 2_000;

/** A lock that nobody has is had sooner than this. Milliseconds. */
const FREE_MS = 250;

/** How a lock is given back: `"going"` by a page that has no time for an answer. */
export type Given = "staying" | "going";

/** Web Locks, or what does the same over the shared store; the callback's promise says whether, and how, it gives the lock back. */
export interface Locks {
  request(
    name: string,
    options: LockOptions,
    callback: (lock: Lock | null) => Promise<Given | undefined> | Given | null,
  ): Promise<unknown>;
}

/** What one tab at a time may have. */
export interface TabLock {
  held(): boolean;
  /** Takes it if it is free, or if the tab that has it has been asked and is silent; tells whether it is this tab's. */
  take(): Promise<boolean>;
  /** Gives it back, and no longer waits for it. @default "staying" */
  release(given?: Given): void;
  /** What another tab says. */
  hear(news: { readonly ask?: unknown; readonly mine?: unknown; readonly free?: unknown }): void;
}

/** A tab that wants what another has. */
export interface Contender {
  readonly name: string;
  readonly clock: Clock;
  readonly tabs: Pick<TabSync, "post">;
  /** When the other was asked; 0 = not, or it has answered. */
  asked: number;
  /** Without options: it is to be given freely. */
  request(options?: LockOptions): Promise<boolean>;
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
  const { name, tabs, loadRare, clock } = ports;
  let { locks } = ports;
  /** Ends the having: given back, or else taken away. */
  let free: ((given?: Given) => void) | undefined;
  const me: Contender = { ...ports, asked: 0, request };
  let taking: Promise<boolean> | undefined;
  /** Ends the waiting for an answer. */
  let quit = () => {};
  let isReleased = false;

  async function request(steal?: LockOptions): Promise<boolean> {
    const from = locks ?? (await loadRare()).createStoreLocks(ports);
    if (isReleased) return false;
    return new Promise((resolve) => {
      let mine: typeof free;
      // Not `ifAvailable`: such a request cannot be taken back, and its answer throws a page that has gone out of the
      // back/forward cache.
      const waiting = new AbortController();
      const { signal } = waiting;
      // In two parts: a page that was busy gets the answers that came meanwhile before it judges.
      const half = (fn: () => void) => clock.after(FREE_MS / 2, fn);
      let cancel = () => {};
      if (!steal && locks)
        cancel = half(() => {
          cancel = half(quit);
        });
      quit = () => {
        cancel();
        waiting.abort();
      };
      const had = (lock: Lock | null) => {
        cancel();
        return (
          lock &&
          (signal.aborted
            ? "going"
            : new Promise<Given | undefined>((done) => {
                mine = free = done;
                resolve(true);
              }))
        );
      };
      // What throws at once is refused, too.
      Promise.resolve()
        .then(() => from.request(name, steal ?? { signal }, had))
        .catch(({ name }) => {
          cancel();
          if (mine) lose(mine);
          // What fails for once is not refused: two kinds of locks at a time would be none.
          else if (locks && /^(Security|Type)Error$/.test(name)) {
            locks = undefined;
            return resolve(request(steal));
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
    isReleased = false;
    if (free || (await request())) return true;
    const { contest } = await loadRare();
    return !isReleased && contest(me);
  }

  return {
    held: () => !!free,
    take() {
      // Two requests of one tab would shut each other out.
      taking ??= ask()
        // A file that it needs may not come: offline, or as the page freezes. Then it is not had, for now.
        .catch(() => false)
        .finally(() => {
          taking = undefined;
        });
      return taking;
    },
    release(given = "staying") {
      isReleased = true;
      quit();
      if (!free) return;
      free(given);
      free = undefined;
      tabs.post({ free: name });
    },
    hear({ ask, mine, free: left }) {
      // Whoever has it from now on has not been asked: it is not they who are silent.
      if (mine === name || left === name) me.asked = 0;
      if (mine === name) lose();
      else if (ask === name && free && !ports.yields?.()) tabs.post({ mine: name });
    },
  };
}
