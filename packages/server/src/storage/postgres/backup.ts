import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { makePrivateFile } from "../private-file.ts";
import { connectTo } from "./connect.ts";
import { MIGRATIONS } from "./migrations.ts";

/**
 * Dumps the database with PostgreSQL's own `pg_dump`, as of one moment and while servers use it; needs a `pg_dump` at
 * least as new as the server in the `PATH`. Rejects with what it said, and where the target exists.
 */
export async function backupDatabase(url: string, target: string): Promise<void> {
  if (existsSync(target)) throw new Error(`There is a file already: ${target}`);
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  makePrivateFile(partial);
  try {
    await run("pg_dump", ["--format=custom", "--no-owner", "--file", partial], url);
    const file = openSync(partial, "r");
    fsyncSync(file);
    closeSync(file);
    // A file of that name is always whole.
    renameSync(partial, target);
  } finally {
    rmSync(partial, { force: true });
  }
}

/**
 * Restores such a dump into an empty database with `pg_restore`, as a whole or not at all. Rejects where there is a
 * database of ours already, and where a newer Cairn wrote the dump.
 */
export async function restoreDatabase(backup: string, url: string): Promise<void> {
  if (!existsSync(backup)) throw new Error(`There is no backup: ${backup}`);
  const { PGDATABASE = "" } = settingsOf(url);
  const sql = connectTo(url, 1);
  try {
    const [row] = await sql<
      { there: boolean }[]
    >`SELECT to_regclass('kysely_migration') IS NOT NULL AS there`;
    if (row?.there === true)
      throw new Error(`The database "${PGDATABASE}" is in use already. Restore into a new one (createdb).`);
  } finally {
    await sql.end({ timeout: 1 });
  }
  const said = await run("pg_restore", ["--data-only", "--table=kysely_migration", "--file=-", backup], url);
  const [, rows = ""] = /^COPY [^\n]*kysely_migration [^\n]*\n([\s\S]*?)^\\\.$/m.exec(said) ?? [];
  const names = rows.split("\n").flatMap((line) => line.split("\t")[0] || []);
  if (names.length === 0) throw new Error(`This is no backup of Cairn: ${backup}`);
  const newer = names.find((name) => !Object.hasOwn(MIGRATIONS, name));
  if (newer !== undefined)
    throw new Error(`${backup} was written by a newer Cairn (${newer}). Upgrade Cairn, then restore it.`);
  await run(
    "pg_restore",
    ["--no-owner", "--exit-on-error", "--single-transaction", "--dbname", PGDATABASE, backup],
    url,
  );
}

/** What it wrote to standard output; rejects with what it said where it failed. */
async function run(program: string, args: readonly string[], url: string): Promise<string> {
  const child = spawn(program, args, {
    env: { ...process.env, ...settingsOf(url) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [written, said] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    written += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = (await once(child, "close").catch((thrown: unknown) => {
    throw new Error(`${program} could not be started; it comes with PostgreSQL's client programs.`, {
      cause: thrown,
    });
  })) as [number | null];
  if (code !== 0) throw new Error(`${program} failed: ${said.trim()}`);
  return written;
}

/** The address as the variables of PostgreSQL's programs: arguments could be read by every user of the machine. */
function settingsOf(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const settings: Record<string, string> = {
    PGHOST: hostname.replace(/^\[|\]$/g, ""),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
  if (port !== "") settings.PGPORT = port;
  if (username !== "") settings.PGUSER = decodeURIComponent(username);
  if (password !== "") settings.PGPASSWORD = decodeURIComponent(password);
  const sslMode = searchParams.get("sslmode");
  if (sslMode !== null) settings.PGSSLMODE = sslMode;
  return settings;
}
