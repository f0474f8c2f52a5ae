import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  // Whose anonymous id it is, is asked whenever somebody is erased.
  `CREATE INDEX people_by_anonymous_id ON people (environment_id, anonymous_id)`,
  // Numbers of people who were erased, until none of their messages is left.
  `CREATE TABLE erased (person_id INTEGER PRIMARY KEY, environment_id INTEGER NOT NULL) STRICT`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
