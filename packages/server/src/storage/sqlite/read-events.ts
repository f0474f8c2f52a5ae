import { setImmediate as turn } from "node:timers/promises";
import type { EventFilter, EventRecord } from "../event-store.ts";
import type { SqliteDatabase, SqliteValue } from "./driver.ts";
import type { Kind } from "./packed-batch.ts";
import { asJsonRows, readRows } from "./read-rows.ts";

/** Rows per statement: none stays open while somebody else's turn comes. */
const CHUNK = 1000;

/** Events looked at before other requests have their turn, where only some of them are asked for. */
const STRETCH = 20_000;

/** Events in order of (at, messageId), chunk by chunk. */
export async function* readEvents(
  database: SqliteDatabase,
  environmentId: number,
  filter: EventFilter,
): AsyncGenerator<readonly EventRecord[]> {
  const kinds = readKinds(database, environmentId);
  const { names, people, account, to } = filter;
  const asked = names && [...kinds.all()].filter(([, { name }]) => names.includes(name)).map(([id]) => id);
  if (asked?.length === 0) return;
  const all = asked === undefined && people === undefined && account === undefined;
  const { sql, values } = toQuery(filter, asked);
  const page = database.prepare(sql);
  const stretchEnd = database.prepare(
    `SELECT at FROM events INDEXED BY events_by_time WHERE environment_id = ? AND at >= ?
     ORDER BY at LIMIT 1 OFFSET ${STRETCH}`,
  );
  const endOf = (from: number): number | undefined => {
    const row = all
      ? undefined
      : (stretchEnd.get(environmentId, from) as { readonly at: number } | undefined);
    return row && Math.max(row.at, from + 1);
  };
  let at = filter.from ?? Number.MIN_SAFE_INTEGER;
  let messageId = "";
  for (;;) {
    const end = endOf(at);
    const last = end === undefined || (to !== undefined && end >= to);
    const before = last ? (to ?? Number.MAX_SAFE_INTEGER) : end;
    for (;;) {
      const rows = readRows<EventTuple>(page, environmentId, ...values, before, at, at, messageId, CHUNK);
      const chunk = rows.map((row) => toRecord(row, kinds));
      const latest = chunk.at(-1);
      if (latest !== undefined) {
        yield chunk;
        ({ at, messageId } = latest);
      }
      if (chunk.length < CHUNK) break;
    }
    if (last) return;
    at = before;
    messageId = "";
    await turn();
  }
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

/** The page after a given (at, messageId), before a moment: no statement stays open between two chunks. */
function toQuery({ people, account }: EventFilter, kinds: readonly number[] | undefined) {
  const where = ["events.environment_id = ?"];
  const values: SqliteValue[] = [];
  if (kinds !== undefined) {
    where.push(`kind_id IN (${kinds.map(() => "?").join(", ")})`);
    values.push(...kinds);
  }
  if (people !== undefined) {
    const marks = people.map(() => "?").join(", ");
    where.push(`(user_id IN (${marks}) OR anonymous_id IN (${marks}))`);
    values.push(...people, ...people);
  }
  if (account !== undefined) {
    where.push("account_id = ?");
    values.push(account);
  }
  const sql = asJsonRows(
    COLUMNS,
    `SELECT * FROM events INDEXED BY events_by_time CROSS JOIN people ON people.id = person_id
     WHERE ${where.join(" AND ")} AND at < ? AND at >= ? AND (at > ? OR message_id > ?)
     ORDER BY at, message_id LIMIT ?`,
  );
  return { sql, values };
}
