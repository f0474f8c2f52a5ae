const MARK = Symbol("store-unavailable");

/** What a store rejects with when it cannot write now (disk full, too much waiting): nothing was stored. */
export function storeUnavailable(message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { [MARK]: true });
}

export function isStoreUnavailable(thrown: unknown): thrown is Error {
  return thrown instanceof Error && MARK in thrown;
}
