import type { KeyStore, StoredKey } from "../key-store.ts";

export function createMemoryKeys(): KeyStore {
  const keys: StoredKey[] = [];
  return {
    async keys() {
      return [...keys];
    },
    async addKey(key) {
      keys.push(key);
    },
  };
}
