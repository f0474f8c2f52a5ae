import type { EventFilter, EventRecord } from "../event-store.ts";
import { mergeEvents } from "../merge-events.ts";
import type { SqliteDatabase, SqliteValue } from "./driver.ts";
import type { Kind } from "./packed-batch.ts";
import { asJsonRows, readRows } from "./read-rows.ts";

/** Rows per statement: none stays open while somebody else's turn comes. */
const CHUNK = 1000;

/** Events in order of (at, messageId), chunk by chunk. */
export async function* readEvents(
  database: SqliteDatabase,
  environmentId: number,
  filter: EventFilter,
): AsyncGenerator<readonly EventRecord[]> {
  const kinds = readKinds(database, environmentId);
  const { names } = filter;
  if (names === undefined) {
    yield* readOne(database, { by: "environment_id", id: environmentId }, filter, kinds);
    return;
  }
  const asked = [...kinds.all()].filter(([, { name }]) => names.includes(name)).map(([id]) => id);
  // Each kind has an index that is in order already; one query over several would sort the rest for every chunk.
  const sources = asked.map((id) => readOne(database, { by: "kind_id", id }, filter, kinds));
  yield* mergeEvents(sources);
}

/** Messages of some people in a stretch of time, both ends inclusive, in order of (at, messageId). */
export function readStretch(
  database: SqliteDatabase,
  environmentId: number,
  persons: readonly number[],
  [from, to]: readonly [from: number, to: number],
): readonly EventRecord[] {
  const sql = asJsonRows(
    COLUMNS,
    `SELECT * FROM events INDEXED BY events_by_time CROSS JOIN people ON people.id = person_id
     WHERE events.environment_id = ? AND at >= ? AND at <= ? AND person_id IN (SELECT value FROM json_each(?))
     ORDER BY at, message_id`,
  );
  const kinds = readKinds(database, environmentId);
  const rows = readRows<EventTuple>(database.prepare(sql), environmentId, from, to, JSON.stringify(persons));
  return rows.map((row) => toRecord(row, kinds));
}

interface Kinds {
  all(): ReadonlyMap<number, Kind>;
  of(id: number): Kind;
}

function readKinds(database: SqliteDatabase, environmentId: number): Kinds {
  const statement = database.prepare(
    asJsonRows(["id", "name", "type", "active", "verified"], "SELECT * FROM kinds WHERE environment_id = ?"),
  );
  const read = () =>
    new Map(
      readRows<KindTuple>(statement, environmentId).map(([id, name, type, active, verified]) => [
        id,
        { name, type, active: active === 1, verified: verified === 1 },
      ]),
    );
  let kinds = read();
  return {
    all: () => kinds,
    of(id) {
      // One that was first seen while we are reading.
      if (!kinds.has(id)) kinds = read();
      const kind = kinds.get(id);
      if (kind === undefined) throw new Error(`the database has an event of no kind (${id})`);
      return kind;
    },
  };
}

async function* readOne(
  database: SqliteDatabase,
  index: Index,
  filter: EventFilter,
  kinds: Kinds,
): AsyncGenerator<readonly EventRecord[]> {
  const { sql, values } = toQuery(index, filter);
  const statement = database.prepare(sql);
  let at = filter.from ?? Number.MIN_SAFE_INTEGER;
  let messageId = "";
  for (;;) {
    const rows = readRows<EventTuple>(statement, ...values, at, at, messageId, CHUNK);
    const chunk = rows.map((row) => toRecord(row, kinds));
    const end = chunk.at(-1);
    if (end === undefined) return;
    yield chunk;
    if (chunk.length < CHUNK) return;
    ({ at, messageId } = end);
  }
}

const COLUMNS = [
  "message_id",
  "kind_id",
  "at",
  "received_at",
  "user_id",
  "anonymous_id",
  "account_id",
  "body",
];
type EventTuple = readonly [
  messageId: string,
  kindId: number,
  at: number,
  receivedAt: number,
  userId: string,
  anonymousId: string,
  accountId: string,
  body: string,
];
type KindTuple = readonly [
  id: number,
  name: string,
  type: EventRecord["type"],
  active: number,
  verified: number,
];

function toRecord(row: EventTuple, kinds: Kinds): EventRecord {
  const [messageId, kindId, at, receivedAt, userId, anonymousId, accountId, body] = row;
  const { name, type, active, verified } = kinds.of(kindId);
  return {
    messageId,
    type,
    name,
    at,
    receivedAt,
    verified,
    userId: userId || null,
    anonymousId: anonymousId || null,
    accountId: accountId || null,
    active,
    body,
  };
}

/** Which index leads, and the value it is asked for. */
interface Index {
  readonly by: "environment_id" | "kind_id";
  readonly id: number;
}

/** The page after a given (at, messageId): no statement stays open between two chunks. */
function toQuery({ by, id }: Index, { people, account, to }: EventFilter) {
  const where = [`events.${by} = ?`];
  const values: SqliteValue[] = [id];
  if (people !== undefined) {
    const marks = people.map(() => "?").join(", ");
    where.push(`(user_id IN (${marks}) OR anonymous_id IN (${marks}))`);
    values.push(...people, ...people);
  }
  if (account !== undefined) {
    where.push("account_id = ?");
    values.push(account);
  }
  if (to !== undefined) {
    where.push("at < ?");
    values.push(to);
  }
  const sql = asJsonRows(
    COLUMNS,
    `SELECT * FROM events CROSS JOIN people ON people.id = person_id
     WHERE ${where.join(" AND ")} AND at >= ? AND (at > ? OR message_id > ?)
     ORDER BY at, message_id LIMIT ?`,
  );
  return { sql, values };
}
