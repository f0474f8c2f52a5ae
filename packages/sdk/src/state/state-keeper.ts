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

const isSaved = (value: unknown): value is Saved => typeof (value as Saved | undefined)?.text === "string";
const isWho = (value: unknown): value is Who => typeof (value as Who | undefined)?.anonymousId === "string";

/** The key of a person within an environment. */
export const personKey = ({ anonymousId, userId }: Pick<Who, "anonymousId" | "userId">) =>
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
  tabs: TabSync;
  /** Key of the person whose state it is now. */
  person(): string;
  /** The state as it is now, serialised. */
  text(): string;
  /** Joins the state of the same person, written by another tab; `false` where that will happen later. */
  join(text: string): boolean;
  report(error: unknown): void;
}): StateKeeper {
  const { store } = ports;
  const whoKey = `who|${ports.environment}`;
  const keyOf = (person: string) => `state|${ports.environment}|${person}`;
  // What has been changed, and how much of that is certainly written.
  let version = 0;
  let written = 0;
  let cancel: (() => void) | undefined;
  let count = 0;
  /** By person: the save that this tab knows, because it wrote or read it. */
  const known = new Map<string, string>();

  async function save(): Promise<void> {
    const saving = version;
    if (saving === written) return;
    const person = ports.person();
    let text = ports.text();
    let done = true;
    await store.update(keyOf(person), (old) => {
      if (isSaved(old) && old.by !== known.get(person)) {
        done = ports.join(old.text);
        // Joining comes later, and is a change that saves again.
        if (!done) return old;
        text = ports.text();
      }
      return sign(person, text);
    });
    if (!done) return;
    written = Math.max(written, saving);
    ports.tabs.post({ person, text });
  }
  function sign(person: string, text: string): Saved {
    const by = `${ports.tab}|${++count}`;
    known.set(person, by);
    return { by, text };
  }
  const saveNow = () => save().catch(ports.report);
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
      const who = await store.get(whoKey);
      return isWho(who) ? who : undefined;
    },
    setWho: (who) => store.put([[whoKey, who]]),
    async read(person) {
      const saved = await store.get(keyOf(person));
      if (!isSaved(saved)) return undefined;
      known.set(person, saved.by);
      return saved.text;
    },
    remove(person) {
      known.delete(person);
      return store.remove([keyOf(person)]);
    },
    changed,
    save: saveNow,
    leave() {
      if (version === written) return;
      const person = ports.person();
      store.put([[keyOf(person), sign(person, ports.text())]]).catch(ports.report);
    },
    async pull() {
      const saved = await store.get(keyOf(ports.person()));
      if (isSaved(saved) && saved.by !== known.get(ports.person())) ports.join(saved.text);
    },
    async clear() {
      await store.remove([whoKey]);
      await store.clear(`state|${ports.environment}|`);
    },
    dispose() {
      cancel?.();
      cancel = undefined;
      written = version;
    },
  };
}
