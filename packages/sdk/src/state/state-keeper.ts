import type { Clock, Store } from "../ports.ts";
import type { TabSync } from "./tab-sync.ts";

/** Least time between two writes. Milliseconds. */
const SAVE_MS = 300;

/** Who uses this browser, as far as it is known. */
export interface Who {
  readonly anonymousId: string;
  readonly userId?: string;
}

/** A person's state as it lies in the store. */
interface Saved {
  readonly text: string;
}

/** The key of a person's state. */
export const personKey = (environment: string, { anonymousId, userId }: Who) =>
  `${environment}|state|${userId === undefined ? `anonymous|${anonymousId}` : `user|${userId}`}`;

export interface StateKeeper {
  /** The state under a person's key, serialised. */
  read(person: string): Promise<string | undefined>;
  /** The state has changed: it will be saved soon, joined with what other tabs have written meanwhile. */
  changed(): void;
  /** Saves now, if anything has changed. */
  save(): Promise<void>;
  /**
   * The page is going: writes without reading first, for which there is no time left. What other tabs have written
   * is known from their news.
   */
  leave(): void;
  dispose(): void;
}

/**
 * Keeps one person's state in the store. Writing is reading, joining and writing in one step, so that two tabs
 * never undo each other's work.
 */
export function createStateKeeper(ports: {
  store: Store;
  clock: Clock;
  tabs: Pick<TabSync, "post">;
  /** Key of the person whose state it is now. */
  person(): string;
  /** The state as it is now, serialised. */
  text(): string;
  /** Joins the state of the same person, written by another tab; `false` where that will happen later. */
  join(text: string): boolean;
  report(error: unknown): void;
}): StateKeeper {
  const { store, person, report } = ports;
  // What has been changed, and how much of that is certainly written.
  let version = 0;
  let written = 0;
  let cancel: (() => void) | undefined;
  /** What this tab has read or written last. */
  let known: string | undefined;

  const sign = (): Saved => {
    known = ports.text();
    return { text: known };
  };
  const textOf = (saved: unknown): string | undefined => {
    const text = (saved as Partial<Saved> | undefined)?.text;
    return typeof text === "string" ? text : undefined;
  };

  async function save(): Promise<void> {
    const saving = version;
    if (saving === written) return;
    const key = person();
    let news: Saved | undefined;
    await store.update(key, (old) => {
      const text = textOf(old);
      // Where joining comes later, it is a change that saves again.
      news = text === undefined || text === known || ports.join(text) ? sign() : undefined;
      return news ?? old;
    });
    if (!news) return;
    written = Math.max(written, saving);
    ports.tabs.post({ person: key, text: news.text });
  }
  const saveNow = () => save().catch(report);
  function changed(): void {
    version++;
    if (cancel) return;
    // The first change is written at once, so that another tab or the next page finds it.
    queueMicrotask(saveNow);
    cancel = ports.clock.after(SAVE_MS, () => {
      cancel = undefined;
      if (version !== written) changed();
    });
  }

  return {
    async read(key) {
      const text = textOf(await store.get(key));
      known = text ?? known;
      return text;
    },
    changed,
    save: saveNow,
    leave() {
      if (version !== written) store.put([[person(), sign()]]).catch(report);
    },
    dispose() {
      cancel?.();
      written = version;
    },
  };
}
