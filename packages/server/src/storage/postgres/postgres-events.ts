import type { CatalogRow, EventStore } from "../event-store.ts";
import type { AppendQueue } from "./append-queue.ts";
import type { PostgresContext } from "./context.ts";
import { readEvents } from "./read-events.ts";

/** Questions about events, in SQL written by hand. */
export function createPostgresEvents({ sql, idOf }: PostgresContext, queue: AppendQueue): EventStore {
  return {
    append: queue.append,

    async *events(environment, filter) {
      yield* readEvents(sql, await idOf(environment), filter);
    },

    async eventCounts(environment) {
      const environmentId = await idOf(environment);
      const rows = await sql<{ name: string; count: number; last_at: number; body: string }[]>`
        SELECT name, count, last_at, body FROM
          (SELECT name, sum(count)::bigint AS count, max(last_at) AS last_at, array_agg(kind_id) AS kind_ids
           FROM kinds JOIN kind_counts ON kind_id = id WHERE environment_id = ${environmentId} GROUP BY name) AS names
        CROSS JOIN LATERAL
          (SELECT body FROM events WHERE kind_id = ANY(kind_ids) AND at = last_at
           ORDER BY message_id DESC LIMIT 1) AS latest
        ORDER BY name`;
      return rows.map(({ name, count, last_at, body }) => ({ name, count, lastAt: last_at, example: body }));
    },

    async catalog(environment) {
      const rows = await sql<(Omit<CatalogRow, "lastAt"> & { last_at: number })[]>`
        SELECT list, name, count, last_at, example FROM catalog WHERE environment_id = ${await idOf(environment)}`;
      return rows.map(({ list, name, count, last_at, example }) => ({
        list,
        name,
        count,
        lastAt: last_at,
        example,
      }));
    },
  };
}
