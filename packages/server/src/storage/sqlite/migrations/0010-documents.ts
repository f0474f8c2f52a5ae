import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `CREATE TABLE documents (
     environment_id INTEGER NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,
     updated_at INTEGER NOT NULL, expires_at INTEGER, body TEXT NOT NULL,
     PRIMARY KEY (environment_id, collection, id)) STRICT`,
  `CREATE INDEX documents_by_expiry ON documents (environment_id, collection, expires_at) WHERE expires_at IS NOT NULL`,
  `CREATE TABLE audit (
     id INTEGER PRIMARY KEY AUTOINCREMENT, environment_id INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
     action TEXT NOT NULL, subject TEXT NOT NULL, "before" INTEGER, "after" INTEGER, note TEXT) STRICT`,
  `CREATE INDEX audit_by_environment ON audit (environment_id, id)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
