import type { Message } from "@cairn/flow-schema";
import type { Clock, Platform, Store } from "./ports.ts";
import { createStateKeeper, type StateKeeper } from "./state/state-keeper.ts";
import { createTabSync } from "./state/tab-sync.ts";
import { createDelivery, type Delivery } from "./transport/delivery.ts";
import { createQueueStore } from "./transport/queue-store.ts";
import { createSender } from "./transport/send.ts";
import { createSenderLock } from "./transport/sender-lock.ts";

/** Everything that stores or sends; exists only while there is consent. */
export interface Persistence {
  readonly store: Store;
  readonly keeper: StateKeeper;
  add(message: Message): void;
  /** Sends what waits, as soon as may be. */
  flush(): void;
  /** The page may be going: saves the state, and sends a copy of the unsent events. */
  leave(): void;
  dropped(): number;
  /** Deletes everything that was stored for this environment. */
  clear(): Promise<void>;
  dispose(): void;
}

export function createPersistence(ports: {
  platform: Platform;
  clock: Clock;
  environment: string;
  tab: string;
  /** None in local mode: nothing is sent. */
  server: { host: string; key: string } | undefined;
  /** Key of the person whose state the engine holds. */
  person(): string;
  /** That state, serialised. */
  text(): string;
  /** Takes in the state of the same person, written by another tab; `false` where that will happen later. */
  join(text: string): boolean;
  run: (fn: () => void) => void;
  report: (code: "state" | "queue", error: unknown) => void;
}): Persistence {
  const { platform, clock, environment, tab, server } = ports;
  const { window } = platform;
  const store = platform.openStore(clock);
  const tabs = createTabSync({
    BroadcastChannel: window.BroadcastChannel,
    environment,
    run: ports.run,
    received: ({ person, text }) => {
      if (person === ports.person()) ports.join(text);
    },
  });
  const keeper = createStateKeeper({
    store,
    clock,
    environment,
    tab,
    tabs,
    person: ports.person,
    text: ports.text,
    join: ports.join,
    report: (error) => ports.report("state", error),
  });
  const queue = createQueueStore(store, environment);
  const delivery: Delivery | undefined =
    server &&
    createDelivery({
      store: queue,
      sender: createSender({ fetch: platform.fetch, clock, ...server }),
      lock: createSenderLock({ locks: window.navigator.locks, store, clock, environment, tab }),
      clock,
      random: platform.random,
      report: (error) => ports.report("queue", error),
    });

  return {
    store,
    keeper,
    add: (message) => delivery?.add(message),
    flush: () => void delivery?.flush(),
    leave() {
      keeper.leave();
      delivery?.copy();
    },
    dropped: () => delivery?.dropped() ?? 0,
    async clear() {
      await keeper.clear();
      await queue.clear();
    },
    dispose() {
      keeper.dispose();
      tabs.dispose();
      delivery?.dispose();
    },
  };
}
