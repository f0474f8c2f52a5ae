/** What most pages never need, in one chunk: loaded when storage, the network or a person's name makes it necessary. */

export { wrapHistory } from "./dom/wrap-history.ts";
export { createMemoryStore } from "./state/memory-store.ts";
export { backoff, retryAfterMs } from "./transport/judge.ts";
export { withLease } from "./transport/lease.ts";
export { afterFailure, tidy } from "./transport/trouble.ts";
