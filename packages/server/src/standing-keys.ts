import { generateKey, toStoredKey } from "./keys.ts";
import type { Storage, StoredKey } from "./storage/storage.ts";

/** The environment of a server's own pair of keys. */
const ENVIRONMENT = "production";

interface KeyOptions {
  readonly publicKey?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly onNewKeys?: (keys: { readonly publicKey: string; readonly secretKey: string }) => void;
}

/**
 * The keys this server takes: those given by the operator, if any, else those in the store, else a new pair, told
 * once and kept as hashes.
 */
export async function standingKeys(
  storage: Storage,
  { publicKey, secretKey, onNewKeys }: KeyOptions,
  now: number,
): Promise<readonly StoredKey[]> {
  const given = [
    ...(publicKey === undefined ? [] : [toStoredKey(publicKey, "public", ENVIRONMENT, now)]),
    ...(secretKey === undefined ? [] : [toStoredKey(secretKey, "secret", ENVIRONMENT, now)]),
  ];
  if (given.length > 0) return given;
  const kept = await storage.keys();
  if (kept.length > 0) return kept;
  const made = { publicKey: generateKey("public"), secretKey: generateKey("secret") };
  const stored = [
    toStoredKey(made.publicKey, "public", ENVIRONMENT, now),
    toStoredKey(made.secretKey, "secret", ENVIRONMENT, now),
  ];
  for (const key of stored) await storage.addKey(key);
  onNewKeys?.(made);
  return stored;
}
