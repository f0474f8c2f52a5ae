import {
  type ActiveRow,
  type ActivityRow,
  type AppendResult,
  type ArrivingEvent,
  type CatalogRow,
  type EventCount,
  type EventFilter,
  type EventRecord,
  weekStart,
} from "../storage.ts";
import type { SqliteDatabase, SqliteStatement, SqliteValue } from "./driver.ts";
import { readEvents } from "./read-events.ts";
import { asJsonRows, readRows } from "./read-rows.ts";
import { createRollups } from "./rollups.ts";
import { createWrittenOnce } from "./written-once.ts";

const WEEK_MS = 604_800_000;
/** Rows in one INSERT: a call into SQLite costs as much as four of its rows. */
const ROWS = 10;
const ROW = "(?, ?, ?, ?, ?, ?, ?)";

/** The hot path and the reports' questions, in SQL written by hand. */
export interface SqliteEvents {
  /** To be called within a transaction; {@link finish} ends it. */
  insert(environmentId: number, records: readonly ArrivingEvent[]): AppendResult;
  /** Writes what was counted, at the end of the transaction. */
  finish(): void;
  /** To be called when the transaction was rolled back. */
  forget(): void;
  read(environmentId: number, filter: EventFilter): AsyncGenerator<readonly EventRecord[]>;
  activity(environmentId: number): readonly ActivityRow[];
  activeBetween(environmentId: number, from: number, to: number): readonly ActiveRow[];
  counts(environmentId: number): readonly EventCount[];
  catalog(environmentId: number): readonly CatalogRow[];
}

export function createSqliteEvents(database: SqliteDatabase): SqliteEvents {
  const { personId, kindId, forget } = createWrittenOnce(database);
  const rollups = createRollups(database);
  const insertOf = (rows: number) =>
    database.prepare(
      `INSERT OR IGNORE INTO events (environment_id, message_id, kind_id, person_id, at, received_at, body)
       VALUES ${Array.from({ length: rows }, () => ROW).join(", ")}`,
    );
  const insertMany = insertOf(ROWS);
  const insertOne = insertOf(1);
  const idsAfter = database.prepare("SELECT message_id FROM events WHERE id > ?");
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

  /** Writes some rows in one statement; gives back the ids that are new, or `undefined` where all are. */
  const insertRows = (
    statement: SqliteStatement,
    values: readonly SqliteValue[],
    rows: number,
  ): Set<string> | undefined => {
    const { changes, lastInsertRowid } = statement.run(...values);
    const written = Number(changes);
    if (written === rows) return undefined;
    if (written === 0) return new Set();
    // Rows are numbered one after the other, and none is ever deleted.
    const fresh = idsAfter.all(Number(lastInsertRowid) - written) as { message_id: string }[];
    return new Set(fresh.map((row) => row.message_id));
  };

  return {
    insert(environmentId, records) {
      let accepted = 0;
      for (let start = 0; start < records.length; ) {
        const rows = records.length - start >= ROWS ? ROWS : 1;
        const values: SqliteValue[] = [];
        const ids: number[] = [];
        for (let i = start; i < start + rows; i++) {
          const record = records[i] as ArrivingEvent;
          const kind = kindId(environmentId, record);
          const who = personId(environmentId, record);
          ids.push(kind, who);
          const { messageId, at, receivedAt, body } = record;
          values.push(environmentId, messageId, kind, who, at, receivedAt, body);
        }
        const fresh = insertRows(rows === 1 ? insertOne : insertMany, values, rows);
        for (let i = 0; i < rows; i++) {
          const record = records[start + i] as ArrivingEvent;
          // The first of two with the same id is the one that was written.
          if (fresh !== undefined && !fresh.delete(record.messageId)) continue;
          accepted += 1;
          rollups.add(environmentId, ids[2 * i] as number, ids[2 * i + 1] as number, record);
        }
        start += rows;
      }
      return { accepted, duplicate: records.length - accepted };
    },
    finish: () => rollups.write(),
    forget() {
      forget();
      rollups.forget();
    },

    read: (environmentId, filter) => readEvents(database, environmentId, filter),

    activity: (environmentId) =>
      readRows<ActivityTuple>(allActivity, environmentId).map(
        ([userId, anonymousId, accountId, week, first, last, active]) => ({
          ...toPerson([userId, anonymousId, accountId]),
          week,
          first,
          last,
          active: active === 1,
        }),
      ),

    activeBetween(environmentId, from, to) {
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

    counts: (environmentId) =>
      (counts.all(environmentId) as { name: string; count: number; last_at: number }[]).map(
        ({ name, count, last_at }) => ({
          name,
          count,
          lastAt: last_at,
          example: (latest.get(environmentId, name, last_at) as { body: string }).body,
        }),
      ),

    catalog: (environmentId) =>
      readRows<CatalogTuple>(catalog, environmentId).map(([list, name, count, lastAt, example]) => ({
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
