import type { Clock, Store } from "../ports.ts";
import type { TabSync } from "./tab-sync.ts";

/** Least time between two writes. Milliseconds. */
const SAVE_MS = 300;

/** Who uses this browser, as far as it is known. */
export interface Who {
  readonly anonymousId: string;
  readonly userId?: string;
}

/** A person's state as it lies in the store; `by` is the save that wrote it. */
interface Saved {
  readonly by: string;
  readonly text: string;
}

/** The key of a person within an environment. */
export const personKey = ({ anonymousId, userId }: Who) =>
  userId === undefined ? `anonymous|${anonymousId}` : `user|${userId}`;

export interface StateKeeper {
  who(): Promise<Who | undefined>;
  setWho(who: Who): Promise<void>;
  /** The stored state of a person, serialised. */
  read(person: string): Promise<string | undefined>;
  remove(person: string): Promise<void>;
  /** The state has changed: it will be saved soon. */
  changed(): void;
  /** Saves now, if anything has changed. */
  save(): Promise<void>;
  /**
   * The page is going: writes without reading first, for which there is no time left. What other tabs have written
   * is known from their news.
   */
  leave(): void;
  /** Joins what other tabs have written meanwhile. */
  pull(): Promise<void>;
  clear(): Promise<void>;
  dispose(): void;
}

/**
 * Keeps one person's state in the store. Writing is reading, joining and writing in one step, so that two tabs
 * never undo each other's work.
 */
export function createStateKeeper(ports: {
  store: Store;
  clock: Clock;
  environment: string;
  tab: string;
  tabs: Pick<TabSync, "post">;
  /** Key of the person whose state it is now. */
  person(): string;
  /** The state as it is now, serialised. */
  text(): string;
  /** Joins the state of the same person, written by another tab; `false` where that will happen later. */
  join(text: string): boolean;
  report(error: unknown): void;
}): StateKeeper {
  const { store, environment, person, text, report } = ports;
  const whoKey = `who|${environment}`;
  const prefix = `state|${environment}|`;
  // What has been changed, and how much of that is certainly written.
  let version = 0;
  let written = 0;
  let cancel: (() => void) | undefined;
  let count = 0;
  /** By person: the save that this tab knows, because it wrote or read it. */
  const known = new Map<string, string>();

  const read = async (who: string): Promise<Saved | undefined> => {
    const saved = (await store.get(prefix + who)) as Saved | undefined;
    return typeof saved?.text === "string" ? saved : undefined;
  };
  function sign(who: string): Saved {
    const by = `${ports.tab}|${++count}`;
    known.set(who, by);
    return { by, text: text() };
  }
  /** Joins what somebody else has written; `false` where that will happen later. */
  const joined = (who: string, saved: Partial<Saved> | undefined): boolean =>
    typeof saved?.text !== "string" || saved.by === known.get(who) || ports.join(saved.text);

  async function save(): Promise<void> {
    const saving = version;
    if (saving === written) return;
    const who = person();
    let news: Saved | undefined;
    await store.update(prefix + who, (old) => {
      // Where joining comes later, it is a change that saves again.
      news = joined(who, old as Partial<Saved> | undefined) ? sign(who) : undefined;
      return news ?? old;
    });
    if (!news) return;
    written = Math.max(written, saving);
    ports.tabs.post({ person: who, text: news.text });
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
    async who() {
      const who = (await store.get(whoKey)) as Who | undefined;
      return typeof who?.anonymousId === "string" ? who : undefined;
    },
    setWho: (who) => store.put([[whoKey, who]]),
    async read(who) {
      const saved = await read(who);
      if (saved) known.set(who, saved.by);
      return saved?.text;
    },
    remove: (who) => store.put([[prefix + who, undefined]]),
    changed,
    save: saveNow,
    leave() {
      if (version !== written) store.put([[prefix + person(), sign(person())]]).catch(report);
    },
    async pull() {
      const who = person();
      joined(who, await read(who));
    },
    async clear() {
      await store.put([[whoKey, undefined]]);
      await store.clear(prefix);
    },
    dispose() {
      cancel?.();
      cancel = undefined;
      written = version;
    },
  };
}
