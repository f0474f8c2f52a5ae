import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `CREATE TABLE environments (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL) STRICT`,
  // Ids and names that come again and again stand in tables of their own: an event is then five values.
  `CREATE TABLE people (
     id INTEGER PRIMARY KEY, environment_id INTEGER NOT NULL, user_id TEXT NOT NULL, anonymous_id TEXT NOT NULL,
     account_id TEXT NOT NULL, UNIQUE (environment_id, user_id, anonymous_id, account_id)) STRICT`,
  `CREATE TABLE kinds (
     id INTEGER PRIMARY KEY, environment_id INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
     active INTEGER NOT NULL, verified INTEGER NOT NULL, count INTEGER NOT NULL, last_at INTEGER NOT NULL,
     UNIQUE (environment_id, name, type, active, verified)) STRICT`,
  `CREATE TABLE events (
     id INTEGER PRIMARY KEY, environment_id INTEGER NOT NULL, message_id TEXT NOT NULL, kind_id INTEGER NOT NULL,
     person_id INTEGER NOT NULL, at INTEGER NOT NULL, received_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT`,
  `CREATE UNIQUE INDEX events_once ON events (environment_id, message_id)`,
  `CREATE INDEX events_by_time ON events (environment_id, at)`,
  `CREATE INDEX events_by_kind ON events (kind_id, at)`,
  `CREATE TABLE activity (
     person_id INTEGER NOT NULL, week INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
     active INTEGER NOT NULL, PRIMARY KEY (person_id, week)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE catalog (
     environment_id INTEGER NOT NULL, list TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,
     last_at INTEGER NOT NULL, example TEXT, example_at INTEGER NOT NULL, example_id TEXT NOT NULL,
     PRIMARY KEY (environment_id, list, name)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE definitions (
     environment_id INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,
     updated_at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (environment_id, kind, id)) STRICT`,
  `CREATE TABLE flow_versions (
     environment_id INTEGER NOT NULL, flow TEXT NOT NULL, version INTEGER NOT NULL, published_at INTEGER NOT NULL,
     note TEXT, body TEXT NOT NULL, PRIMARY KEY (environment_id, flow, version)) STRICT`,
  `CREATE TABLE live_flows (
     environment_id INTEGER NOT NULL, flow TEXT NOT NULL, version INTEGER NOT NULL,
     PRIMARY KEY (environment_id, flow)) STRICT`,
  `CREATE TABLE api_keys (
     hash TEXT PRIMARY KEY, kind TEXT NOT NULL, environment TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT`,
  `CREATE TABLE probe (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
