/** What one tab tells the others. */
export interface TabNews {
  /** Key of the person whose state this is … */
  readonly person?: string;
  /** … as it was saved, serialised. */
  readonly text?: string;
  /** The tab goes and may not have saved it, or over what others saved: whoever hears it saves. */
  readonly last?: boolean;
  /** Somebody else is here by the store; key of the state that was deleted for that, if one was. */
  readonly moved?: string;
  /** Nothing is to be stored any more. */
  readonly denied?: boolean;
  /** Names of locks: who has this one? I have it. It is free. */
  readonly ask?: string;
  readonly mine?: string;
  readonly free?: string;
}

export interface TabSync {
  post(news: TabNews): void;
  /** Hears nothing until `wake`: news throw a page out of the back/forward cache. */
  rest(): void;
  wake(): void;
}

/** A BroadcastChannel, as far as it is used. */
export type Channel = Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;

/** Hands news to the other tabs at once. Where there is no BroadcastChannel, another way is loaded. */
export function createTabSync(
  Native: typeof BroadcastChannel | undefined,
  environment: string,
  /** Anybody on this origin may post: nothing is known of what comes. */
  received: (news: TabNews) => void,
  loadOther: (name: string) => Promise<Channel | undefined>,
): TabSync {
  const name = `cairn|${environment}`;
  let channel: Channel | undefined;
  let isAwake = false;
  function use(opened: Channel | undefined): void {
    channel = opened;
    if (channel) channel.onmessage = ({ data }) => isAwake && received(data ?? {});
  }
  const sync: TabSync = {
    post: (news) => channel?.postMessage(news),
    rest() {
      isAwake = false;
      channel?.close();
      channel = undefined;
    },
    wake() {
      if (isAwake) return;
      isAwake = true;
      try {
        // Opaque origins have the class, and refuse its use.
        use(new (Native as typeof BroadcastChannel)(name));
      } catch {
        // It may rest again by then, or have another.
        loadOther(name).then(
          (opened) => (isAwake && !channel ? use(opened) : opened?.close()),
          () => {},
        );
      }
    },
  };
  sync.wake();
  return sync;
}
