import { join } from "node:path";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";
import { openPostgresStorage } from "../src/storage/postgres/postgres-storage.ts";
import { openSqliteStorage } from "../src/storage/sqlite/sqlite-storage.ts";
import type { Storage } from "../src/storage/storage.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";

/** Opens an empty store; each name is one database of its own. */
export type OpenStore = (name: string) => Promise<Storage>;

/** Every kind of store, the one in memory first. */
export function reportStores(folder: string): readonly [OpenStore, OpenStore, OpenStore] {
  return [
    async () => createMemoryStorage(),
    (name) => openSqliteStorage(join(folder, `${name}.db`)),
    async () => {
      const { url, giveBack } = await leaseDatabase();
      const storage = await openPostgresStorage(url);
      return { ...storage, dispose: () => storage.dispose().then(giveBack) };
    },
  ];
}
