import type { Message } from "@cairn/flow-schema";
import type { Clock, Store } from "../ports.ts";
import type * as Trouble from "./judge.ts";
import { isFresh, takeBatch } from "./queue.ts";
import type { Send } from "./send.ts";
import type { SenderLock } from "./sender-lock.ts";
import type { tidyQueue } from "./tidy-queue.ts";

const MAX_BATCH_EVENTS = 100;
const MAX_BATCH_BYTES = 200_000;
/** Browsers refuse keepalive bodies that exceed 64 KiB in all; this leaves room for what stands around them. */
const MAX_COPY_BYTES = 59_500;
/** How long events are collected before they are sent. Milliseconds. */
const COLLECT_MS = 1_000;
/** When to look again while another tab is sending. */
const BUSY_MS = 5_000;
/** How many events of this page are kept at hand for the copy on leaving. */
const MAX_OWN = 500;
/** The pause, at most, where not even the code that knows better can be loaded. */
const BLIND_MS = 60_000;
/** While the server takes nothing, the caps are checked once in so many additions. */
const TIDY_EVERY = 500;

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
  dispose(): void;
}

/**
 * Lease, send, delete on 2xx: an event leaves the store only when the server has it, or never will take it. One key
 * per event: an array under one key would be read and written whole for each. Ids are UUIDv7, so the order of keys
 * is the order in which they were made.
 */
export function createDelivery(ports: {
  store: Store;
  /** What the keys of its messages begin with. */
  prefix: string;
  send: Send;
  lock: SenderLock;
  clock: Clock;
  /** From 0 to 1. */
  random: () => number;
  /** Loaded when the server has not taken a batch, or something in the queue is damaged. */
  loadTrouble: () => Promise<Pick<typeof Trouble, "judge" | "backoff"> & { tidyQueue: typeof tidyQueue }>;
  report(error: unknown): void;
}): Delivery {
  const { store, prefix, send, clock } = ports;
  /** Of this page, neither sent nor copied. */
  const own = new Map<string, Message>();
  let unsaved: Message[] = [];
  let saving: Promise<void> = Promise.resolve();
  let sinceTidy = TIDY_EVERY;
  let dropped = 0;
  let attempt = 0;
  let size = MAX_BATCH_EVENTS;
  let stopped = false;
  /** A server that answered with "later" is not asked before this moment, whatever happens meanwhile. */
  let notBefore = 0;
  let sending = false;
  let cancelDue: (() => void) | undefined;

  function schedule(afterMs: number): void {
    if (!stopped)
      cancelDue ??= clock.after(Math.max(afterMs, notBefore - clock.now()), () => {
        cancelDue = undefined;
        flush();
      });
  }
  function unschedule(): void {
    cancelDue?.();
    cancelDue = undefined;
  }
  function save(): Promise<void> {
    saving = saving
      .then(async () => {
        const batch = unsaved;
        unsaved = [];
        if (batch.length > 0) await store.put(batch.map((message) => [prefix + message.messageId, message]));
      })
      .catch(ports.report);
    return saving;
  }
  function forget(batch: readonly Message[]): Promise<void> {
    for (const { messageId } of batch) own.delete(messageId);
    return store.put(batch.map(({ messageId }) => [prefix + messageId, undefined]));
  }
  async function tidy(): Promise<void> {
    sinceTidy = 0;
    try {
      const gone = await (await ports.loadTrouble()).tidyQueue(store, prefix, clock.now());
      for (const { messageId } of gone) own.delete(messageId);
      dropped += gone.length;
    } catch {
      // The queue is too long by some: the next page tries again.
    }
  }
  async function next(): Promise<Message[]> {
    const isGood = (one: unknown): one is Message => isFresh(one as Message, clock.now());
    let found = await store.list(prefix, size);
    if (!found.every(isGood)) {
      await tidy();
      found = await store.list(prefix, size);
    }
    const good = found.filter(isGood);
    const batch = takeBatch(good, MAX_BATCH_BYTES);
    // One that is too large goes alone, for the server to judge.
    return batch.length > 0 ? batch : good.slice(0, 1);
  }

  async function sendAll(): Promise<void> {
    while (!stopped) {
      const batch = await next();
      if (batch.length === 0) return;
      const outcome = await send(batch);
      if (outcome?.ok) {
        attempt = 0;
        size = MAX_BATCH_EVENTS;
        await forget(batch);
        continue;
      }
      const random = ports.random();
      const verdict = await ports.loadTrouble().then(
        ({ judge, backoff }) =>
          judge(outcome, { batchSize: batch.length, delay: backoff(attempt, random), now: clock.now() }),
        () => BLIND_MS * random,
      );
      if (verdict === "split") size = Math.ceil(batch.length / 2);
      else if (verdict === "refused") {
        dropped += batch.length;
        await forget(batch);
      } else {
        if (verdict === "stop") stopped = true;
        else {
          attempt++;
          if (outcome) notBefore = clock.now() + verdict;
          unschedule();
          schedule(verdict);
        }
        if (sinceTidy >= TIDY_EVERY) await tidy();
        return;
      }
    }
  }

  async function flush(): Promise<void> {
    if (sending) return schedule(COLLECT_MS);
    unschedule();
    sending = true;
    try {
      await save();
      if (clock.now() < notBefore) schedule(0);
      else if (!stopped && !(await ports.lock(sendAll))) schedule(BUSY_MS);
    } catch (error) {
      ports.report(error);
    }
    sending = false;
  }

  return {
    add(message) {
      own.set(message.messageId, message);
      const [oldest = ""] = own.keys();
      if (own.size > MAX_OWN) own.delete(oldest);
      sinceTidy++;
      if (unsaved.push(message) === 1) queueMicrotask(save);
      schedule(COLLECT_MS);
    },
    flush,
    copy() {
      save();
      const batch = takeBatch([...own.values()], MAX_COPY_BYTES);
      if (stopped || batch.length === 0) return;
      for (const { messageId } of batch) own.delete(messageId);
      send(batch, true);
    },
    saved: save,
    dropped: () => dropped,
    dispose() {
      stopped = true;
      unschedule();
      own.clear();
    },
  };
}
