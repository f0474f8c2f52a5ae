import { type Kysely, type Migration, Migrator } from "kysely";
import * as schema from "./migrations/0001-schema.ts";
import * as documents from "./migrations/0010-documents.ts";
import * as authors from "./migrations/0011-authors.ts";
import * as reportLog from "./migrations/0020-report-log.ts";
import * as upkeep from "./migrations/0030-upkeep.ts";
import * as reportRecent from "./migrations/0040-report-recent.ts";
import * as traits from "./migrations/0050-traits.ts";
import type { Tables } from "./tables.ts";

/** Forward only: a migration is never changed after a release, and there is no way down. By name, in order. */
export const MIGRATIONS: { readonly [name: string]: Migration } = {
  "0001-schema": schema,
  "0010-documents": documents,
  "0011-authors": authors,
  "0020-report-log": reportLog,
  "0030-upkeep": upkeep,
  "0040-report-recent": reportRecent,
  "0050-traits": traits,
};

/** Brings the schema up to date in one transaction; refuses a database that a newer Cairn has written. */
export async function migrate(
  db: Kysely<Tables>,
  migrations: { readonly [name: string]: Migration } = MIGRATIONS,
): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const words = error instanceof Error ? error.message : String(error);
  if (words.startsWith("corrupted migrations"))
    throw new Error(
      `This database was written by a newer Cairn, or by another program (${words}). Upgrade Cairn, or use another data directory.`,
    );
  throw error;
}
