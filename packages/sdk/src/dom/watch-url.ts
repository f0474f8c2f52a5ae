import type { Clock } from "../ports.ts";

/**
 * Tells each change of the page's address: History API, hash, back and forward. Told a task later, when the host has
 * had its turn. Where the browser has no Navigation API, `pushState` and `replaceState` are wrapped. Returns what
 * ends it.
 */
export function watchUrl(ports: {
  window: Window;
  clock: Clock;
  run: (fn: () => void) => void;
  changed(): void;
  loadRare: () => Promise<{ wrapHistory(history: History, called: () => void): () => void }>;
}): () => void {
  const { window, clock, run, changed } = ports;
  const { history, location } = window;
  let last = location.href;
  let alive = true;
  let cancel: (() => void) | undefined;
  let unwrap = () => {};

  const look = () =>
    run(() => {
      cancel ??= clock.after(0, () => {
        cancel = undefined;
        if (location.href === last) return;
        last = location.href;
        changed();
      });
    });

  // Not known to TypeScript 5.9.
  const { navigation } = window as { navigation?: EventTarget };
  const heard: [EventTarget, string][] = [
    [window, "popstate"],
    [window, "hashchange"],
  ];
  if (navigation) heard.push([navigation, "currententrychange"]);
  else
    ports.loadRare().then(
      ({ wrapHistory }) => {
        if (!alive) return;
        unwrap = wrapHistory(history, look);
        // Perhaps something has changed meanwhile.
        look();
      },
      () => {},
    );
  for (const [target, type] of heard) target.addEventListener(type, look);

  return () => {
    alive = false;
    cancel?.();
    unwrap();
    for (const [target, type] of heard) target.removeEventListener(type, look);
  };
}
