import { createHash, randomBytes } from "node:crypto";
import { SCOPES, type Scope } from "./access/scopes.ts";
import type { Caller, Keyring } from "./server-env.ts";
import type { EnvironmentId } from "./storage/storage.ts";

/** The environment that the demo keys open; never shared with real data. */
export const DEMO_ENVIRONMENT = "demo";
export const DEMO_PUBLIC_KEY = "pk_demo";
export const DEMO_SECRET_KEY = "sk_demo";

/** A key as it is kept: only its hash, and what it opens. */
export interface KeyRecord {
  /** SHA-256 of the key, hex. */
  readonly hash: string;
  /** First letters of the hash: how people and the audit log call the key. */
  readonly id: string;
  readonly kind: "public" | "secret";
  readonly environment: EnvironmentId;
  /** What it is for, in its maker's words. */
  readonly name: string;
  /** Of a secret key. */
  readonly scopes: readonly Scope[];
  /** Of a public key: pages that may use it, `https://app.example.com`; empty = any. */
  readonly origins: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** To the minute; `null` where it never was. */
  readonly lastUsedAt: number | null;
}

/** Only hashes are kept, so that a copy of the database opens nothing. The keys are random: no salt is needed. */
export function hashKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** A new random key, 192 bits. */
export function generateKey(kind: "public" | "secret"): string {
  return `${kind === "public" ? "pk" : "sk"}_${randomBytes(24).toString("base64url")}`;
}

/** What is kept of a key; throws where its prefix is not that of its kind. A secret key has every scope unless told otherwise. */
export function toStoredKey(
  key: string,
  kind: "public" | "secret",
  environment: EnvironmentId,
  createdAt: number,
  more: Partial<Pick<KeyRecord, "name" | "scopes" | "origins" | "expiresAt">> = {},
): KeyRecord {
  const prefix = kind === "public" ? "pk_" : "sk_";
  if (!key.startsWith(prefix) || key.length < prefix.length + 16)
    throw new TypeError(`a ${kind} key begins with ${prefix} and has at least 16 characters after it`);
  return withDefaults({ hash: hashKey(key), kind, environment, createdAt, ...more });
}

/** A key of which little is known, as those were kept that came before scopes. */
export function withDefaults(
  key: Pick<KeyRecord, "hash" | "kind" | "environment" | "createdAt"> & Partial<KeyRecord>,
): KeyRecord {
  return {
    id: key.hash.slice(0, 8),
    name: "",
    scopes: key.kind === "secret" ? SCOPES : [],
    origins: [],
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    ...key,
  };
}

interface KeyringOptions {
  readonly demo: boolean;
  /** @default the real time */
  readonly now?: () => number;
  /** Origins that an environment's settings allow; empty = any. @default any */
  readonly originsOf?: (environment: EnvironmentId) => readonly string[];
  readonly onUse?: (key: KeyRecord) => void;
}

/** Looks keys up by hash; the demo pair exists only where it is asked for. */
export function createKeyring(
  keys: Iterable<KeyRecord>,
  { demo, now = Date.now, originsOf = () => [], onUse = () => {} }: KeyringOptions,
): Keyring {
  const callers = new Map<string, { readonly key: KeyRecord; readonly caller: Caller }>();
  const add = (key: KeyRecord, isDemo: boolean) =>
    callers.set(key.hash, { key, caller: toCaller(key, isDemo, () => originsOf(key.environment)) });
  for (const key of keys) if (key.revokedAt === null) add(key, false);
  if (demo) {
    const head = { environment: DEMO_ENVIRONMENT, createdAt: 0, name: "demo" };
    add(withDefaults({ ...head, hash: hashKey(DEMO_PUBLIC_KEY), kind: "public" }), true);
    add(withDefaults({ ...head, hash: hashKey(DEMO_SECRET_KEY), kind: "secret" }), true);
  }
  // A key that was right before needs no hash; there are only as many as are kept.
  const right = new Map<string, string>();
  return (text) => {
    const hash = right.get(text) ?? hashKey(text);
    const found = callers.get(hash);
    if (found === undefined) return undefined;
    if (found.key.expiresAt !== null && found.key.expiresAt <= now()) return undefined;
    right.set(text, hash);
    onUse(found.key);
    return found.caller;
  };
}

function toCaller(
  { kind, environment, id, name, scopes, origins }: KeyRecord,
  demo: boolean,
  environmentOrigins: () => readonly string[],
): Caller {
  return {
    kind,
    environment,
    demo,
    name: name === "" ? `key ${id}` : `key ${id} (${name})`,
    scopes: new Set(scopes),
    // Only pages have an origin, and only public keys are for pages.
    allows: (origin) =>
      kind === "secret" ||
      origin === undefined ||
      [origins, environmentOrigins()].every((list) => list.length === 0 || list.includes(origin)),
  };
}
