import { type ActiveRow, type CatalogRow, type EventStore, weekStart } from "../event-store.ts";
import type { SqliteContext } from "./context.ts";
import { readEvents } from "./read-events.ts";
import { asJsonRows, readRows } from "./read-rows.ts";

const WEEK_MS = 604_800_000;
/** Questions about events, in SQL written by hand. */
export function createSqliteEvents({ database, writer, idOf }: SqliteContext): EventStore {
  const person = ["user_id", "anonymous_id", "account_id"];
  const allActivity = database.prepare(
    asJsonRows(
      [...person, "week", "first_at", "last_at", "active"],
      "SELECT * FROM people CROSS JOIN activity ON person_id = id WHERE environment_id = ?",
    ),
  );
  const activeWeeks = database.prepare(
    asJsonRows(
      person,
      `SELECT * FROM people WHERE environment_id = ? AND EXISTS
         (SELECT 1 FROM activity WHERE person_id = people.id AND week >= ? AND week < ? AND active = 1)`,
    ),
  );
  const activeMoments = database.prepare(
    asJsonRows(
      person,
      `SELECT * FROM people WHERE id IN
         (SELECT person_id FROM events CROSS JOIN kinds ON kinds.id = kind_id
          WHERE events.environment_id = ? AND at >= ? AND at < ? AND active = 1)`,
    ),
  );
  const counts = database.prepare(
    `SELECT name, sum(count) AS count, max(last_at) AS last_at FROM kinds WHERE environment_id = ? AND count > 0
     GROUP BY name ORDER BY name`,
  );
  const latest = database.prepare(
    `SELECT body FROM events WHERE kind_id IN (SELECT id FROM kinds WHERE environment_id = ? AND name = ?) AND at = ?
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

    activity: async (environment) =>
      readRows<ActivityTuple>(allActivity, idOf(environment)).map(
        ([userId, anonymousId, accountId, week, first, last, active]) => ({
          ...toPerson([userId, anonymousId, accountId]),
          week,
          first,
          last,
          active: active === 1,
        }),
      ),

    async activeBetween(environment, from, to) {
      const environmentId = idOf(environment);
      const firstWhole = weekStart(from) === from ? from : weekStart(from) + WEEK_MS;
      const lastWhole = weekStart(to);
      // Whole weeks come from the rollup, only the ends from the events themselves.
      const rows =
        firstWhole >= lastWhole
          ? readRows<PersonTuple>(activeMoments, environmentId, from, to)
          : [
              ...readRows<PersonTuple>(activeMoments, environmentId, from, firstWhole),
              ...readRows<PersonTuple>(activeWeeks, environmentId, firstWhole, lastWhole),
              ...readRows<PersonTuple>(activeMoments, environmentId, lastWhole, to),
            ];
      const unique = new Map<string, ActiveRow>();
      for (const row of rows) {
        const person = toPerson(row);
        unique.set(JSON.stringify([person.userId, person.anonymousId, person.accountId]), person);
      }
      return [...unique.values()];
    },

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

type PersonTuple = readonly [userId: string, anonymousId: string, accountId: string];
type ActivityTuple = readonly [...PersonTuple, week: number, first: number, last: number, active: number];
type CatalogTuple = readonly [
  list: CatalogRow["list"],
  name: string,
  count: number,
  lastAt: number,
  example: string | null,
];

/** The table writes `""` for no id; no real id is empty. */
function toPerson([userId, anonymousId, accountId]: PersonTuple): ActiveRow {
  return { userId: userId || null, anonymousId: anonymousId || null, accountId: accountId || null };
}
