import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`ALTER TABLE flow_versions ADD COLUMN author TEXT`).execute(db);
  await sql.raw(`ALTER TABLE definitions ADD COLUMN archived_at INTEGER`).execute(db);
}
