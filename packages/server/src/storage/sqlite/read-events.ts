import { compareText } from "../compare-text.ts";
import type { EventFilter, EventRecord } from "../storage.ts";
import type { SqliteDatabase, SqliteValue } from "./driver.ts";
import { asJsonRows, readRows } from "./read-rows.ts";

/** Rows per statement: none stays open while somebody else's turn comes. */
const CHUNK = 1000;

/** Events in order of (at, messageId), chunk by chunk. */
export async function* readEvents(
  database: SqliteDatabase,
  environmentId: number,
  filter: EventFilter,
): AsyncGenerator<readonly EventRecord[]> {
  const { names } = filter;
  if (names === undefined || names.length < 2) yield* readOne(database, environmentId, filter);
  else {
    // Each name has an index that is in order already; one query over several would sort the rest for every chunk.
    const sources = [...new Set(names)].map((name) =>
      readOne(database, environmentId, { ...filter, names: [name] }),
    );
    yield* mergeInOrder(sources);
  }
}

async function* readOne(
  database: SqliteDatabase,
  environmentId: number,
  filter: EventFilter,
): AsyncGenerator<readonly EventRecord[]> {
  const { sql, values } = toQuery(environmentId, filter);
  const statement = database.prepare(sql);
  let at = filter.from ?? Number.MIN_SAFE_INTEGER;
  let messageId = "";
  for (;;) {
    const chunk = readRows<EventTuple>(statement, ...values, at, at, messageId, CHUNK).map(toRecord);
    const end = chunk.at(-1);
    if (end === undefined) return;
    yield chunk;
    if (chunk.length < CHUNK) return;
    ({ at, messageId } = end);
  }
}

interface Head {
  readonly source: AsyncGenerator<readonly EventRecord[]>;
  chunk: readonly EventRecord[];
  next: number;
}

async function* mergeInOrder(
  sources: readonly AsyncGenerator<readonly EventRecord[]>[],
): AsyncGenerator<readonly EventRecord[]> {
  const heads: Head[] = [];
  for (const source of sources) {
    const first = await source.next();
    if (first.done !== true) heads.push({ source, chunk: first.value, next: 0 });
  }
  let merged: EventRecord[] = [];
  while (heads.length > 0) {
    let best: { readonly head: Head; readonly record: EventRecord } | undefined;
    for (const head of heads) {
      const record = head.chunk[head.next];
      if (record !== undefined && (best === undefined || isBefore(record, best.record)))
        best = { head, record };
    }
    if (best === undefined) break;
    const { head, record } = best;
    merged.push(record);
    head.next += 1;
    if (head.next === head.chunk.length) {
      const more = await head.source.next();
      if (more.done === true) heads.splice(heads.indexOf(head), 1);
      else Object.assign(head, { chunk: more.value, next: 0 });
    }
    if (merged.length === CHUNK) {
      yield merged;
      merged = [];
    }
  }
  if (merged.length > 0) yield merged;
}

function isBefore(a: EventRecord, b: EventRecord): boolean {
  return a.at < b.at || (a.at === b.at && compareText(a.messageId, b.messageId) < 0);
}

const COLUMNS = [
  "message_id",
  "type",
  "name",
  "at",
  "received_at",
  "verified",
  "user_id",
  "anonymous_id",
  "account_id",
  "active",
  "body",
];
type EventTuple = readonly [
  messageId: string,
  type: EventRecord["type"],
  name: string,
  at: number,
  receivedAt: number,
  verified: number,
  userId: string | null,
  anonymousId: string | null,
  accountId: string | null,
  active: number,
  body: string,
];

function toRecord(row: EventTuple): EventRecord {
  const [messageId, type, name, at, receivedAt, verified, userId, anonymousId, accountId, active, body] = row;
  return {
    messageId,
    type,
    name,
    at,
    receivedAt,
    verified: verified === 1,
    userId,
    anonymousId,
    accountId,
    active: active === 1,
    body,
  };
}

/** The page after a given (at, messageId): no statement stays open between two chunks. */
function toQuery(environmentId: number, { names, people, account, to }: EventFilter) {
  const where = ["environment_id = ?"];
  const values: SqliteValue[] = [environmentId];
  const marks = (list: readonly string[]) => list.map(() => "?").join(", ");
  if (names !== undefined) {
    where.push(`name IN (${marks(names)})`);
    values.push(...names);
  }
  if (people !== undefined) {
    where.push(`(user_id IN (${marks(people)}) OR anonymous_id IN (${marks(people)}))`);
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
    `SELECT * FROM events WHERE ${where.join(" AND ")} AND at >= ? AND (at > ? OR message_id > ?)
     ORDER BY at, message_id LIMIT ?`,
  );
  return { sql, values };
}
