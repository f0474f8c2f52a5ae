import {
  type ActiveRow,
  type ActivityRow,
  type AppendResult,
  type EventCount,
  type EventFilter,
  type EventRecord,
  weekStart,
} from "../storage.ts";
import type { SqliteDatabase, SqliteValue } from "./driver.ts";

const CHUNK = 1000;
const WEEK_MS = 604_800_000;

/** The hot path and the reports' questions, in SQL written by hand. */
export interface SqliteEvents {
  /** To be called within a transaction. */
  insert(environmentId: number, records: readonly EventRecord[]): AppendResult;
  read(environmentId: number, filter: EventFilter): AsyncGenerator<readonly EventRecord[]>;
  activity(environmentId: number): readonly ActivityRow[];
  activeBetween(environmentId: number, from: number, to: number): readonly ActiveRow[];
  counts(environmentId: number): readonly EventCount[];
}

export function createSqliteEvents(database: SqliteDatabase): SqliteEvents {
  const insertEvent = database.prepare(
    `INSERT INTO events (environment_id, message_id, type, name, at, received_at, verified, user_id, anonymous_id,
       account_id, active, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (environment_id, message_id) DO NOTHING`,
  );
  const upsertActivity = database.prepare(
    `INSERT INTO activity (environment_id, week, user_id, anonymous_id, account_id, first_at, last_at, active)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (environment_id, week, user_id, anonymous_id, account_id) DO UPDATE SET
       first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at),
       active = max(active, excluded.active)`,
  );
  const allActivity = database.prepare(
    `SELECT user_id, anonymous_id, account_id, week, first_at, last_at, active FROM activity
     WHERE environment_id = ?`,
  );
  const activeWeeks = database.prepare(
    `SELECT DISTINCT user_id, anonymous_id, account_id FROM activity
     WHERE environment_id = ? AND week >= ? AND week < ? AND active = 1`,
  );
  const activeMoments = database.prepare(
    `SELECT DISTINCT user_id, anonymous_id, account_id FROM events
     WHERE environment_id = ? AND at >= ? AND at < ? AND active = 1`,
  );
  const counts = database.prepare(
    `SELECT name, count(*) AS count, max(at) AS last_at FROM events WHERE environment_id = ?
     GROUP BY name ORDER BY name`,
  );
  const latest = database.prepare(
    `SELECT body FROM events WHERE environment_id = ? AND name = ? AND at = ? ORDER BY message_id DESC LIMIT 1`,
  );

  return {
    insert(environmentId, records) {
      let accepted = 0;
      let last: Pooled | undefined;
      const pools = new Map<string, Pooled>();
      for (const record of records) {
        const { userId, anonymousId, accountId, at, active } = record;
        const { changes } = insertEvent.run(
          environmentId,
          record.messageId,
          record.type,
          record.name,
          at,
          record.receivedAt,
          record.verified ? 1 : 0,
          userId,
          anonymousId,
          accountId,
          active ? 1 : 0,
          record.body,
        );
        if (Number(changes) === 0) continue;
        accepted += 1;
        const week = weekStart(at);
        // A batch is mostly one person's: the one before is looked at first.
        if (
          last === undefined ||
          last.week !== week ||
          last.userId !== userId ||
          last.anonymousId !== anonymousId ||
          last.accountId !== accountId
        ) {
          const key = JSON.stringify([week, userId, anonymousId, accountId]);
          last = pools.get(key) ?? { week, userId, anonymousId, accountId, first: at, last: at, active };
          pools.set(key, last);
        }
        if (at < last.first) last.first = at;
        if (at > last.last) last.last = at;
        last.active ||= active;
      }
      for (const pool of pools.values())
        upsertActivity.run(
          environmentId,
          pool.week,
          pool.userId ?? "",
          pool.anonymousId ?? "",
          pool.accountId ?? "",
          pool.first,
          pool.last,
          pool.active ? 1 : 0,
        );
      return { accepted, duplicate: records.length - accepted };
    },

    async *read(environmentId, filter) {
      const { sql, values } = toQuery(environmentId, filter);
      const statement = database.prepare(sql);
      let at = filter.from ?? Number.MIN_SAFE_INTEGER;
      let messageId = "";
      for (;;) {
        const rows = statement.all(...values, at, at, messageId, CHUNK) as EventRow[];
        const chunk = rows.map(toRecord);
        const end = chunk.at(-1);
        if (end === undefined) return;
        yield chunk;
        if (chunk.length < CHUNK) return;
        ({ at, messageId } = end);
      }
    },

    activity: (environmentId) =>
      (allActivity.all(environmentId) as ActivitySqlRow[]).map((row) => ({
        ...toPerson(row),
        week: row.week,
        first: row.first_at,
        last: row.last_at,
        active: row.active === 1,
      })),

    activeBetween(environmentId, from, to) {
      const firstWhole = weekStart(from) === from ? from : weekStart(from) + WEEK_MS;
      const lastWhole = weekStart(to);
      // Whole weeks come from the rollup, only the ends from the events themselves.
      const rows =
        firstWhole >= lastWhole
          ? (activeMoments.all(environmentId, from, to) as PersonSqlRow[])
          : ([
              ...activeMoments.all(environmentId, from, firstWhole),
              ...activeWeeks.all(environmentId, firstWhole, lastWhole),
              ...activeMoments.all(environmentId, lastWhole, to),
            ] as PersonSqlRow[]);
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
  };
}

interface Pooled {
  readonly week: number;
  readonly userId: string | null;
  readonly anonymousId: string | null;
  readonly accountId: string | null;
  first: number;
  last: number;
  active: boolean;
}
interface PersonSqlRow {
  readonly user_id: string | null;
  readonly anonymous_id: string | null;
  readonly account_id: string | null;
}
interface ActivitySqlRow extends PersonSqlRow {
  readonly week: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly active: number;
}
interface EventRow extends PersonSqlRow {
  readonly message_id: string;
  readonly type: EventRecord["type"];
  readonly name: string;
  readonly at: number;
  readonly received_at: number;
  readonly verified: number;
  readonly active: number;
  readonly body: string;
}

/** The rollup writes `""` for no id; no real id is empty. */
function toPerson({ user_id, anonymous_id, account_id }: PersonSqlRow): ActiveRow {
  return { userId: user_id || null, anonymousId: anonymous_id || null, accountId: account_id || null };
}

function toRecord(row: EventRow): EventRecord {
  return {
    ...toPerson(row),
    messageId: row.message_id,
    type: row.type,
    name: row.name,
    at: row.at,
    receivedAt: row.received_at,
    verified: row.verified === 1,
    active: row.active === 1,
    body: row.body,
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
  const sql = `SELECT * FROM events WHERE ${where.join(" AND ")} AND at >= ? AND (at > ? OR message_id > ?)
    ORDER BY at, message_id LIMIT ?`;
  return { sql, values };
}
