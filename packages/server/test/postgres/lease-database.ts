import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";

const quiet = { max: 1, onnotice: () => {} } as const;
const free: string[] = [];
const made: string[] = [];
let admin: postgres.Sql | undefined;

/**
 * The address of an empty database on the server of this run. Given back, it is emptied and used again: making one
 * takes longer than most tests.
 */
export async function leaseDatabase(): Promise<{ readonly url: string; giveBack(): void }> {
  const server = inject("postgresUrl");
  const url = (name: string) => Object.assign(new URL(server), { pathname: `/${name}` }).toString();
  let name = free.pop();
  if (name === undefined) {
    name = `cairn_test_${randomBytes(6).toString("hex")}`;
    admin ??= postgres(server, quiet);
    await admin.unsafe(`CREATE DATABASE ${name}`);
    made.push(name);
  } else await empty(url(name));
  const leased = name;
  return { url: url(leased), giveBack: () => free.push(leased) };
}

/** Drops what was made for the tests of a file. */
export async function dropDatabases(): Promise<void> {
  for (const name of made.splice(0)) await admin?.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
  free.splice(0);
  await admin?.end();
  admin = undefined;
}

/** Leaves the schema as it is. */
async function empty(url: string): Promise<void> {
  const sql = postgres(url, quiet);
  try {
    await sql.unsafe(`DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition AND relname NOT LIKE 'kysely%'
      LOOP EXECUTE format('DELETE FROM %I', name); END LOOP; END $$`);
  } finally {
    await sql.end();
  }
}
