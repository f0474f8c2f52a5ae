import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Dumps the database with PostgreSQL's own `pg_dump`, as of one moment and while servers use it; needs a `pg_dump` at
 * least as new as the server in the `PATH`. Rejects with what it said.
 */
export async function backupDatabase(url: string, target: string): Promise<void> {
  await run("pg_dump", ["--format=custom", "--no-owner", "--file", target], url);
}

/** Restores such a dump into an empty database with `pg_restore`, as a whole or not at all. */
export async function restoreDatabase(backup: string, url: string): Promise<void> {
  const { PGDATABASE = "" } = settingsOf(url);
  await run(
    "pg_restore",
    ["--no-owner", "--exit-on-error", "--single-transaction", "--dbname", PGDATABASE, backup],
    url,
  );
}

async function run(program: string, args: readonly string[], url: string): Promise<void> {
  const child = spawn(program, args, {
    env: { ...process.env, ...settingsOf(url) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = (await once(child, "close").catch((thrown: unknown) => {
    throw new Error(`${program} could not be started; it comes with PostgreSQL's client programs.`, {
      cause: thrown,
    });
  })) as [number | null];
  if (code !== 0) throw new Error(`${program} failed: ${said.trim()}`);
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
