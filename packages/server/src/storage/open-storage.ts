import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openPostgresStorage } from "./postgres/postgres-storage.ts";
import { lockFolder } from "./sqlite/lock-folder.ts";
import { openSqliteStorage } from "./sqlite/sqlite-storage.ts";
import type { Storage } from "./storage.ts";
import type { StoreMeter } from "./store-meter.ts";

export interface StoreOptions {
  /** Folder of the SQLite database; made where it is missing, for its owner alone. */
  readonly dataDir: string;
  /** `postgres://…` or `postgresql://…`: PostgreSQL instead of SQLite. @default none */
  readonly databaseUrl?: string | undefined;
  /** Told what the store does. @default nobody is */
  readonly meter?: StoreMeter;
}

/** Opens the store that was asked for, at the present schema. The address is never part of an error: it holds a password. */
export async function openStorage({ dataDir, databaseUrl = "", meter }: StoreOptions): Promise<Storage> {
  if (databaseUrl !== "") {
    if (!/^postgres(?:ql)?:\/\//.test(databaseUrl))
      throw new TypeError(
        "DATABASE_URL must begin with postgres://; without it Cairn keeps its data in SQLite.",
      );
    return await openPostgresStorage(databaseUrl, { meter });
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(dataDir);
  try {
    const storage = await openSqliteStorage(join(dataDir, "cairn.db"), meter);
    return { ...storage, dispose: () => storage.dispose().finally(unlock) };
  } catch (thrown) {
    unlock();
    throw thrown;
  }
}
