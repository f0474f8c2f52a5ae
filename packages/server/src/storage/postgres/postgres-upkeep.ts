import type { EventRecord } from "../event-store.ts";
import type { PersonStore, StoredShare } from "../person-store.ts";
import { pause, type UpkeepStore, wholeHour } from "../upkeep-store.ts";
import { personAmong } from "../whose-ids.ts";
import { eachBlock } from "./blocks.ts";
import { isConflict } from "./connect.ts";
import type { PostgresContext } from "./context.ts";
import { forgetPartitions } from "./forget-partitions.ts";
import type { LaneSql } from "./lanes.ts";
import { withoutWriters } from "./people-epoch.ts";
import { readAccount } from "./read-account.ts";
import { readStretch } from "./read-events.ts";
import { GONE, type GoneEvent, takeFromCounts } from "./take-away.ts";

/** Names the lock of the one server that does upkeep. */
const LOCK = 7_226_420_005;
/** Events deleted in one commit, about. */
const SLICE_EVENTS = 500;
/** Quarters of an hour, of one person, taken away in one commit. */
const SLICE_QUARTERS = 25;
/** Numbers of people looked at in one slice. */
const SLICE_PEOPLE = 5_000;
const QUARTER_MS = 900_000;
const RETRIES = 5;

interface Quarter {
  readonly person_id: number;
  readonly quarter: number;
  readonly first_at: number;
  readonly last_at: number;
}

