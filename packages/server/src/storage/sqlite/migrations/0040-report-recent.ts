import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  // What commits added to the report log since it was last put into rows of one list each: a row a commit.
  await sql.raw(`CREATE TABLE report_recent (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT`).execute(db);
}
