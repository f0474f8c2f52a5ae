import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  // Numbers of people stand in the log, so that none may be given twice: not even after the last one was erased.
  `CREATE TABLE people_kept (
     id INTEGER PRIMARY KEY AUTOINCREMENT, environment_id INTEGER NOT NULL, user_id TEXT NOT NULL,
     anonymous_id TEXT NOT NULL, account_id TEXT NOT NULL,
     UNIQUE (environment_id, user_id, anonymous_id, account_id)) STRICT`,
  `INSERT INTO people_kept SELECT * FROM people ORDER BY id`,
  `DROP TABLE people`,
  `ALTER TABLE people_kept RENAME TO people`,
  `CREATE TABLE report_log (
     id INTEGER PRIMARY KEY, list INTEGER NOT NULL, key INTEGER NOT NULL, data BLOB NOT NULL) STRICT`,
  `CREATE INDEX report_log_by_key ON report_log (list, key)`,
  `CREATE TABLE report_subjects (
     id INTEGER PRIMARY KEY, list INTEGER NOT NULL, environment_id INTEGER NOT NULL, name TEXT NOT NULL,
     UNIQUE (list, environment_id, name)) STRICT`,
  `CREATE TABLE report_words (
     id INTEGER PRIMARY KEY, environment_id INTEGER NOT NULL, text TEXT NOT NULL,
     UNIQUE (environment_id, text)) STRICT`,
  // Grows whenever something in the log is taken away, which those who remember it have to know.
  `CREATE TABLE report_epoch (id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL) STRICT`,
  `INSERT INTO report_epoch VALUES (1, 0)`,
  `DROP TABLE activity`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
