/**
 * Listens to events of these types (parted by spaces) until the returned function is called. In the capture phase, so
 * that a host that stops its events is heard too.
 */
export type Listen = (target: EventTarget, types: string, listener: (event: Event) => void) => () => void;

/** `run` runs each listener; what throws ends there. */
export const createListen =
  (run: (fn: () => void) => void): Listen =>
  (target, types, listener) => {
    const guarded = (event: Event) => run(() => listener(event));
    const each = (method: "addEventListener" | "removeEventListener") => {
      for (const type of types.split(" ")) target[method](type, guarded, true);
    };
    each("addEventListener");
    return () => each("removeEventListener");
  };
