import type { Clock } from "../ports.ts";

/**
 * Tells each change of the page's address: History API, hash, back and forward. Told a task later, when the host has
 * had its turn. Where the browser has no Navigation API, `pushState` and `replaceState` are wrapped: they keep their
 * `this`, arguments, result and errors, and are put back unless somebody has wrapped them again since. Returns what
 * ends it.
 */
export function watchUrl(ports: {
  window: Window;
  clock: Clock;
  run: (fn: () => void) => void;
  changed(): void;
}): () => void {
  const { window, clock, run, changed } = ports;
  const { history, location } = window;
  let last = location.href;
  let cancel: (() => void) | undefined;

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
  const undo: (() => void)[] = [];
  if (navigation) heard.push([navigation, "currententrychange"]);
  else
    for (const name of ["pushState", "replaceState"] as const) {
      const had = Object.hasOwn(history, name);
      const original = history[name];
      let active = true;
      function wrapper(this: History, ...args: Parameters<History["pushState"]>): unknown {
        const result: unknown = Reflect.apply(original, this, args);
        if (active) look();
        return result;
      }
      try {
        history[name] = wrapper;
      } catch {
        // A frozen history is left as it is; popstate and hashchange still come.
      }
      undo.push(() => {
        active = false;
        if (history[name] !== wrapper) return;
        if (had) history[name] = original;
        else Reflect.deleteProperty(history, name);
      });
    }
  for (const [target, type] of heard) target.addEventListener(type, look);

  return () => {
    cancel?.();
    for (const [target, type] of heard) target.removeEventListener(type, look);
    for (const step of undo) step();
  };
}
