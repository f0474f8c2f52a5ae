import { CATALOG_LIMIT, type CatalogRow } from "../event-store.ts";
import { TEACHING_EVENT, type Unlearnt, unlearn } from "../unlearn.ts";
import { eachBlock } from "./blocks.ts";
import type { Sql } from "./connect.ts";
import type { Lanes } from "./lanes.ts";
import { takeFromCatalog, takeFromKinds } from "./take-away.ts";

/** How long others may be kept waiting while a month is taken out; then it is tried again, and at last next time. */
const WAIT_MS = 50;
const TRIES = 20;
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Takes whole months out of the events: first out of sight, which is one short commit, then out of the counts, and
 * then they are dropped. What is cut short is gone on with the next time. Gives back how many events there were.
 */
export async function forgetPartitions(
  sql: Sql,
  lanes: Lanes,
  before: number,
  stop: AbortSignal,
): Promise<number> {
  const months = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_inherits JOIN pg_class ON oid = inhrelid
    WHERE inhparent = 'events'::regclass ORDER BY relname`;
  for (const { name } of months) {
    const [, year, month] = /^events_(\d{4})_(\d{2})$/.exec(name) ?? [];
    if (year === undefined || Date.UTC(Number(year), Number(month)) > before || stop.aborted) continue;
    await takeOut(lanes, name);
  }
  const out = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
      AND relname ~ '^forgotten_[0-9]{4}_[0-9]{2}$' ORDER BY relname`;
  let events = 0;
  for (const { name } of out) if (!stop.aborted) events += await drop(sql, lanes, name, stop);
  return events;
}

async function takeOut(lanes: Lanes, name: string): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      await lanes.transaction(async (transaction) => {
        await transaction.unsafe(`SET LOCAL lock_timeout = ${WAIT_MS}`);
        await transaction.unsafe(`ALTER TABLE events DETACH PARTITION ${name}`);
        await transaction.unsafe(`ALTER TABLE ${name} RENAME TO ${name.replace("events", "forgotten")}`);
      });
      return;
    } catch (thrown) {
      // A report is reading: events that arrive meanwhile must not queue behind us.
      if ((thrown as { readonly code?: string }).code !== LOCK_NOT_AVAILABLE) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS * 4));
    }
  }
}

async function drop(sql: Sql, lanes: Lanes, name: string, stop: AbortSignal): Promise<number> {
  const table = sql(name);
  const kinds = await sql<{ k: number; c: number; l: number }[]>`
    SELECT kind_id AS k, count(*)::bigint AS c, max(at) AS l FROM ${table} GROUP BY kind_id ORDER BY kind_id`;
  const catalogs = new Map<number, Map<string, Unlearnt>>();
  const known = await catalogNames(sql);
  await eachBlock(sql, name, stop, async ({ from, to }) => {
    const taught = await sql<{ environment_id: number; message_id: string; body: string }[]>`
      SELECT one.environment_id, message_id, body FROM ${table} AS one JOIN kinds ON kinds.id = kind_id
      WHERE one.ctid >= ${from}::tid AND one.ctid < ${to}::tid AND (type <> 'track' OR name = ${TEACHING_EVENT})`;
    for (const { environment_id, message_id, body } of taught) {
      const names = catalogs.get(environment_id) ?? new Map<string, Unlearnt>();
      catalogs.set(environment_id, names);
      unlearn(names, { messageId: message_id, body });
    }
    for (const [environmentId, names] of catalogs) {
      if (names.size > 5 * CATALOG_LIMIT) keepOnly(names, known.get(environmentId));
      // Examples as old as this go by their time, and the ids would grow with the month.
      for (const row of names.values()) row.ids.clear();
    }
  });
  if (stop.aborted) return 0;
  for (const [environmentId, names] of catalogs) keepOnly(names, known.get(environmentId));
  await lanes.transaction(async (transaction) => {
    await takeFromKinds(transaction, kinds);
    for (const [environmentId, names] of catalogs)
      await takeFromCatalog(transaction, environmentId, [...names.values()]);
    await transaction.unsafe(`DROP TABLE ${name}`);
  });
  return kinds.reduce((sum, { c }) => sum + c, 0);
}

async function catalogNames(sql: Sql): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const rows = await sql<({ environment_id: number } & Pick<CatalogRow, "list" | "name">)[]>`
    SELECT environment_id, list, name FROM catalog`;
  const known = new Map<number, Set<string>>();
  for (const { environment_id, list, name } of rows) {
    const names = known.get(environment_id) ?? new Set();
    known.set(environment_id, names.add(`${list} ${name}`));
  }
  return known;
}

/** The catalog is bounded, what pages are called is not. */
function keepOnly(names: Map<string, Unlearnt>, known: ReadonlySet<string> = new Set()): void {
  for (const key of names.keys()) if (!known.has(key)) names.delete(key);
}
