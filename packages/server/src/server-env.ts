import type { UserClaims, UserTokens } from "./access/user-tokens.ts";
import type { EnvironmentId, Storage } from "./storage/storage.ts";

/** What a caller may do, as their key says. */
export interface Caller {
  readonly kind: "public" | "secret";
  readonly environment: EnvironmentId;
  /** Whether this is one of the demo keys, which work only on this machine. */
  readonly demo: boolean;
}

/** Finds out whose key this is; `undefined` for a key that does not exist. */
export type Keyring = (key: string) => Caller | undefined;

/** All that the app needs from outside; nothing in it is made inside. */
export interface ServerDeps {
  readonly storage: Storage;
  readonly keyring: Keyring;
  readonly tokens: UserTokens;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A new unique id. */
  readonly newId: () => string;
  /**
   * The address of whoever is at the other end of the connection; `undefined` where there is none (`app.request()`
   * in tests). Demo keys need a loopback address.
   */
  readonly peer: (bindings: unknown) => string | undefined;
  /** Whether this is a demo server: bound to 127.0.0.1 and started as such. */
  readonly demo: boolean;
  /** Takes what no caller may see: a thrown bug and the request it belongs to. */
  readonly report: (thrown: unknown, requestId: string) => void;
}

/** Hono's view of one request. */
export interface ServerEnv {
  Variables: {
    requestId: string;
    caller: Caller;
    /** Where a user token was asked for. */
    claims: UserClaims;
  };
}
