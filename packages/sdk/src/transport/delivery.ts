import type { Message } from "@cairn/flow-schema";
import type { Clock, Entries, Store } from "../ports.ts";
import { BUSY_MS, type TabLock } from "../state/tab-lock.ts";
import { type Line, MAX_BATCH_EVENTS, TIDY_EVERY } from "./line.ts";
import { isFresh, takeBatch } from "./queue.ts";
import type { Send } from "./send.ts";
import type * as Trouble from "./trouble.ts";

const MAX_BATCH_BYTES = 200_000;
/**
 * Browsers refuse keepalive bodies that exceed 64 KiB in all; this leaves room for what stands around the events (300), for
 * the longest user token (8,192), and for a small state that goes at the same moment (8,000).
 */
const MAX_COPY_BYTES = 49_000;
/** How long events are collected before they are sent. Milliseconds. */
const COLLECT_MS = 1_000;
/** How many events of this page are kept at hand for the copy on leaving. */
const MAX_OWN = 500;
/** The pause, at most, where not even the code that knows better can be loaded. */
const BLIND_MS = 60_000;
/** A server's "later" further off than this is a mistake, or a clock that has gone back. */
const MAX_LATER_MS = 86_400_000;

export interface Delivery {
  add(message: Message): void;
  /** Sends what waits, now, or soon where it is sending already. */
  flush(): Promise<void>;
  /** The page may be going: sends a copy of this page's unsent events. Deletes nothing. */
  copy(): void;
  /** Resolves when everything added so far is in the store. */
  saved(): Promise<void>;
  /** Events that were given up: refused for good, too old, or over the caps. */
  dropped(): number;
  /** Resolves when nothing more is written. `isDenied`: what is not in the store yet never gets there. */
  dispose(isDenied?: boolean): Promise<void>;
}

/**
 * Lease, send, delete on 2xx: an event leaves the store only when the server has it, or never will take it. One key
 * per event: an array under one key would be read and written whole for each. Ids are UUIDv7, so the order of keys
 * is the order in which they were made.
 */
