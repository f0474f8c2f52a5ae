import type { EnvironmentId } from "./environment-id.ts";

/** A key as it is kept: only its hash. */
export interface StoredKey {
  /** SHA-256 of the key, hex. */
  readonly hash: string;
  readonly kind: "public" | "secret";
  readonly environment: EnvironmentId;
  readonly createdAt: number;
}

export interface KeyStore {
  keys(): Promise<readonly StoredKey[]>;
  addKey(key: StoredKey): Promise<void>;
}
