import type { Message } from "@cairn/flow-schema";
import { assertNever } from "@cairn/flow-schema";
import type { Clock } from "../ports.ts";
import {
  evict,
  judge,
  MAX_BATCH_BYTES,
  MAX_BATCH_EVENTS,
  MAX_COPY_BYTES,
  MAX_QUEUED_EVENTS,
  takeBatch,
} from "./queue.ts";
import type { QueueStore } from "./queue-store.ts";
import type { Sender } from "./send.ts";
import type { SenderLock } from "./sender-lock.ts";

/** How long events are collected before they are sent. Milliseconds. */
const COLLECT_MS = 1_000;
/** When to look again while another tab is sending. */
const BUSY_MS = 5_000;
/** How many events of this page are kept at hand for the copy on leaving. */
const MAX_OWN = 500;
/** The caps are checked at the start and after so many additions. */
const CAP_EVERY = 500;

export interface Delivery {
  add(message: Message): void;
  /** Sends what waits, now. Resolves when there is nothing more to do for the moment. */
  flush(): Promise<void>;
  /** The page may be going: sends a copy of this page's unsent events. Deletes nothing. */
  copy(): void;
  /** Resolves when everything added so far is in the store. */
  saved(): Promise<void>;
  /** Events that were given up: refused for good, too old, or over the caps. */
  dropped(): number;
  dispose(): void;
}

/** Lease, send, delete on 2xx: an event leaves the store only when the server has it, or never will take it. */
export function createDelivery(ports: {
  store: QueueStore;
  sender: Sender;
  lock: SenderLock;
  clock: Clock;
  /** From 0 to 1. */
  random: () => number;
  report(error: unknown): void;
}): Delivery {
  const { store, sender, clock } = ports;
  let own: Message[] = [];
  let copied = 0;
  let unsaved: Message[] = [];
  let saving: Promise<void> = Promise.resolve();
  let sinceCaps = CAP_EVERY;
  let dropped = 0;
  let attempt = 0;
  let events = MAX_BATCH_EVENTS;
  let stopped = false;
  /** A server that answered with "later" is not asked before this moment, whatever happens meanwhile. */
  let notBefore = 0;
  let again = false;
  let round: Promise<void> | undefined;
  let cancelDue: (() => void) | undefined;

  function schedule(afterMs: number, replace = false): void {
    if (stopped || (cancelDue && !replace)) return;
    cancelDue?.();
    cancelDue = clock.after(Math.max(afterMs, notBefore - clock.now()), () => {
      cancelDue = undefined;
      flush();
    });
  }

  function save(): Promise<void> {
    saving = saving
      .then(() => {
        const batch = unsaved;
        unsaved = [];
        return batch.length > 0 ? store.add(batch) : undefined;
      })
      .catch(ports.report);
    return saving;
  }

  function forget(ids: readonly string[]): Promise<void> {
    const gone = new Set(ids);
    copied -= own.slice(0, copied).filter((message) => gone.has(message.messageId)).length;
    own = own.filter((message) => !gone.has(message.messageId));
    return store.remove(ids);
  }

  async function keepCaps(): Promise<void> {
    sinceCaps = 0;
    const gone = evict(await store.first(2 * MAX_QUEUED_EVENTS), clock.now());
    dropped += gone.length;
    if (gone.length > 0) await forget(gone);
  }

  async function sendAll(): Promise<void> {
    if (sinceCaps >= CAP_EVERY) await keepCaps();
    while (!stopped) {
      const batch = takeBatch(await store.first(events), { events, bytes: MAX_BATCH_BYTES, force: true });
      if (batch.length === 0) return;
      const outcome = await sender.send(batch);
      const verdict = judge(outcome, {
        attempt,
        batchSize: batch.length,
        random: ports.random(),
        now: clock.now(),
      });
      const ids = batch.map((message) => message.messageId);
      switch (verdict.kind) {
        case "delete":
          attempt = 0;
          events = MAX_BATCH_EVENTS;
          await forget(ids);
          break;
        case "drop":
          dropped += ids.length;
          await forget(ids);
          break;
        case "split":
          events = Math.ceil(batch.length / 2);
          break;
        case "retry":
          attempt++;
          if (outcome.kind === "answer") notBefore = clock.now() + verdict.afterMs;
          schedule(verdict.afterMs, true);
          return;
        case "stop":
          stopped = true;
          return;
        default:
          assertNever(verdict);
      }
    }
  }

  function flush(): Promise<void> {
    again = round !== undefined;
    if (round) return round;
    cancelDue?.();
    cancelDue = undefined;
    round = save()
      .then(async () => {
        if (stopped) return;
        if (clock.now() < notBefore) schedule(0);
        else if (!(await ports.lock(sendAll))) schedule(BUSY_MS);
      })
      .catch(ports.report)
      .finally(() => {
        round = undefined;
        if (again) schedule(COLLECT_MS);
      });
    return round;
  }

  return {
    add(message) {
      own.push(message);
      if (own.length > MAX_OWN) {
        own.shift();
        copied = Math.max(0, copied - 1);
      }
      sinceCaps++;
      if (unsaved.push(message) === 1) queueMicrotask(save);
      schedule(COLLECT_MS);
    },
    flush,
    copy() {
      save();
      const batch = takeBatch(own.slice(copied), {
        events: MAX_OWN,
        // Room for what stands around the messages.
        bytes: MAX_COPY_BYTES - 500,
        force: false,
      });
      if (stopped || batch.length === 0) return;
      copied += batch.length;
      sender.copy(batch);
    },
    saved: save,
    dropped: () => dropped,
    dispose() {
      stopped = true;
      cancelDue?.();
      own = [];
    },
  };
}
