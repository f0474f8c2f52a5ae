import { setImmediate as turn } from "node:timers/promises";
import type { EventFilter, EventRecord } from "../event-store.ts";
import type { SqliteDatabase, SqliteValue } from "./driver.ts";
import type { Kind } from "./packed-batch.ts";
import { readPresence, stretchesOf } from "./presence.ts";
import { asJsonRows, readRows } from "./read-rows.ts";

/** Rows per statement: none stays open while somebody else's turn comes. */
const CHUNK = 1000;

/** Events looked at before other requests have their turn, where only some of them are asked for. */
const STRETCH = 20_000;
const MIN = Number.MIN_SAFE_INTEGER;
const MAX = Number.MAX_SAFE_INTEGER;

/** Events in order of (at, messageId), chunk by chunk. */
export async function* readEvents(
  database: SqliteDatabase,
  environmentId: number,
  filter: EventFilter,
): AsyncGenerator<readonly EventRecord[]> {
  const kinds = readKinds(database, environmentId);
  const { names } = filter;
  const asked = names && [...kinds.all()].filter(([, { name }]) => names.includes(name)).map(([id]) => id);
  const persons = readPersons(database, environmentId, filter);
  const page = database.prepare(
    asJsonRows(
      COLUMNS,
      `SELECT * FROM events INDEXED BY events_by_time CROSS JOIN people ON people.id = person_id
       WHERE events.environment_id = ? AND at < ? AND at >= ? AND (at > ? OR message_id > ?)
         ${asked === undefined ? "" : "AND kind_id IN (SELECT value FROM json_each(?))"}
         ${persons === undefined ? "" : "AND person_id IN (SELECT value FROM json_each(?))"}
       ORDER BY at, message_id LIMIT ${CHUNK}`,
    ),
  );
  const whose = [asked, persons].flatMap((ids) => (ids === undefined ? [] : [JSON.stringify(ids)]));
  const windows =
    persons !== undefined
      ? windowsOf(database, environmentId, persons, filter)
      : asked !== undefined
        ? slices(database, environmentId, filter)
        : [[filter.from ?? MIN, filter.to ?? MAX] as const];
  for await (const [from, before] of windows) {
    let at = from;
    let messageId = "";
    for (;;) {
      const rows = readRows<EventTuple>(page, environmentId, before, at, at, messageId, ...whose);
      const chunk = rows.map((row) => toRecord(row, kinds));
      const latest = chunk.at(-1);
      if (latest !== undefined) {
        yield chunk;
        ({ at, messageId } = latest);
      }
      if (chunk.length < CHUNK) break;
    }
  }
}

/** A stretch of time, its end exclusive. */
type Window = readonly [from: number, before: number];

/** Everybody with one of these ids or of this account, by number; `undefined`: all are asked for. */
function readPersons(
  database: SqliteDatabase,
  environmentId: number,
  { people, account }: EventFilter,
): readonly number[] | undefined {
  if (people === undefined && account === undefined) return undefined;
  const where = ["environment_id = ?"];
  const values: SqliteValue[] = [environmentId];
  if (people !== undefined) {
    const marks = people.map(() => "?").join(", ");
    where.push(`(user_id IN (${marks}) OR anonymous_id IN (${marks}))`);
    values.push(...people, ...people);
  }
  if (account !== undefined) {
    where.push("account_id = ?");
    values.push(account);
  }
  const rows = database.prepare(`SELECT id FROM people WHERE ${where.join(" AND ")}`).all(...values);
  return (rows as { readonly id: number }[]).map(({ id }) => id);
}

/** When these people were there; messages themselves have no index by person. */
async function* windowsOf(
  database: SqliteDatabase,
  environmentId: number,
  persons: readonly number[],
  { from = MIN, to = MAX }: EventFilter,
): AsyncGenerator<Window> {
  const { of } = await readPresence(database, environmentId, new Set(persons));
  for (const [first, last] of stretchesOf(of.values())) {
    const window = [Math.max(first, from), Math.min(last + 1, to)] as const;
    if (window[0] >= window[1]) continue;
    yield window;
    await turn();
  }
}

/** All the time asked for, in parts of {@link STRETCH} events. */
async function* slices(
  database: SqliteDatabase,
  environmentId: number,
  { from = MIN, to = MAX }: EventFilter,
): AsyncGenerator<Window> {
  const endOf = database.prepare(
    `SELECT at FROM events INDEXED BY events_by_time WHERE environment_id = ? AND at >= ?
     ORDER BY at LIMIT 1 OFFSET ${STRETCH}`,
  );
  for (let at = from; at < to; ) {
    const row = endOf.get(environmentId, at) as { readonly at: number } | undefined;
    const before = row === undefined ? to : Math.min(Math.max(row.at, at + 1), to);
    yield [at, before];
    at = before;
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
