/** What a host's handler is given. */
export type Handler = (detail: { readonly [key: string]: unknown }) => unknown;

export interface Emitter {
  /** Returns what takes the handler off again. */
  on(type: string, handler: Handler): () => void;
  /** Calls every handler; `true` where one of them took the action over by returning `true`. */
  emit(type: string, detail: { readonly [key: string]: unknown }): boolean;
  clear(): void;
}

/** Handlers are the host's code: one that throws is reported and stops nobody else. */
export function createEmitter(report: (error: unknown) => void): Emitter {
  const handlers = new Map<string, Set<Handler>>();
  return {
    on(type, handler) {
      // An own function each time, so that one handler given twice is called twice and taken off one by one.
      const own: Handler = (detail) => handler(detail);
      const set = handlers.get(type) ?? new Set();
      handlers.set(type, set.add(own));
      return () => set.delete(own);
    },
    emit(type, detail) {
      let taken = false;
      for (const handler of [...(handlers.get(type) ?? [])]) {
        try {
          if (handler(detail) === true) taken = true;
        } catch (error) {
          report(error);
        }
      }
      return taken;
    },
    clear: () => handlers.clear(),
  };
}
