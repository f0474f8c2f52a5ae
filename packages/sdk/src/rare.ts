/** What most pages never need, in one chunk: loaded when storage, the network or a person's name makes it necessary. */

export const loadExplain = () => import("./explain.ts");
export { wrapHistory } from "./dom/wrap-history.ts";
export { pristine } from "./pristine.ts";
export { createPrivacy } from "./privacy.ts";
export { bringBack } from "./state/bring-back.ts";
export { contest } from "./state/contest.ts";
export { createLocalStore } from "./state/local-store.ts";
export { createMemoryStore } from "./state/memory-store.ts";
export { createStorageChannel } from "./state/storage-channel.ts";
export { createStoreLocks } from "./state/store-locks.ts";
export { retryAfterMs } from "./transport/judge.ts";
export * from "./transport/state-client.ts";
export { afterFailure, afterTrouble, tidy } from "./transport/trouble.ts";
