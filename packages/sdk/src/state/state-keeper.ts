import type { State } from "@cairn/engine";
import type { Message } from "@cairn/flow-schema";
import type { Clock, Entries, Store } from "../ports.ts";
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

/** Whether a state, as it is stored, counts the exposure that a message tells. */
function isTold(text: string | undefined, [, message]: Entries[number]): boolean {
  try {
    const { properties, context } = message as Message;
    const { shared } = JSON.parse(text ?? "") as Pick<State, "shared">;
    return shared.runs[String(properties?.flow)]?.[context?.cairn?.run ?? ""]?.seen !== undefined;
  } catch {
    return false;
  }
}

export interface StateKeeper {
  /** The state under a person's key, serialised. */
  read(person: string): Promise<string | undefined>;
  /** The state has changed: it will be saved soon, joined with what other tabs have written meanwhile. */
  changed(): void;
  /** Saves now, if anything has changed. */
  save(): Promise<void>;
  /**
   * An exposure: stored in one step with the state that counts it, at once, whoever saves; that is never stored without
   * it. Left out where another tab has told the same exposure before.
   */
  expose(entry?: Entries[number]): void;
  /** Whether another tab has written what this one does not know. */
  isBehind(): Promise<boolean>;
  /** Joins what other tabs have written, and resolves when that is done. */
  catchUp(): Promise<void>;
  /** Another tab has saved this state of the same person. */
  heard(text: string): void;
  /**
   * The page goes, or stands still: writes without reading first, for which there is no time left, and which would keep
   * all other tabs waiting for this one. What other tabs have written is known from their news. A tab that has not got
   * the word may know less than is stored: it tells the others, and leaves a note. Nothing is saved until `wake`.
   */
  leave(): void;
  wake(): void;
  /** Another tab has deleted the state under this key: a page that goes does not write it. */
  forget(person: string): void;
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
  /** Joins the state of the same person, written by another tab; a promise where that takes time. */
  join(text: string): Promise<void> | undefined;
  /** What this tab has written is no longer there: nothing is written before there is another change. */
  gone(): void;
  /** Whether this tab has the word. */
  isFirst(): boolean;
  /** Keeps the text for the next page where that takes no time. */
  leaveNote(person: string, text: string): void;
  report(error: unknown): void;
}): StateKeeper {
  const { store, person, report, tabs } = ports;
  // What has been changed, and how much of that is certainly written.
  let version = 0;
  let written = 0;
  let cancel: (() => void) | undefined;
  /** Keys of the states that this tab has found or written: they are there, or somebody has taken them away. */
  const there = new Set<string>();
  /** What is not written without a look first. */
  let forgotten: string | undefined;
  /** What this tab has read, heard or written last. */
  let known: string | undefined;
  let isHearing = false;
  let isResting = false;
  /** Exposures that are not certainly stored. */
  let exposures: Entries = [];

  const sign = (): Saved => {
    known = ports.text();
    return { text: known };
  };
  const textOf = (saved: unknown): string | undefined => {
    const text = (saved as Partial<Saved> | undefined)?.text;
    return typeof text === "string" ? text : undefined;
  };
  const stored = async () => textOf(await store.get(person()));

  async function save(): Promise<void> {
    const saving = version;
    const key = person();
    if (isResting || (saving === written && !exposures.length)) return;
    const also: Entries[number][] = [];
    let done: Entries = [];
    let news: Saved | undefined;
    let isGone = false;
    await store.update(
      key,
      (old) => {
        const text = textOf(old);
        isGone = text === undefined && there.has(key);
        // Another person has come while this waited.
        if (isGone || key !== person()) return old;
        // Where joining takes time, it is a change that saves again.
        news = text === undefined || text === known || !ports.join(text) ? sign() : undefined;
        if (!news) return old;
        done = exposures;
        also.splice(0, also.length, ...done.filter((entry) => !isTold(text, entry)));
        return news;
      },
      also,
    );
    if (isGone) ports.gone();
    if (!news) return;
    there.add(key);
    exposures = exposures.filter((entry) => !done.includes(entry));
    written = Math.max(written, saving);
    tabs.post({ person: key, text: news.text });
  }
  const saveNow = () => save().catch(report);
  function changed(): void {
    // What was heard from another tab, that tab has written.
    if (isHearing) return;
    version++;
    if (cancel) return;
    // The first change is written at once, so that another tab or the next page finds it.
    queueMicrotask(saveNow);
    cancel = ports.clock.after(SAVE_MS, () => {
      cancel = undefined;
      if (!isResting && version !== written) changed();
    });
  }

  return {
    async read(key) {
      const text = textOf(await store.get(key));
      known = text ?? known;
      there[text ? "add" : "delete"](key);
      if (key === forgotten) forgotten = undefined;
      return text;
    },
    changed,
    save: saveNow,
    expose(entry) {
      exposures = [...exposures, ...(entry ? [entry] : [])];
      queueMicrotask(saveNow);
    },
    async isBehind() {
      const text = await stored();
      return text !== undefined && text !== known;
    },
    async catchUp() {
      const text = await stored();
      if (text === undefined || text === known) return;
      await ports.join(text);
      known = text;
    },
    heard(text) {
      isHearing = true;
      const later = ports.join(text);
      isHearing = false;
      if (!later) known = text;
    },
    leave() {
      if (isResting) return;
      isResting = true;
      const key = person();
      if (version === written || key === forgotten) return;
      const isFirst = ports.isFirst();
      if (isFirst || exposures.length)
        store.put([...(isFirst ? [[key, sign()] as const] : []), ...exposures]).catch(report);
      const text = ports.text();
      // A tab that wrote at the same moment writes again.
      tabs.post({ person: key, text, last: true });
      if (!isFirst) ports.leaveNote(key, text);
    },
    wake() {
      isResting = false;
      // Saving joins what other tabs have written meanwhile. Before the start there is nothing to save.
      if (person()) changed();
    },
    forget(key) {
      forgotten = key;
    },
    dispose() {
      cancel?.();
      isResting = true;
    },
  };
}
