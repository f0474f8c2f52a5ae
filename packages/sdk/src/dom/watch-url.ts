import type { Clock } from "../ports.ts";

/** The Navigation API, as far as it is used here; TypeScript 5.9 does not know it yet. */
interface NavigationLike {
  addEventListener(type: "currententrychange", listener: () => void): void;
  removeEventListener(type: "currententrychange", listener: () => void): void;
}

/**
 * Tells each change of the page's address: History API, hash, back and forward. Told a task later, when the host has
 * had its turn. Where the browser has no Navigation API, `pushState` and `replaceState` are wrapped: they keep their
 * `this`, arguments, result and errors, and are put back unless somebody has wrapped them again since.
 */
export function watchUrl(ports: {
  window: Window;
  clock: Clock;
  run: (fn: () => void) => void;
  changed(url: string): void;
}): { dispose(): void } {
  const { window } = ports;
  let last = window.location.href;
  let active = true;
  let cancel: (() => void) | undefined;

  const look = () =>
    ports.run(() => {
      if (!active || cancel) return;
      cancel = ports.clock.after(0, () => {
        cancel = undefined;
        const { href } = window.location;
        if (href === last) return;
        last = href;
        ports.changed(href);
      });
    });

  window.addEventListener("popstate", look);
  window.addEventListener("hashchange", look);
  const navigation = (window as { navigation?: NavigationLike }).navigation;
  const undo: (() => void)[] = [];
  if (navigation && typeof navigation.addEventListener === "function") {
    navigation.addEventListener("currententrychange", look);
    undo.push(() => navigation.removeEventListener("currententrychange", look));
  } else {
    for (const name of ["pushState", "replaceState"] as const) {
      const { history } = window;
      const had = Object.hasOwn(history, name);
      const original = history[name];
      function wrapper(this: History, ...args: Parameters<History["pushState"]>): unknown {
        const result: unknown = Reflect.apply(original, this, args);
        look();
        return result;
      }
      try {
        history[name] = wrapper;
      } catch {
        // A frozen history is left as it is; popstate and hashchange still come.
      }
      undo.push(() => {
        if (history[name] !== wrapper) return;
        if (had) history[name] = original;
        else Reflect.deleteProperty(history, name);
      });
    }
  }

  return {
    dispose() {
      active = false;
      cancel?.();
      window.removeEventListener("popstate", look);
      window.removeEventListener("hashchange", look);
      for (const step of undo) step();
    },
  };
}
