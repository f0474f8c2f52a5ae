import type { RunView } from "@cairn/engine";

/** A part of the UI that comes in a file of its own. */
export interface Part<T> {
  /** `null` until it is there. */
  chunk: T | null;
  /** On its way: a hint that needs it waits. */
  loading: boolean;
  /** Whether this hint needs it. */
  serves(view: RunView): boolean;
  /** Asks for it; again where it did not come the last time. */
  want(): void;
}

export function createPart<T>(
  load: () => Promise<T>,
  serves: Part<T>["serves"],
  settled: () => void,
): Part<T> {
  const settle = (chunk: T | null) => {
    part.chunk = chunk;
    part.loading = false;
    settled();
  };
  const part: Part<T> = {
    chunk: null,
    loading: false,
    serves,
    want() {
      if (part.loading || part.chunk !== null) return;
      part.loading = true;
      load().then(settle, () => settle(null));
    },
  };
  return part;
}
