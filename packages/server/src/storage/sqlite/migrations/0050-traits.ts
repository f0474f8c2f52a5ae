import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  // What `identify` and `group` said, under the number of the event: reports read all of it when they begin.
  `CREATE TABLE traits (
     event_id INTEGER PRIMARY KEY, kind_id INTEGER NOT NULL, person_id INTEGER NOT NULL, at INTEGER NOT NULL,
     message_id TEXT NOT NULL, traits TEXT NOT NULL) STRICT`,
  `INSERT INTO traits SELECT e.id, kind_id, person_id, at, message_id, body -> '$.traits'
     FROM kinds CROSS JOIN events e INDEXED BY events_by_kind ON e.kind_id = kinds.id
     WHERE type IN ('identify', 'group') AND body -> '$.traits' IS NOT NULL ORDER BY e.id`,
  // One index less to write to: this one tells kind and person too, without a look at the event.
  `DROP INDEX events_by_kind`,
  `DROP INDEX events_by_time`,
  `CREATE INDEX events_by_time ON events (environment_id, at, kind_id, person_id)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
