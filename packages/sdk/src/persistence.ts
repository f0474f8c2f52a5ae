import type { Message } from "@cairn/flow-schema";
import type { Clock, Platform, Store } from "./ports.ts";
import { createStateKeeper, type StateKeeper } from "./state/state-keeper.ts";
import { createTabSync } from "./state/tab-sync.ts";
import { createDelivery } from "./transport/delivery.ts";
import type { Send } from "./transport/send.ts";
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
  dispose(): void;
}

export function createPersistence(ports: {
  platform: Platform;
  clock: Clock;
  environment: string;
  tab: string;
  /** None in local mode: nothing is sent. */
  send: Send | undefined;
  /** Key of the person whose state the engine holds. */
  person(): string;
  /** That state, serialised. */
  text(): string;
  /** Takes in the state of the same person, written by another tab; `false` where that will happen later. */
  join(text: string): boolean;
  run: (fn: () => void) => void;
  report: (code: "state" | "queue", error: unknown) => void;
}): Persistence {
  const { platform, clock, environment, send, report } = ports;
  const { window, loadRare, random } = platform;
  const store = platform.openStore(clock);
  const tabs = createTabSync(window.BroadcastChannel, environment, (news) =>
    ports.run(() => {
      if (news?.person === ports.person() && typeof news.text === "string") ports.join(news.text);
    }),
  );
  const keeper = createStateKeeper({ ...ports, store, tabs, report: (error) => report("state", error) });
  const name = `${environment}|sender`;
  const delivery =
    send &&
    createDelivery({
      store,
      prefix: `${environment}|event|`,
      send,
      lock: createSenderLock(window.navigator.locks, name, async (work) =>
        (await loadRare()).withLease({ ...ports, store, name }, work),
      ),
      clock,
      random,
      loadTrouble: loadRare,
      report: (error) => report("queue", error),
    });

  return {
    store,
    keeper,
    add: (message) => delivery?.add(message),
    flush: () => delivery?.flush(),
    leave() {
      keeper.leave();
      delivery?.copy();
    },
    dropped: () => delivery?.dropped() ?? 0,
    dispose() {
      keeper.dispose();
      tabs.dispose();
      delivery?.dispose();
    },
  };
}
