/** What one tab tells the others after it has saved. */
export interface TabNews {
  /** Key of the person's state. */
  readonly person: string;
  /** The person's state, serialised. */
  readonly text: string;
}

export interface TabSync {
  post(news: TabNews): void;
  dispose(): void;
}

/** Hands each saved state to the other tabs at once. Without BroadcastChannel they learn it when they next save. */
export function createTabSync(
  Channel: typeof BroadcastChannel | undefined,
  environment: string,
  /** Anybody on this origin may post: nothing is known of what comes. */
  received: (news: Partial<TabNews> | null) => void,
): TabSync {
  let channel: BroadcastChannel | undefined;
  try {
    channel = Channel && new Channel(`cairn|${environment}`);
    if (channel) channel.onmessage = ({ data }) => received(data);
  } catch {
    // Opaque origins have the class, and refuse its use.
  }
  return {
    post: (news) => channel?.postMessage(news),
    dispose() {
      channel?.close();
      channel = undefined;
    },
  };
}
