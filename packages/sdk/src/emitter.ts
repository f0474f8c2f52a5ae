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
  // Its own entry each time, so that one handler given twice is called twice and taken off one by one.
  const entries = new Set<{ type: string; handler: Handler }>();
  return {
    on(type, handler) {
      const entry = { type, handler };
      entries.add(entry);
      return () => entries.delete(entry);
    },
    emit(type, detail) {
      let taken = false;
      for (const entry of [...entries])
        try {
          if (entry.type === type && entry.handler(detail) === true) taken = true;
        } catch (error) {
          report(error);
        }
      return taken;
    },
    clear: () => entries.clear(),
  };
}
