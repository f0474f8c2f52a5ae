import type { EventFilter, EventRecord } from "../event-store.ts";
import { mergeEvents } from "../merge-events.ts";
import type { Sql } from "./connect.ts";

/** Rows per statement: no connection is kept while the reader is slow. */
const CHUNK = 1000;
const MIN = Number.MIN_SAFE_INTEGER;
const MAX = Number.MAX_SAFE_INTEGER;

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
  const { names, people, account, from = MIN, to = MAX } = filter;
  const kinds =
    names &&
    (
      await sql<{ id: number }[]>`
        SELECT id FROM kinds WHERE environment_id = ${environmentId} AND name = ANY(${[...names]}::text[])`
    ).map(({ id }) => id);
  if (people !== undefined || account !== undefined) {
    const persons = await readPersons(sql, environmentId, filter);
    for (const window of await windowsOf(sql, persons, [from, to]))
      yield* readWindow(sql, { environmentId, persons, ...(kinds && { kinds }) }, window);
  } else if (kinds === undefined) yield* readWindow(sql, { environmentId }, [from, to]);
  // Each kind has an index that is in order already; one query over several would sort the rest for every chunk.
  else yield* mergeEvents(kinds.map((kind) => readWindow(sql, { kind }, [from, to])));
}

/** A stretch of time, its end exclusive. */
type Window = readonly [from: number, before: number];

/** Everybody with one of these ids or of this account, by number. */
async function readPersons(
  sql: Sql,
  environmentId: number,
  { people, account }: EventFilter,
): Promise<readonly number[]> {
  const ids = [...(people ?? [])];
  const named =
    people === undefined
      ? sql``
      : sql`AND (user_id = ANY(${ids}::text[]) OR anonymous_id = ANY(${ids}::text[]))`;
  const inAccount = account === undefined ? sql`` : sql`AND account_id = ${account}`;
  const rows = await sql<{ id: number }[]>`
    SELECT id FROM people WHERE environment_id = ${environmentId} ${named} ${inAccount}`;
  return rows.map(({ id }) => id);
}

/** When these people were there; messages themselves have no index by person. */
async function windowsOf(
  sql: Sql,
  persons: readonly number[],
  [from, before]: Window,
): Promise<readonly Window[]> {
  const quarters = await sql<{ first: number; last: number }[]>`
    SELECT min(first_at) AS first, max(last_at) AS last FROM presence
    WHERE person_id = ANY(${[...persons]}::bigint[]) GROUP BY quarter ORDER BY quarter`;
  return quarters
    .map(({ first, last }) => [Math.max(first, from), Math.min(last + 1, before)] as const)
    .filter(([start, end]) => start < end);
}

/** What is read in one go: a kind, or an environment, of which some kinds and persons. */
type Part =
  | { readonly kind: number }
  | {
      readonly environmentId: number;
      readonly kinds?: readonly number[];
      readonly persons?: readonly number[];
    };

async function* readWindow(
  sql: Sql,
  part: Part,
  [from, before]: Window,
): AsyncGenerator<readonly EventRecord[]> {
  let at = from;
  let messageId = "";
  for (;;) {
    const which =
      "kind" in part
        ? sql`events.kind_id = ${part.kind}`
        : sql`events.environment_id = ${part.environmentId}
            ${part.kinds === undefined ? sql`` : sql`AND kind_id = ANY(${[...part.kinds]}::integer[])`}
            ${part.persons === undefined ? sql`` : sql`AND person_id = ANY(${[...part.persons]}::bigint[])`}`;
    const rows = await sql<EventRow[]>`
      SELECT page.*, user_id, anonymous_id, account_id, name, type, active, verified
      FROM (SELECT message_id, kind_id, person_id, at, received_at, body FROM events
            WHERE ${which} AND at < ${before} AND at >= ${at} AND (at > ${at} OR message_id > ${messageId})
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
