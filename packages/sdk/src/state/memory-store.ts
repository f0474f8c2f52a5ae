import type { Store } from "../ports.ts";

/** A store for this page only: where nothing may be kept, and in tests. Values are held by reference. */
export function createMemoryStore(values: Map<string, unknown> = new Map()): Store {
  const keysWith = (prefix: string) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort();
  const put = (key: string, value: unknown) => {
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  };
  return {
    kind: "memory",
    async get(key) {
      return values.get(key);
    },
    async update(key, fn, also = []) {
      put(key, fn(values.get(key)));
      for (const [one, value] of also) put(one, value);
    },
    async put(entries) {
      for (const [key, value] of entries) put(key, value);
    },
    async list(prefix, limit) {
      return keysWith(prefix)
        .slice(0, limit)
        .map((key) => values.get(key));
    },
    async clear(prefix) {
      for (const key of keysWith(prefix)) values.delete(key);
    },
  };
}
