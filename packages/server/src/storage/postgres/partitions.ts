import type { Sql } from "./connect.ts";
import type { Lanes } from "./lanes.ts";

/** Months that get a partition of their own lie between these, counted from now; the rest share one. */
const MONTHS_BACK = 36;
const MONTHS_AHEAD = 2;
/** How often the months to come are looked at. */
const CHECK_MS = 3_600_000;
/** Names the lock that servers wait for that want to make the same partition. */
const LOCK = 7_226_420_002;

export interface Partitions {
  /** Makes sure that events of these moments find the partition that they belong to. */
  ensure(moments: readonly number[]): Promise<void>;
  /** Makes those of this month and the next ones, now and every hour. */
  start(): Promise<void>;
  stop(): void;
}

/** Events are kept by month of their time: what is old is dropped as a whole, and a report reads only its months. */
export function createPartitions(sql: Sql, lanes: Lanes, now: () => number): Partitions {
  const made = new Set<number>();
  let timer: NodeJS.Timeout | undefined;

  const make = async (months: readonly number[]) => {
    const rows = await sql<{ name: string }[]>`
      SELECT relname AS name FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'events'::regclass`;
    const there = new Set(rows.map(({ name }) => name));
    if (months.every((month) => there.has(nameOf(month)))) {
      for (const month of months) made.add(month);
      return;
    }
    await lanes.transaction(async (transaction) => {
      await transaction`SELECT pg_advisory_xact_lock(${LOCK}::bigint)`;
      for (const month of months) {
        const [from, to] = [startOf(month), startOf(month + 1)];
        const name = nameOf(month);
        const [row] = await transaction<
          { there: boolean }[]
        >`SELECT to_regclass(${name}) IS NOT NULL AS there`;
        if (row?.there === true) continue;
        await transaction.unsafe(`CREATE TABLE ${name} (LIKE events INCLUDING DEFAULTS)`);
        // What came before the month had a table: PostgreSQL would refuse to attach it.
        await transaction.unsafe(
          `WITH moved AS (DELETE FROM events_rest WHERE at >= ${from} AND at < ${to} RETURNING *)
           INSERT INTO ${name} SELECT * FROM moved`,
        );
        await transaction.unsafe(
          `ALTER TABLE events ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`,
        );
      }
    });
    for (const month of months) made.add(month);
  };
  const around = () => {
    const month = monthOf(now());
    return Array.from({ length: MONTHS_AHEAD + 1 }, (_, i) => month + i);
  };
  const partitions: Partitions = {
    async ensure(moments) {
      const present = monthOf(now());
      const missing = new Set<number>();
      for (const at of moments) {
        const month = monthOf(at);
        if (!made.has(month) && month >= present - MONTHS_BACK && month <= present + MONTHS_AHEAD)
          missing.add(month);
      }
      if (missing.size > 0) await make([...missing].sort((a, b) => a - b));
    },
    async start() {
      await make(around());
      timer = setInterval(() => {
        // Where it fails now, it is made when the first event of the month comes.
        partitions.ensure(around().map(startOf)).catch(() => {});
      }, CHECK_MS);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
  return partitions;
}

/** Months since January of year 0, in UTC. */
function monthOf(at: number): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
function startOf(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12);
}
function nameOf(month: number): string {
  const number = String((month % 12) + 1).padStart(2, "0");
  return `events_${Math.floor(month / 12)}_${number}`;
}
