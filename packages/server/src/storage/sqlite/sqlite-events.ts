import {
  type ActiveRow,
  type ActivityRow,
  type AppendResult,
  type EventCount,
  type EventFilter,
  type EventRecord,
  weekStart,
} from "../storage.ts";
import type { SqliteDatabase } from "./driver.ts";
import { readEvents } from "./read-events.ts";
import { asJsonRows, readRows } from "./read-rows.ts";

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
  const person = ["user_id", "anonymous_id", "account_id"];
  const allActivity = database.prepare(
    asJsonRows(
      [...person, "week", "first_at", "last_at", "active"],
      "SELECT * FROM activity WHERE environment_id = ?",
    ),
  );
  const activeWeeks = database.prepare(
    asJsonRows(
      person,
      `SELECT DISTINCT user_id, anonymous_id, account_id FROM activity
       WHERE environment_id = ? AND week >= ? AND week < ? AND active = 1`,
    ),
  );
  const activeMoments = database.prepare(
    asJsonRows(
      person,
      `SELECT DISTINCT user_id, anonymous_id, account_id FROM events
       WHERE environment_id = ? AND at >= ? AND at < ? AND active = 1`,
    ),
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

type PersonTuple = readonly [userId: string | null, anonymousId: string | null, accountId: string | null];
type ActivityTuple = readonly [...PersonTuple, week: number, first: number, last: number, active: number];

/** The rollup writes `""` for no id; no real id is empty. */
function toPerson([userId, anonymousId, accountId]: PersonTuple): ActiveRow {
  return { userId: userId || null, anonymousId: anonymousId || null, accountId: accountId || null };
}
