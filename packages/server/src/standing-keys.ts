import { createKey, keptKeys } from "./access/kept-keys.ts";
import { ENVIRONMENTS } from "./access/scopes.ts";
import { type KeyRecord, toStoredKey } from "./keys.ts";
import type { Storage } from "./storage/storage.ts";

/** The environment of a server's own pair of keys. */
const ENVIRONMENT = "production";

interface KeyOptions {
  readonly publicKey?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly onNewKeys?: (keys: { readonly publicKey: string; readonly secretKey: string }) => void;
}

/**
 * The keys that the operator gives this server, beside those in the store. Where there are none at all, a pair is
 * made, told once, and kept as hashes.
 */
export async function standingKeys(
  storage: Storage,
  { publicKey, secretKey, onNewKeys }: KeyOptions,
  now: number,
): Promise<readonly KeyRecord[]> {
  const name = "operator";
  const given = [
    ...(publicKey === undefined ? [] : [toStoredKey(publicKey, "public", ENVIRONMENT, now, { name })]),
    ...(secretKey === undefined ? [] : [toStoredKey(secretKey, "secret", ENVIRONMENT, now, { name })]),
  ];
  if (given.length > 0) return given;
  for (const environment of ENVIRONMENTS) if ((await keptKeys(storage, environment)).length > 0) return [];
  const make = async (kind: "public" | "secret") => {
    const entry = (subject: string) => ({
      actor: "first start",
      action: "create",
      subject,
      before: null,
      after: null,
      note: null,
    });
    return (
      await createKey({ storage, now: () => now }, { kind, environment: ENVIRONMENT, name: "first" }, entry)
    ).key;
  };
  onNewKeys?.({ publicKey: await make("public"), secretKey: await make("secret") });
  return [];
}
