import { openDatabase, type SqliteDatabase } from "./driver.ts";

/**
 * WAL with synchronous FULL: a commit is on the disk before it is answered. A checkpoint stops the writer, so they are
 * short and many: 1,000 pages take some 15 ms. What is deleted is overwritten where its page is written anyway. With one writer nobody waits for a lock but another process.
 */
const PRAGMAS = `
  PRAGMA page_size = 8192;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA cache_size = -65536;
  PRAGMA temp_store = MEMORY;
  PRAGMA secure_delete = FAST;
  PRAGMA busy_timeout = 5000;`;

/** A connection with the settings that both the writer and the readers need. */
export function openConnection(path: string): SqliteDatabase {
  const database = openDatabase(path);
  try {
    database.exec(PRAGMAS);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  return database;
}