/** Erasure, export and retention, each in commits as short as those of events. */
export function createPostgresUpkeep({
  sql,
  lanes,
  idOf,
  madeIdOf,
}: PostgresContext): PersonStore & UpkeepStore {
  /** One commit, tried again where another stood in its way; then as long a rest as it took. */
  const slice = async <T>(body: (transaction: LaneSql) => Promise<T>): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      const begun = performance.now();
      try {
        const result = await lanes.transaction(async (transaction) => {
          // Each statement looks up few rows by an index, whatever the planner knows of a young table.
          const [, value] = await Promise.all([
            transaction.unsafe("SET LOCAL enable_seqscan = off"),
            body(transaction),
          ]);
          return value;
        });
        await pause(performance.now() - begun);
        return result;
      } catch (thrown) {
        if (!isConflict(thrown) || attempt === RETRIES) throw thrown;
      }
    }
  };
  const numbersOf = async (environmentId: number, { ids }: StoredShare): Promise<readonly number[]> => {
    const wanted = ids.map(({ userId, anonymousId, accountId }) => ({
      u: userId ?? "",
      n: anonymousId ?? "",
      a: accountId ?? "",
    }));
    const rows = await sql<{ id: number }[]>`
      SELECT id FROM json_to_recordset(${JSON.stringify(wanted)}::text::json) AS x(u text, n text, a text)
      JOIN people ON environment_id = ${environmentId} AND user_id = u AND anonymous_id = n AND account_id = a`;
    return rows.map(({ id }) => id);
  };

  /** All that is left of people who were erased; gives back how many events there were. */
  const takeAway = async (
    environmentId: number,
    persons: readonly number[],
    stop?: AbortSignal,
  ): Promise<number> => {
    let events = 0;
    for (;;) {
      if (stop?.aborted) return events;
      const deleted = await slice(async (transaction) => {
        const quarters = await transaction<Quarter[]>`
          SELECT person_id, quarter, first_at, last_at FROM presence WHERE person_id = ANY(${[...persons]}::bigint[])
          ORDER BY person_id, quarter LIMIT ${SLICE_QUARTERS}`;
        if (quarters.length === 0) return undefined;
        const gone = await Promise.all(
          quarters.map(
            ({ person_id, first_at, last_at }) =>
              transaction<GoneEvent[]>`
                DELETE FROM events USING kinds WHERE kinds.id = kind_id AND events.environment_id = ${environmentId}
                  AND at >= ${first_at} AND at <= ${last_at} AND person_id = ${person_id}
                RETURNING ${transaction.unsafe(GONE)}`,
          ),
        );
        const done = quarters.map(({ person_id, quarter }) => ({ p: person_id, q: quarter }));
        await transaction`
          DELETE FROM presence USING json_to_recordset(${JSON.stringify(done)}::text::json) AS x(p bigint, q bigint)
          WHERE person_id = p AND quarter = q`;
        const all = gone.flat();
        await takeFromCounts(transaction, environmentId, all);
        await transaction`
          DELETE FROM message_ids WHERE environment_id = ${environmentId}
            AND message_id = ANY(${all.map(({ message_id }) => message_id)}::text[])`;
        return all.length;
      });
      if (deleted === undefined) break;
      events += deleted;
    }
    let marks: number;
    do
      marks = await slice(async (transaction) => {
        const { count } = await transaction`
          DELETE FROM report_marks WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM report_marks WHERE person_id = ANY(${[...persons]}::bigint[]) LIMIT 1000))`;
        return count;
      });
    while (marks > 0);
    await sql`DELETE FROM erased WHERE person_id = ANY(${[...persons]}::bigint[])`;
    return events;
  };

  const endErasures = async (stop: AbortSignal) => {
    const rows = await sql<{ environment_id: number; persons: number[] }[]>`
      SELECT environment_id, array_agg(person_id) AS persons FROM erased GROUP BY environment_id`;
    for (const { environment_id, persons } of rows) await takeAway(environment_id, persons.map(Number), stop);
  };
  const forgetEvents = async (before: number, stop: AbortSignal): Promise<number> => {
    const environments = await sql<{ id: number }[]>`SELECT id FROM environments ORDER BY id`;
    let events = 0;
    for (const { id } of environments)
      while (!stop.aborted) {
        const deleted = await slice(async (transaction) => {
          const [edge] = await transaction<{ at: number }[]>`
            SELECT at FROM events WHERE environment_id = ${id} AND at < ${before}
            ORDER BY at LIMIT 1 OFFSET ${SLICE_EVENTS - 1}`;
          const gone = await transaction<GoneEvent[]>`
            DELETE FROM events USING kinds WHERE kinds.id = kind_id AND events.environment_id = ${id}
              AND at <= ${edge?.at ?? before - 1} RETURNING ${transaction.unsafe(GONE)}`;
          await takeFromCounts(transaction, id, gone);
          return { events: gone.length, more: edge !== undefined };
        });
        events += deleted.events;
        if (!deleted.more) break;
      }
    return events;
  };
  const forgetPeople = async (stop: AbortSignal): Promise<number> => {
    const [row] = await sql<{ last: number | null }[]>`SELECT max(id) AS last FROM people`;
    let forgotten = 0;
    for (let from = 0; from <= (row?.last ?? -1) && !stop.aborted; from += SLICE_PEOPLE) {
      const [first, behind] = [from, from + SLICE_PEOPLE];
      const [found] = await sql<{ some: boolean }[]>`
        SELECT EXISTS (SELECT FROM people WHERE id >= ${first} AND id < ${behind}
          AND NOT EXISTS (SELECT FROM presence WHERE person_id = id)) AS some`;
      if (found?.some !== true) continue;
      // Whoever is being written now has a row here, and none there yet: nobody may be writing.
      forgotten += await withoutWriters(lanes, async (transaction) => {
        const { count } = await transaction`
          DELETE FROM people WHERE id >= ${first} AND id < ${behind}
            AND NOT EXISTS (SELECT FROM presence WHERE person_id = id)`;
        return count;
      });
    }
    return forgotten;
  };
  const forgetBefore = async (before: number, stop: AbortSignal) => {
    let events = await forgetPartitions(sql, lanes, before, stop);
    events += await forgetEvents(before, stop);
    await eachBlock(sql, "presence", stop, async ({ from, to }) => {
      await sql`DELETE FROM presence WHERE ctid >= ${from}::tid AND ctid < ${to}::tid AND quarter < ${before / QUARTER_MS}`;
    });
    await eachBlock(sql, "report_marks", stop, async ({ from, to }) => {
      await sql`DELETE FROM report_marks WHERE ctid >= ${from}::tid AND ctid < ${to}::tid AND at < ${before}`;
    });
    await eachBlock(sql, "message_ids", stop, async ({ from, to }) => {
      await sql`DELETE FROM message_ids WHERE ctid >= ${from}::tid AND ctid < ${to}::tid AND received_at < ${before}`;
    });
    const people = await forgetPeople(stop);
    await sql`DELETE FROM catalog WHERE last_at < ${before}`;
    await sql`UPDATE catalog SET example = NULL, example_id = '' WHERE example_at < ${before}`;
    const { count } = await sql`DELETE FROM documents WHERE collection = 'state' AND updated_at < ${before}`;
    return { events, people, states: count };
  };

  return {
    async person(environment, id) {
      const environmentId = await idOf(environment);
      const rows = await sql<{ user_id: string; anonymous_id: string; account_id: string; first: number }[]>`
        WITH own AS (SELECT * FROM people WHERE environment_id = ${environmentId} AND user_id = ${id}),
        around AS (
          SELECT * FROM own UNION
          SELECT * FROM people WHERE environment_id = ${environmentId} AND anonymous_id = ${id} UNION
          SELECT people.* FROM own JOIN people ON people.environment_id = ${environmentId}
            AND people.anonymous_id = own.anonymous_id AND own.anonymous_id <> '')
        SELECT user_id, anonymous_id, account_id, first FROM around
        CROSS JOIN LATERAL (SELECT min(first_at) AS first FROM presence WHERE person_id = id) AS seen
        WHERE first IS NOT NULL`;
      const seen = rows.map((row) => ({
        userId: row.user_id || null,
        anonymousId: row.anonymous_id || null,
        accountId: row.account_id || null,
        first: row.first,
      }));
      return personAmong(seen, id);
    },
    account: async (environment, id) => readAccount(sql, await idOf(environment), id),
    async *shareEvents(environment, share) {
      const environmentId = await idOf(environment);
      const persons = await numbersOf(environmentId, share);
      const quarters = await sql<{ from: number; to: number }[]>`
        SELECT min(first_at) AS from, max(last_at) AS to FROM presence
        WHERE person_id = ANY(${[...persons]}::bigint[]) GROUP BY quarter ORDER BY quarter`;
      let chunk: EventRecord[] = [];
      for (const { from, to } of quarters) {
        chunk.push(...(await readStretch(sql, environmentId, persons, from, to)));
        if (chunk.length < SLICE_EVENTS) continue;
        yield chunk;
        chunk = [];
      }
      if (chunk.length > 0) yield chunk;
    },
    async erase(environment, share, now, entries) {
      const environmentId = await madeIdOf(environment);
      const persons = await numbersOf(environmentId, share);
      const states = await withoutWriters(lanes, async (transaction) => {
        await transaction`
          INSERT INTO erased (person_id, environment_id)
          SELECT id, ${environmentId}::integer FROM unnest(${[...persons]}::bigint[]) AS id ON CONFLICT DO NOTHING`;
        await transaction`DELETE FROM people WHERE id = ANY(${[...persons]}::bigint[])`;
        const { count } = await transaction`
          DELETE FROM documents WHERE environment_id = ${environmentId} AND collection = 'state'
            AND id = ANY(${[...share.states]}::text[])`;
        for (const { actor, action, subject, before, after, note } of entries)
          await transaction`
            INSERT INTO audit (environment_id, at, actor, action, subject, "before", "after", note)
            VALUES (${environmentId}, ${now}, ${actor}, ${action}, ${subject}, ${before}, ${after}, ${note})`;
        return count;
      });
      return { events: await takeAway(environmentId, persons), states };
    },
    async forget(moment, stop) {
      const { sql: lock, giveBack } = await lanes.take();
      try {
        const [row] = await lock<{ ours: boolean }[]>`SELECT pg_try_advisory_lock(${LOCK}::bigint) AS ours`;
        if (row?.ours !== true) return undefined;
        await endErasures(stop);
        if (moment === null || stop.aborted) return { events: 0, people: 0, states: 0 };
        return await forgetBefore(wholeHour(moment), stop);
      } finally {
        await (async () => lock`SELECT pg_advisory_unlock_all()`)().catch(() => {});
        giveBack();
      }
    },
  };
}
