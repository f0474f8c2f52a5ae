import { type Kysely, type Migration, Migrator } from "kysely";
import { createKysely } from "./kysely-dialect.ts";
import type { LaneSql, Lanes } from "./lanes.ts";
import * as schema from "./migrations/0001-schema.ts";
import * as documents from "./migrations/0010-documents.ts";
import * as upkeep from "./migrations/0030-upkeep.ts";

/** Forward only: a migration is never changed after a release, and there is no way down. By name, in order. */
export const MIGRATIONS: { readonly [name: string]: Migration } = {
  "0001-schema": schema,
  "0010-documents": documents,
  "0030-upkeep": upkeep,
};

/** Names the lock that servers starting at the same time wait for: any number, but the same in every release. */
const LOCK = 7_226_420_001;

/**
 * Brings the schema up to date in one transaction, one server after the other; refuses a database that a newer Cairn
 * has written.
 */
export async function migrate(
  lanes: Lanes,
  migrations: { readonly [name: string]: Migration } = MIGRATIONS,
): Promise<void> {
  const { sql: lock, giveBack } = await lanes.take();
  try {
    if (await isUpToDate(lock, migrations)) return;
    await lock`SELECT pg_advisory_lock(${LOCK}::bigint)`;
    const migrator = new Migrator({
      db: createKysely(lanes) as Kysely<unknown>,
      provider: { getMigrations: async () => ({ ...migrations }) },
    });
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) return;
    const words = error instanceof Error ? error.message : String(error);
    if (words.startsWith("corrupted migrations"))
      throw new Error(
        `This database was written by a newer Cairn, or by another program (${words}). Upgrade Cairn, or use another database.`,
      );
    throw error;
  } finally {
    // All locks of this connection, if it has taken one.
    await (async () => lock`SELECT pg_advisory_unlock_all()`)().catch(() => {});
    giveBack();
  }
}

/** One question for the usual case, so that a start costs little. */
async function isUpToDate(
  sql: LaneSql,
  migrations: { readonly [name: string]: Migration },
): Promise<boolean> {
  const [there] = await sql`SELECT to_regclass('kysely_migration') IS NOT NULL AS is`;
  if (there?.is !== true) return false;
  const done = await sql<{ name: string }[]>`SELECT name FROM kysely_migration ORDER BY name COLLATE "C"`;
  return done.map(({ name }) => name).join() === Object.keys(migrations).sort().join();
}
