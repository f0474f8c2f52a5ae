import type { Clock, Guard } from "../ports.ts";
import type { Listen } from "./listen.ts";

/**
 * Tells each change of the page's address: History API, hash, back and forward. Told a task later, when the host has
 * had its turn. Where the browser has no Navigation API, `pushState` and `replaceState` are wrapped. Returns what
 * ends it.
 */
export function watchUrl(ports: {
  window: Window;
  clock: Clock;
  guard: Guard;
  listen: Listen;
  changed(): void;
  loadRare: () => Promise<{ wrapHistory(history: History, called: () => void): () => void }>;
}): () => void {
  const { window, guard, listen } = ports;
  const { history, location } = window;
  // Not known to TypeScript 5.9.
  const { navigation } = window as { navigation?: EventTarget };
  let last = location.href;
  let alive = true;
  let cancel: (() => void) | undefined;

  const look = () => {
    cancel ??= ports.clock.after(0, () => {
      cancel = undefined;
      if (location.href === last) return;
      last = location.href;
      ports.changed();
    });
  };
  const undo = [listen(window, "popstate hashchange", look)];
  if (navigation) undo.push(listen(navigation, "currententrychange", look));
  else
    ports.loadRare().then(
      guard(({ wrapHistory }) => {
        if (!alive) return;
        undo.push(wrapHistory(history, guard(look)));
        // Perhaps something has changed meanwhile.
        look();
      }),
      () => {},
    );

  return () => {
    alive = false;
    cancel?.();
    for (const off of undo) off();
  };
}
