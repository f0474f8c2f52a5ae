import { DatabaseSync } from "@photostructure/sqlite";

export type SqliteValue = null | number | bigint | string | Uint8Array;
export type SqliteRow = { readonly [column: string]: unknown };

export interface SqliteStatement {
  run(...values: SqliteValue[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
}

/** What we use of SQLite: the part that Node's own module and its stand-in have in common. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string) => SqliteDatabase;
}

/** Opens a database with `node:sqlite` where this Node has it, else with the same API from npm. */
export function openDatabase(path: string): SqliteDatabase {
  const { getBuiltinModule } = process as { getBuiltinModule?: (name: string) => unknown };
  const builtin = getBuiltinModule?.("node:sqlite") as SqliteModule | undefined;
  return builtin === undefined ? new DatabaseSync(path) : new builtin.DatabaseSync(path);
}

/** Everything in it is committed together, or nothing is. */
export function transaction<T>(database: SqliteDatabase, body: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = body();
    database.exec("COMMIT");
    return result;
  } catch (thrown) {
    // A full disk may already have rolled back; then this second time fails, and says nothing new.
    try {
      database.exec("ROLLBACK");
    } catch {}
    throw thrown;
  }
}
