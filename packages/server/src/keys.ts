import { createHash, randomBytes } from "node:crypto";
import type { Caller, Keyring } from "./server-env.ts";
import type { EnvironmentId, StoredKey } from "./storage/storage.ts";

/** The environment that the demo keys open; never shared with real data. */
export const DEMO_ENVIRONMENT = "demo";
export const DEMO_PUBLIC_KEY = "pk_demo";
export const DEMO_SECRET_KEY = "sk_demo";

/** Only hashes are kept, so that a copy of the database opens nothing. The keys are random: no salt is needed. */
export function hashKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** A new random key, 192 bits. */
export function generateKey(kind: "public" | "secret"): string {
  return `${kind === "public" ? "pk" : "sk"}_${randomBytes(24).toString("base64url")}`;
}

/** What is kept of a key; throws where its prefix is not that of its kind. */
export function toStoredKey(
  key: string,
  kind: "public" | "secret",
  environment: EnvironmentId,
  createdAt: number,
): StoredKey {
  const prefix = kind === "public" ? "pk_" : "sk_";
  if (!key.startsWith(prefix) || key.length < prefix.length + 16)
    throw new TypeError(`a ${kind} key begins with ${prefix} and has at least 16 characters after it`);
  return { hash: hashKey(key), kind, environment, createdAt };
}

/** Looks keys up by hash; the demo pair exists only where it is asked for. */
export function createKeyring(stored: readonly StoredKey[], { demo }: { readonly demo: boolean }): Keyring {
  const callers = new Map<string, Caller>();
  for (const { hash, kind, environment } of stored) callers.set(hash, { kind, environment, demo: false });
  if (demo) {
    const environment = DEMO_ENVIRONMENT;
    callers.set(hashKey(DEMO_PUBLIC_KEY), { kind: "public", environment, demo: true });
    callers.set(hashKey(DEMO_SECRET_KEY), { kind: "secret", environment, demo: true });
  }
  // A key that was right before needs no hash; there are only as many as are kept.
  const right = new Map<string, Caller>();
  return (key) => {
    const known = right.get(key);
    if (known !== undefined) return known;
    const caller = callers.get(hashKey(key));
    if (caller !== undefined) right.set(key, caller);
    return caller;
  };
}
