import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  // Numbers of people who were erased, until none of their messages is left.
  `CREATE TABLE erased (person_id bigint PRIMARY KEY, environment_id integer NOT NULL)`,
  // Grows whenever people are taken away: every server forgets the numbers that it remembers.
  `CREATE TABLE people_epoch (id integer PRIMARY KEY, epoch bigint NOT NULL)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
