import type { EventFilter, EventRecord } from "../event-store.ts";
import { mergeEvents } from "../merge-events.ts";
import type { Sql } from "./connect.ts";

/** Rows per statement: no connection is kept while the reader is slow. */
const CHUNK = 1000;

interface EventRow {
  readonly message_id: string;
  readonly type: EventRecord["type"];
  readonly name: string;
  readonly at: number;
  readonly received_at: number;
  readonly verified: boolean;
  readonly active: boolean;
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly account_id: string;
  readonly body: string;
}

/** Events in order of (at, messageId), chunk by chunk. */
export async function* readEvents(
  sql: Sql,
  environmentId: number,
  filter: EventFilter,
): AsyncGenerator<readonly EventRecord[]> {
  const { names } = filter;
  if (names === undefined) {
    yield* readOne(sql, environmentId, undefined, filter);
    return;
  }
  const kinds = await sql<{ id: number }[]>`
    SELECT id FROM kinds WHERE environment_id = ${environmentId} AND name = ANY(${[...names]}::text[])`;
  // Each kind has an index that is in order already; one query over several would sort the rest for every chunk.
  yield* mergeEvents(kinds.map(({ id }) => readOne(sql, environmentId, id, filter)));
}

async function* readOne(
  sql: Sql,
  environmentId: number,
  kindId: number | undefined,
  { people, account, from, to }: EventFilter,
): AsyncGenerator<readonly EventRecord[]> {
  let at = from ?? Number.MIN_SAFE_INTEGER;
  let messageId = "";
  for (;;) {
    const which =
      kindId === undefined ? sql`events.environment_id = ${environmentId}` : sql`events.kind_id = ${kindId}`;
    const whose =
      people === undefined
        ? sql``
        : sql`AND person_id IN (SELECT id FROM people WHERE environment_id = ${environmentId}
            AND (user_id = ANY(${[...people]}::text[]) OR anonymous_id = ANY(${[...people]}::text[])))`;
    const ofAccount =
      account === undefined
        ? sql``
        : sql`AND person_id IN (SELECT id FROM people
            WHERE environment_id = ${environmentId} AND account_id = ${account})`;
    const until = to === undefined ? sql`` : sql`AND at < ${to}`;
    const rows = await sql<EventRow[]>`
      SELECT page.*, user_id, anonymous_id, account_id, name, type, active, verified
      FROM (SELECT message_id, kind_id, person_id, at, received_at, body FROM events
            WHERE ${which} ${whose} ${ofAccount} ${until}
              AND at >= ${at} AND (at > ${at} OR message_id > ${messageId})
            ORDER BY at, message_id LIMIT ${CHUNK}) AS page
      JOIN people ON people.id = person_id JOIN kinds ON kinds.id = kind_id
      ORDER BY at, message_id`;
    const chunk = rows.map(toRecord);
    const end = chunk.at(-1);
    if (end === undefined) return;
    yield chunk;
    if (chunk.length < CHUNK) return;
    ({ at, messageId } = end);
  }
}

/** Messages of some people in a stretch of time, both ends inclusive, in order of (at, messageId). */
export async function readStretch(
  sql: Sql,
  environmentId: number,
  persons: readonly number[],
  from: number,
  to: number,
): Promise<readonly EventRecord[]> {
  const rows = await sql<EventRow[]>`
    SELECT message_id, at, received_at, body, user_id, anonymous_id, account_id, name, type, active, verified
    FROM events JOIN people ON people.id = person_id JOIN kinds ON kinds.id = kind_id
    WHERE events.environment_id = ${environmentId} AND at >= ${from} AND at <= ${to}
      AND person_id = ANY(${[...persons]}::bigint[]) ORDER BY at, message_id`;
  return rows.map(toRecord);
}

/** The tables write `""` for no id; no real id is empty. */
function toRecord(row: EventRow): EventRecord {
  return {
    messageId: row.message_id,
    type: row.type,
    name: row.name,
    at: row.at,
    receivedAt: row.received_at,
    verified: row.verified,
    userId: row.user_id || null,
    anonymousId: row.anonymous_id || null,
    accountId: row.account_id || null,
    active: row.active,
    body: row.body,
  };
}
