import type { CatalogRow, EventStore } from "../event-store.ts";
import type { SqliteContext } from "./context.ts";
import { readEvents } from "./read-events.ts";
import { asJsonRows, readRows } from "./read-rows.ts";

/** Questions about events, in SQL written by hand. */
export function createSqliteEvents({ database, writer, idOf }: SqliteContext): EventStore {
  const counts = database.prepare(
    `SELECT name, sum(count) AS count, max(last_at) AS last_at FROM kinds WHERE environment_id = ? AND count > 0
     GROUP BY name ORDER BY name`,
  );
  const latest = database.prepare(
    `SELECT body FROM events INDEXED BY events_by_time WHERE environment_id = ?1 AND at = ?3
       AND kind_id IN (SELECT id FROM kinds WHERE environment_id = ?1 AND name = ?2)
     ORDER BY message_id DESC LIMIT 1`,
  );
  const catalog = database.prepare(
    asJsonRows(
      ["list", "name", "count", "last_at", "example"],
      "SELECT * FROM catalog WHERE environment_id = ?",
    ),
  );

  return {
    append: writer.append,
    events: (environment, filter) => readEvents(database, idOf(environment), filter),

    async eventCounts(environment) {
      const environmentId = idOf(environment);
      const rows = counts.all(environmentId) as { name: string; count: number; last_at: number }[];
      return rows.map(({ name, count, last_at }) => ({
        name,
        count,
        lastAt: last_at,
        example: (latest.get(environmentId, name, last_at) as { body: string }).body,
      }));
    },

    catalog: async (environment) =>
      readRows<CatalogTuple>(catalog, idOf(environment)).map(([list, name, count, lastAt, example]) => ({
        list,
        name,
        count,
        lastAt,
        example,
      })),
  };
}

type CatalogTuple = readonly [
  list: CatalogRow["list"],
  name: string,
  count: number,
  lastAt: number,
  example: string | null,
];
