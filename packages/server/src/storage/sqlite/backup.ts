import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { openDatabase, type SqliteDatabase } from "./driver.ts";

/**
 * Copies a database that a server may be using, as of one commit: nobody waits for it, and what is written meanwhile
 * is not in it. The copy is on the disk and has been checked when this returns. It blocks: run it in a process or
 * thread of its own. Throws where the source is no database of ours or the target exists.
 */
export function backupDatabase(source: string, target: string): void {
  requireFree(target);
  const database = openOurs(source);
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  try {
    database.prepare("VACUUM INTO ?").run(partial);
  } finally {
    database.close();
  }
  finish(partial, target);
}

/**
 * Makes a database file out of a backup. Throws where the backup is damaged or no database of ours, and where there
 * is a database already: who wants the old one gone moves it away, with the server stopped.
 */
export function restoreDatabase(backup: string, target: string): void {
  requireFree(target);
  openOurs(backup).close();
  const partial = `${target}.partial`;
  copyFileSync(backup, partial);
  // The write-ahead log of a database that was here before would be read into this one.
  for (const rest of ["-wal", "-shm"]) rmSync(`${target}${rest}`, { force: true });
  finish(partial, target);
}

function requireFree(target: string): void {
  if (existsSync(target)) throw new Error(`There is a file already: ${target}`);
}

function openOurs(path: string): SqliteDatabase {
  if (!existsSync(path)) throw new Error(`There is no database: ${path}`);
  const database = openDatabase(path);
  try {
    const found = database
      .prepare("SELECT count(*) AS count FROM sqlite_master WHERE name IN ('kysely_migration', 'events')")
      .get() as { readonly count: number };
    if (found.count === 2) return database;
  } catch (thrown) {
    database.close();
    throw new Error(`This is not a database of Cairn: ${path}`, { cause: thrown });
  }
  database.close();
  throw new Error(`This is not a database of Cairn: ${path}`);
}

/** Checked and on the disk before it gets its name: a file of that name is always whole. */
function finish(partial: string, target: string): void {
  const copy = openDatabase(partial);
  const found = copy.prepare("PRAGMA integrity_check").all() as { readonly integrity_check: string }[];
  copy.close();
  if (found[0]?.integrity_check !== "ok") {
    rmSync(partial, { force: true });
    throw new Error(`The copy is damaged: ${found[0]?.integrity_check}`);
  }
  sync(partial);
  renameSync(partial, target);
  sync(dirname(target));
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
