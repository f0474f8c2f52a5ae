import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname } from "node:path";
import { makePrivateFile } from "../private-file.ts";
import { openDatabase, type SqliteDatabase } from "./driver.ts";
import { MIGRATIONS } from "./migrations.ts";

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
  makePrivateFile(partial);
  try {
    database.prepare("VACUUM INTO ?").run(partial);
  } finally {
    database.close();
  }
  finish(partial, target);
}

/**
 * Makes a database file out of a backup. Throws where the backup is damaged, no database of ours or a newer Cairn's,
 * and where there is a database already: who wants the old one gone moves it away, with the server stopped.
 */
export function restoreDatabase(backup: string, target: string): void {
  if (existsSync(target))
    throw new Error(
      isInUse(target)
        ? `A server is using ${target}. Stop it and move the file away, or restore into another folder.`
        : `There is a database already: ${target}. Move it away, or restore into another folder.`,
    );
  const ours = openOurs(backup);
  try {
    requireKnown(ours, backup);
  } finally {
    ours.close();
  }
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  makePrivateFile(partial);
  copyFileSync(backup, partial);
  // The write-ahead log of a database that was here before would be read into this one.
  for (const rest of ["-wal", "-shm"]) rmSync(`${target}${rest}`, { force: true });
  finish(partial, target);
}

function requireFree(target: string): void {
  if (existsSync(target)) throw new Error(`There is a file already: ${target}`);
}

/** Whoever has a database in WAL mode open holds a lock that this one would need. */
function isInUse(path: string): boolean {
  let database: SqliteDatabase | undefined;
  try {
    database = openDatabase(path);
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK");
    return false;
  } catch (thrown) {
    return /locked|busy/i.test((thrown as Error).message);
  } finally {
    database?.close();
  }
}

function requireKnown(database: SqliteDatabase, path: string): void {
  const rows = database.prepare("SELECT name FROM kysely_migration ORDER BY name").all();
  const newer = (rows as { name: string }[]).find(({ name }) => !Object.hasOwn(MIGRATIONS, name));
  if (newer !== undefined)
    throw new Error(`${path} was written by a newer Cairn (${newer.name}). Upgrade Cairn, then restore it.`);
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
