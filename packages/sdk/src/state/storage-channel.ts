import type { Channel } from "./tab-sync.ts";

/** Tells the other tabs through `storage` events, where there is no BroadcastChannel; `undefined` where nothing may be kept. */
export function createStorageChannel(window: Window, name: string): Channel | undefined {
  try {
    const { localStorage } = window;
    const key = `${name}|news`;
    const channel: Channel = {
      onmessage: null,
      postMessage(news) {
        try {
          // A value that is set again unchanged is no event.
          localStorage.setItem(key, JSON.stringify(news));
          localStorage.removeItem(key);
        } catch {
          // Full, or forbidden by now: the others learn it when they next save.
        }
      },
      close: () => window.removeEventListener("storage", hear),
    };
    function hear(event: StorageEvent): void {
      if (event.key !== key || !event.newValue) return;
      try {
        const data = JSON.parse(event.newValue);
        channel.onmessage?.call(channel as BroadcastChannel, { data } as MessageEvent);
      } catch {
        // Not our words.
      }
    }
    window.addEventListener("storage", hear);
    return channel;
  } catch {
    return undefined;
  }
}
