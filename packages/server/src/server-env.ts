import type { RateLimits } from "./access/rate-limits.ts";
import type { Scope } from "./access/scopes.ts";
import type { UserClaims, UserTokens } from "./access/user-tokens.ts";
import type { ErrorCode } from "./errors.ts";
import type { BodyBudget } from "./ingest/body-budget.ts";
import type { Reports } from "./reports/reports.ts";
import type { EnvironmentId, Storage } from "./storage/storage.ts";
import type { Watch } from "./watch.ts";

/** Who is calling, and what they may do. */
export interface Caller {
  /** `person`: signed in to the studio. */
  readonly kind: "public" | "secret" | "person";
  readonly environment: EnvironmentId;
  /** Whether this is one of the demo keys, which work only on this machine. */
  readonly demo: boolean;
  /** How the audit log calls them: `key 3f2a9c1e (CI)`, `anna@example.com`. */
  readonly name: string;
  /** What a public key has none of. */
  readonly scopes: ReadonlySet<Scope>;
  /** Whether a page of this origin may use the key; `undefined` is no page. */
  allows(origin: string | undefined): boolean;
}

/** Finds out whose key this is; `undefined` for a key that does not exist, or no longer. */
export type Keyring = (key: string) => Caller | undefined;

/** All that the app needs from outside; nothing in it is made inside. */
export interface ServerDeps {
  readonly storage: Storage;
  /** Where reports are worked out. @default here, on the thread that answers */
  readonly reports?: Reports;
  readonly keyring: Keyring;
  /** Reads keys and allow-lists again: one of them has been changed. */
  readonly reloadKeys: () => Promise<void>;
  readonly tokens: UserTokens;
  readonly limits: RateLimits;
  /** What storing a password costs, log2 of scrypt's N. Only tests that sign in a hundred times give one. @default 15 */
  readonly passwordCost?: number | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A new unique id. */
  readonly newId: () => string;
  /**
   * The address of whoever is at the other end of the connection; `undefined` where there is none (`app.request()`
   * in tests). Demo keys need a loopback address.
   */
  readonly peer: (bindings: unknown) => string | undefined;
  /** How many proxies stand in front: so many addresses of `X-Forwarded-For`, from the right, are believed. @default 0 */
  readonly trustedProxies?: number;
  /** Whether this is a demo server: bound to 127.0.0.1 and started as such. */
  readonly demo: boolean;
  /** Whether so much waits to be stored that new messages need not be looked at. @default never */
  readonly isFull?: () => boolean;
  /** Whether the server was told to stop: nobody should be sent to it any more. @default never */
  readonly isStopping?: () => boolean;
  /** What all bodies that are being read may hold together. @default without bounds */
  readonly bodies?: BodyBudget;
  /** Told of each request and of messages taken in. @default nobody is */
  readonly watch?: Watch;
  /** What `GET /metrics` answers. @default nothing */
  readonly metrics?: () => string;
  /** Takes what no caller may see: a thrown bug and the request it belongs to. */
  readonly report: (thrown: unknown, requestId: string) => void;
}

/** Hono's view of one request. */
export interface ServerEnv {
  Variables: {
    requestId: string;
    /** Why it was refused, where it was. */
    refusal?: ErrorCode;
    caller: Caller;
    /** Where a user token was asked for. */
    claims: UserClaims;
  };
}
