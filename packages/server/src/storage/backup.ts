import { join } from "node:path";
import type { StoreOptions } from "./open-storage.ts";
import * as postgres from "./postgres/backup.ts";
import * as sqlite from "./sqlite/backup.ts";

/**
 * Copies all that a server keeps into one file, while it runs: SQLite itself for SQLite, `pg_dump` for PostgreSQL. The
 * file is readable by whoever runs this, and holds everything: treat it like the database.
 */
export async function backupStore(
  { dataDir, databaseUrl = "" }: StoreOptions,
  target: string,
): Promise<void> {
  if (databaseUrl === "") sqlite.backupDatabase(join(dataDir, "cairn.db"), target);
  else await postgres.backupDatabase(databaseUrl, target);
}

/**
 * Makes a new store out of such a file; into a data folder without a database (made where it is missing), or an empty
 * PostgreSQL database. Rejects where there is one already, or a newer Cairn wrote the backup.
 */
export async function restoreStore(
  backup: string,
  { dataDir, databaseUrl = "" }: StoreOptions,
): Promise<void> {
  if (databaseUrl === "") sqlite.restoreDatabase(backup, join(dataDir, "cairn.db"));
  else await postgres.restoreDatabase(backup, databaseUrl);
}
