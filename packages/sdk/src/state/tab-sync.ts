/** What one tab tells the others after it has saved. */
export interface TabNews {
  readonly person: string;
  /** The person's state, serialised. */
  readonly text: string;
}

export interface TabSync {
  post(news: TabNews): void;
  dispose(): void;
}

/** Hands each saved state to the other tabs at once. Without BroadcastChannel they learn it when they next save. */
export function createTabSync(ports: {
  BroadcastChannel: typeof BroadcastChannel | undefined;
  environment: string;
  run: (fn: () => void) => void;
  received(news: TabNews): void;
}): TabSync {
  let channel: BroadcastChannel | undefined;
  try {
    channel = ports.BroadcastChannel && new ports.BroadcastChannel(`cairn|${ports.environment}`);
  } catch {
    // Opaque origins have the class, and refuse its use.
  }
  if (channel)
    channel.onmessage = ({ data }: MessageEvent<Partial<TabNews> | null>) =>
      ports.run(() => {
        if (typeof data?.person === "string" && typeof data.text === "string")
          ports.received({ person: data.person, text: data.text });
      });
  return {
    post(news) {
      channel?.postMessage(news);
    },
    dispose() {
      channel?.close();
      channel = undefined;
    },
  };
}
