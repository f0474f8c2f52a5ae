import type { Message } from "@cairn/flow-schema";
import type { Clock, Platform, Store } from "./ports.ts";
import { createStateKeeper, type StateKeeper } from "./state/state-keeper.ts";
import { createTabLock, type TabLock } from "./state/tab-lock.ts";
import { createTabSync, type TabNews } from "./state/tab-sync.ts";
import { createDelivery } from "./transport/delivery.ts";
import type { Send } from "./transport/send.ts";

/** Everything that stores or sends; exists only while there is consent. */
export interface Persistence {
  readonly store: Store;
  readonly keeper: StateKeeper;
  /** Whichever tab has it opens hints. */
  readonly word: TabLock;
  add(message: Message): void;
  /** Sends what waits, as soon as may be. */
  flush(): void;
  /**
   * The page is hidden, and may be going: saves the state, and sends a copy of the unsent events. `goes`: there is no time
   * for answers.
   */
  leave(goes?: boolean): void;
  /** Whatever one tab at a time may have is another's, and nothing is heard of others. */
  rest(): void;
  wake(): void;
  /** Tells the other tabs. */
  announce(news: Pick<TabNews, "moved" | "denied">): void;
  /** Takes back what a page that went has left of this person's. */
  forget(person: string): void;
  dropped(): number;
  /** Resolves when no event is written any more. `isDenied`: those that are not in the store yet never get there. */
  dispose(isDenied?: boolean): Promise<void> | undefined;
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
  /**
   * Takes in the state of the same person, written by another tab; a promise where that takes time. `aside`: it is not what
   * is stored, and knows nothing of what is open.
   */
  join(text: string, aside?: boolean): Promise<void> | undefined;
  /** What was stored of the person is no longer there, or another tab says that somebody else is here. */
  moved(gone?: string): void;
  /** Another tab says that nothing may be stored any more. */
  denied(): void;
  /** Another tab has taken the word away; asks for it: whether it will be let go; has let it go. */
  lost(): void;
  yields(): boolean;
  freed(): void;
  /** The server is to be told that so many events were given up. */
  tell(dropped: number): void;
  run: (fn: () => void) => void;
  report: (code: "state" | "queue", error: unknown) => void;
}): Persistence {
  const { platform, clock, environment, tab, send, report } = ports;
  const { window, loadRare, random } = platform;
  const store = platform.openStore(clock);
  const hear = (news: TabNews) =>
    ports.run(() => {
      for (const lock of locks) lock.hear(news);
      if (news.free === wordName) ports.freed();
      const { text, last, moved } = news;
      if (typeof moved === "string") {
        keeper.forget(moved);
        ports.moved(moved);
      }
      if (news.denied) ports.denied();
      if (typeof text !== "string" || news.person !== ports.person()) return;
      // What may not be stored is a change of this tab's.
      if (last) ports.join(text, true);
      else keeper.heard(text);
    });
  const tabs = createTabSync(window.BroadcastChannel, environment, hear, async (name) =>
    (await loadRare()).createStorageChannel(window, name),
  );
  const createLock = (name: string, more: Pick<Parameters<typeof createTabLock>[0], "lost" | "yields">) =>
    createTabLock({
      name,
      locks: window.navigator.locks,
      loadRare,
      store,
      tab,
      tabs,
      clock,
      ...more,
    });
  const wordName = `${environment}|word`;
  const word = createLock(wordName, ports);
  const sender = createLock(`${environment}|sender`, { lost() {} });
  const locks = [word, sender];
  const keeper = createStateKeeper({
    ...ports,
    gone: ports.moved,
    store,
    tabs,
    isFirst: word.held,
    // As if the database had failed: the next page brings it back.
    leaveNote(person, text) {
      try {
        const { localStorage } = window;
        localStorage.setItem("cairn:", "1");
        localStorage.setItem(`cairn:${person}`, JSON.stringify({ text }));
      } catch {
        // Full, or not allowed: whoever has the word has been told.
      }
    },
    report: (error) => report("state", error),
  });
  const delivery =
    send &&
    createDelivery({
      store,
      environment,
      expose: keeper.expose,
      send,
      lock: sender,
      clock,
      random,
      loadTrouble: loadRare,
      tell: ports.tell,
      report: (error) => report("queue", error),
    });
  let isNew = true;

  // From the beginning: only who has it may write at the last moment.
  word.take();
  return {
    store,
    keeper,
    word,
    add(message) {
      if (delivery) delivery.add(message);
      else if (message.event === "cairn.flow.shown") keeper.expose();
    },
    flush() {
      delivery?.flush();
      if (!isNew) return;
      isNew = false;
      try {
        const { localStorage } = window;
        // An earlier page could not use the database.
        if (!localStorage.getItem("cairn:")) return;
        loadRare()
          .then(({ bringBack }) =>
            bringBack({
              store,
              storage: localStorage,
              environment,
              heard: (person, text) => hear({ person, text, last: true }),
            }),
          )
          .catch(() => {});
      } catch {
        // Not allowed to look.
      }
    },
    leave(goes) {
      if (goes) {
        store.rest?.();
        keeper.leave();
      } else keeper.save();
      delivery?.copy();
    },
    rest() {
      for (const lock of locks) lock.release("going");
      tabs.rest();
    },
    wake() {
      tabs.wake();
      keeper.wake();
    },
    announce: tabs.post,
    forget(person) {
      try {
        window.localStorage.removeItem(`cairn:${person}`);
      } catch {
        // Then nothing was left.
      }
    },
    dropped: () => delivery?.dropped() ?? 0,
    dispose(isDenied) {
      for (const lock of locks) lock.release();
      keeper.dispose();
      tabs.rest();
      return delivery?.dispose(isDenied);
    },
  };
}
