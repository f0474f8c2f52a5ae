/**
 * Wraps `pushState` and `replaceState`: they keep their `this`, arguments, result and errors. Returns what puts them
 * back, unless somebody has wrapped them again since.
 */
export function wrapHistory(history: History, called: () => void): () => void {
  const undo: (() => void)[] = [];
  let active = true;
  for (const name of ["pushState", "replaceState"] as const) {
    const had = Object.hasOwn(history, name);
    const original = history[name];
    function wrapper(this: History, ...args: Parameters<History["pushState"]>): unknown {
      const result: unknown = Reflect.apply(original, this, args);
      if (active) called();
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
  return () => {
    active = false;
    for (const step of undo) step();
  };
}
