import { refuseWhile } from "../access/identify-caller.ts";
import type { Caller, ServerDeps } from "../server-env.ts";
import { storeUnavailable } from "../storage/store-unavailable.ts";

export interface Arrival {
  /** The key in the head of the request. */
  readonly key: string | undefined;
  /** Whoever is at the other end. */
  readonly address: string | undefined;
  /** Whose key this is; throws where nobody may use it. `counted`: the address has been counted already. */
  readonly identify: (key: string | undefined, counted: boolean) => Caller;
}

/**
 * Asked before anything of a body is read, so that what is refused costs no memory: 503 where too much waits to be stored,
 * 401 or 403 for the key in the head, 429 for an address without a secret key. Gives back who is calling, once
 * the `writeKey` of the body is known.
 */
export function admit(
  { isFull, limits }: Pick<ServerDeps, "isFull" | "limits">,
  { key, address, identify }: Arrival,
): (writeKey: string | undefined) => Caller {
  if (isFull?.()) throw storeUnavailable("Too many events are waiting.");
  if (key !== undefined) {
    const caller = identify(key, false);
    return () => caller;
  }
  refuseWhile(limits.address.take(address ?? ""));
  return (writeKey) => identify(writeKey, true);
}