export function createDelivery(ports: {
  store: Store;
  /** What the keys of everything here begin with. */
  environment: string;
  /** Stores an exposure together with the state that counts it. */
  expose(entry: Entries[number]): void;
  send: Send;
  /** Whoever has it sends; it may be lost or released at any moment. */
  lock: TabLock;
  clock: Clock;
  /** From 0 to 1. */
  random: () => number;
  /** Loaded when the server has not taken a batch, or something in the queue is damaged. */
  loadTrouble: () => Promise<Pick<typeof Trouble, "afterFailure" | "tidy" | "afterTrouble">>;
  /** The server is to be told that so many events were given up. */
  tell(dropped: number): void;
  report(error: unknown): void;
}): Delivery {
  const { store, environment, send, clock, loadTrouble, report, lock } = ports;
  const { now } = clock;
  const prefix = `${environment}|event|`;
  const own = new Map<string, Message>();
  const line: Line = {
    own,
    store,
    prefix,
    laterKey: `${environment}|later`,
    droppedKey: `${environment}|dropped`,
    sinceTidy: TIDY_EVERY,
    room: TIDY_EVERY,
    dropped: 0,
    untold: undefined,
    attempt: 0,
    size: MAX_BATCH_EVENTS,
    suspects: new Map(),
    aside: new Set(),
    stopped: false,
    notBefore: 0,
    forget(batch) {
      for (const { messageId } of batch) own.delete(messageId);
      return store.put(batch.map(({ messageId }) => [prefix + messageId, undefined]));
    },
  };
  let unsaved: Message[] = [];
  let saving = Promise.resolve();
  let sending = false;
  let cancel: (() => void) | undefined;

  function schedule(afterMs: number): void {
    if (!line.stopped)
      cancel ??= clock.after(Math.max(afterMs, line.notBefore - now()), () => {
        cancel = undefined;
        flush();
      });
  }
  function unschedule(): void {
    cancel?.();
    cancel = undefined;
  }
  function save(): Promise<void> {
    saving = saving
      .then(() => {
        const batch = unsaved;
        unsaved = [];
        return batch.length
          ? store.put(batch.map((message) => [prefix + message.messageId, message]))
          : undefined;
      })
      .catch(report);
    return saving;
  }
  /** While nothing is saved, so that all of it is gone when saving is over. */
  const tidy = (): Promise<void> => {
    line.sinceTidy = 0;
    return loadTrouble().then(
      (trouble) => {
        saving = saving.then(() => trouble.tidy(line, now()));
        return saving;
      },
      // Where that cannot be loaded, the next page tries again.
      () => {},
    );
  };
  /** The server takes nothing for now, and much has been added since the caps were checked. */
  const isFull = () =>
    (line.stopped || line.attempt || now() < line.notBefore) && line.sinceTidy >= line.room;
  const isGood = (one: unknown): one is Message => isFresh(one as Message, now());
  async function next(): Promise<Message[]> {
    const { aside } = line;
    const list = () => store.list(prefix, line.size + aside.size);
    let found = await list();
    if (!found.every(isGood)) {
      await tidy();
      found = await list();
    }
    const good = found.filter(isGood).filter(({ messageId }) => !aside.has(messageId));
    const batch = takeBatch(good, MAX_BATCH_BYTES);
    // One that is too large goes alone, for the server to judge.
    return batch.length ? batch : good.slice(0, 1);
  }
  async function sendAll(): Promise<void> {
    // Another page may have been told to come later.
    const later = Number(await store.get(line.laterKey)) || 0;
    if (later < now() + MAX_LATER_MS) line.notBefore = Math.max(line.notBefore, later);
    while (!line.stopped && lock.held()) {
      if (now() < line.notBefore) return schedule(0);
      const batch = await next();
      if (!batch.length) return;
      const outcome = await send(batch);
      if (outcome?.ok) {
        await line.forget(batch);
        line.untold ??= Number(await store.get(line.droppedKey));
        if (line.attempt || line.suspects.size || line.untold)
          await loadTrouble().then(
            ({ afterTrouble }) => afterTrouble(line, batch, ports.tell, save),
            () => {},
          );
        line.attempt = 0;
        line.size = line.suspects.size ? 1 : MAX_BATCH_EVENTS;
      } else {
        const random = ports.random();
        const pause = await loadTrouble().then(
          ({ afterFailure }) => afterFailure(line, batch, outcome, random, now()),
          () => BLIND_MS * random,
        );
        if (pause === undefined) continue;
        unschedule();
        return schedule(pause);
      }
    }
    schedule(BUSY_MS);
  }
  /** `isTidying`: only keeps the caps, and leaves the time of the next request as it is. */
  async function flush(isTidying?: true): Promise<void> {
    if (sending) return schedule(COLLECT_MS);
    if (!isTidying) unschedule();
    sending = true;
    try {
      try {
        await save();
        if (!isTidying && !line.stopped) {
          if (now() < line.notBefore) schedule(0);
          else if (await lock.take()) await sendAll();
          else schedule(BUSY_MS);
        }
        while (isFull() && (await lock.take())) await tidy();
      } finally {
        // Throws where the channel to the other tabs has been closed.
        lock.release();
      }
    } catch (error) {
      report(error);
      schedule(BLIND_MS);
    }
    sending = false;
  }

  return {
    add(message) {
      const { event, messageId } = message;
      // An exposure is told only when the state that counts it is stored: else a crash would show the hint again.
      if (event === "cairn.flow.shown") ports.expose([prefix + messageId, message]);
      else {
        own.set(messageId, message);
        if (unsaved.push(message) === 1) queueMicrotask(save);
      }
      const [oldest = ""] = own.keys();
      if (own.size > MAX_OWN) own.delete(oldest);
      line.sinceTidy++;
      schedule(COLLECT_MS);
      if (isFull()) flush(true);
    },
    flush,
    copy() {
      save();
      const batch = takeBatch([...own.values()], MAX_COPY_BYTES, true);
      if (line.stopped || !batch.length || now() < line.notBefore) return;
      for (const { messageId } of batch) own.delete(messageId);
      send(batch, true);
    },
    saved: save,
    dropped: () => line.dropped,
    dispose(isDenied) {
      line.stopped = true;
      line.sinceTidy = -1 / 0;
      unschedule();
      own.clear();
      if (isDenied) unsaved = [];
      return save();
    },
  };
}
