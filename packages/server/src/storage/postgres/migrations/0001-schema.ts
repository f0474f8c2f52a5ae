import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `CREATE TABLE environments (
     id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE, revision bigint NOT NULL)`,
  // Ids and names that come again and again stand in tables of their own.
  `CREATE TABLE people (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, environment_id integer NOT NULL, user_id text COLLATE "C" NOT NULL,
     anonymous_id text COLLATE "C" NOT NULL, account_id text COLLATE "C" NOT NULL,
     UNIQUE (environment_id, user_id, anonymous_id, account_id))`,
  `CREATE INDEX people_by_anonymous_id ON people (environment_id, anonymous_id)`,
  `CREATE INDEX people_by_account ON people (environment_id, account_id)`,
  `CREATE TABLE kinds (
     id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, environment_id integer NOT NULL, name text COLLATE "C" NOT NULL,
     type text NOT NULL, active boolean NOT NULL, verified boolean NOT NULL,
     UNIQUE (environment_id, name, type, active, verified))`,
  // Apart from kinds, and with room in each page: every commit writes these rows anew.
  `CREATE TABLE kind_counts (
     kind_id integer PRIMARY KEY, count bigint NOT NULL, last_at bigint NOT NULL) WITH (fillfactor = 50)`,
  // A unique index on a partitioned table would need the time in it, and a message sent twice may come with another one.
  `CREATE TABLE message_ids (
     environment_id integer NOT NULL, message_id text COLLATE "C" NOT NULL, received_at bigint NOT NULL,
     PRIMARY KEY (environment_id, message_id))`,
  `CREATE TABLE events (
     environment_id integer NOT NULL, kind_id integer NOT NULL, person_id bigint NOT NULL, at bigint NOT NULL,
     received_at bigint NOT NULL, message_id text COLLATE "C" NOT NULL, body text NOT NULL) PARTITION BY RANGE (at)`,
  `CREATE INDEX events_by_time ON events (environment_id, at)`,
  `CREATE INDEX events_by_kind ON events (kind_id, at) INCLUDE (person_id)`,
  // What lies in no month of its own: long ago, or far ahead.
  `CREATE TABLE events_rest PARTITION OF events DEFAULT`,
  // Of each person and quarter of an hour the first and last message, and the first and last that shows activity.
  `CREATE TABLE presence (
     person_id bigint NOT NULL, quarter bigint NOT NULL, first_at bigint NOT NULL, last_at bigint NOT NULL,
     first_active bigint, last_active bigint, PRIMARY KEY (person_id, quarter)) WITH (fillfactor = 80)`,
  // What reports ask of the events that Cairn itself records.
  `CREATE TABLE report_marks (
     environment_id integer NOT NULL, list text NOT NULL, subject text COLLATE "C" NOT NULL, person_id bigint NOT NULL,
     at bigint NOT NULL, code smallint NOT NULL, seq double precision NOT NULL, run double precision NOT NULL,
     times integer NOT NULL, word text NOT NULL)`,
  `CREATE INDEX report_marks_by_subject ON report_marks (environment_id, list, subject)`,
  `CREATE INDEX report_marks_by_person ON report_marks (person_id)`,
  `CREATE TABLE catalog (
     environment_id integer NOT NULL, list text NOT NULL, name text COLLATE "C" NOT NULL, count bigint NOT NULL,
     last_at bigint NOT NULL, example text, example_at bigint NOT NULL, example_id text COLLATE "C" NOT NULL,
     PRIMARY KEY (environment_id, list, name)) WITH (fillfactor = 50)`,
  `CREATE TABLE definitions (
     environment_id integer NOT NULL, kind text NOT NULL, id text COLLATE "C" NOT NULL, revision bigint NOT NULL,
     updated_at bigint NOT NULL, archived_at bigint, body text NOT NULL, PRIMARY KEY (environment_id, kind, id))`,
  `CREATE TABLE flow_versions (
     environment_id integer NOT NULL, flow text COLLATE "C" NOT NULL, version integer NOT NULL, published_at bigint NOT NULL,
     note text, author text, body text NOT NULL, PRIMARY KEY (environment_id, flow, version))`,
  `CREATE TABLE live_flows (
     environment_id integer NOT NULL, flow text COLLATE "C" NOT NULL, version integer NOT NULL,
     PRIMARY KEY (environment_id, flow))`,
  `CREATE TABLE api_keys (
     hash text PRIMARY KEY, kind text NOT NULL, environment text NOT NULL, created_at bigint NOT NULL)`,
  `CREATE TABLE probe (id integer PRIMARY KEY, at bigint NOT NULL)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
