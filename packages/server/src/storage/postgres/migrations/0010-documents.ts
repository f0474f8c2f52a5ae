import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `CREATE TABLE documents (
     environment_id integer NOT NULL, collection text NOT NULL, id text COLLATE "C" NOT NULL, revision bigint NOT NULL,
     updated_at bigint NOT NULL, expires_at bigint, body text NOT NULL,
     PRIMARY KEY (environment_id, collection, id))`,
  `CREATE INDEX documents_by_expiry ON documents (environment_id, collection, expires_at) WHERE expires_at IS NOT NULL`,
  `CREATE TABLE audit (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, environment_id integer NOT NULL, at bigint NOT NULL,
     actor text NOT NULL, action text NOT NULL, subject text COLLATE "C" NOT NULL, "before" bigint, "after" bigint, note text)`,
  `CREATE INDEX audit_by_environment ON audit (environment_id, id)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
