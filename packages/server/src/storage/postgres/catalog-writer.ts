import { type Tally, tally } from "../catalog-tally.ts";
import { CATALOG_LIMIT, type CatalogRow, type Sighting } from "../event-store.ts";
import type { Arrived } from "./commit-events.ts";
import type { LaneSql } from "./lanes.ts";

/** Names the lock of whoever adds a name to the catalog, so that servers together keep its bound. */
const LOCK = 7_226_420_003;

/** By environment, the names that each list of the catalog holds. */
export type CatalogNames = ReadonlyMap<number, NamesByList>;
type NamesByList = { readonly [List in CatalogRow["list"]]: Set<string> };

/** Adds to the catalog what the sightings of stored events say. */
export interface CatalogWriter {
  write(transaction: LaneSql, events: readonly Arrived[]): Promise<CatalogNames>;
  /** To be called when that transaction was committed. */
  remember(names: CatalogNames): void;
}

export function createCatalogWriter(): CatalogWriter {
  const known = new Map<number, NamesByList>();
  return {
    async write(transaction, events) {
      const byEnvironment = new Map<number, Arrived[]>();
      for (const event of events) {
        if (event.record.sightings === undefined || event.record.sightings.length === 0) continue;
        const own = byEnvironment.get(event.environmentId);
        if (own === undefined) byEnvironment.set(event.environmentId, [event]);
        else own.push(event);
      }
      const read = new Map<number, NamesByList>();
      for (const [environmentId, own] of [...byEnvironment].sort(([a], [b]) => a - b)) {
        let names = known.get(environmentId);
        if (
          names === undefined ||
          own.some(({ record }) => record.sightings?.some(isNewIn(names as NamesByList)))
        ) {
          // Others may have added names since: nobody else does now, until this is committed.
          await transaction`SELECT pg_advisory_xact_lock(${LOCK}::bigint)`;
          names = await readNames(transaction, environmentId);
          read.set(environmentId, names);
        }
        await add(transaction, environmentId, own, names);
      }
      return read;
    },
    remember(names) {
      for (const [environmentId, lists] of names) known.set(environmentId, lists);
    },
  };
}

/** Whether there is room for it, and it would be new. */
function isNewIn(names: NamesByList) {
  return ({ list, name }: Sighting) => !names[list].has(name) && names[list].size < CATALOG_LIMIT;
}

async function readNames(transaction: LaneSql, environmentId: number): Promise<NamesByList> {
  const names: NamesByList = { user: new Set(), account: new Set(), anchor: new Set(), page: new Set() };
  const rows = await transaction<{ list: CatalogRow["list"]; name: string }[]>`
    SELECT list, name FROM catalog WHERE environment_id = ${environmentId}`;
  for (const { list, name } of rows) names[list].add(name);
  return names;
}

async function add(
  transaction: LaneSql,
  environmentId: number,
  events: readonly Arrived[],
  names: NamesByList,
): Promise<void> {
  const tallies = new Map<string, Tally>();
  for (const { record } of events)
    tally(tallies, record.sightings ?? [], record, (sighting) => {
      if (names[sighting.list].has(sighting.name)) return true;
      if (!isNewIn(names)(sighting)) return false;
      names[sighting.list].add(sighting.name);
      return true;
    });
  const rows = [...tallies.values()]
    .sort((a, b) => compare(a.list, b.list) || compare(a.name, b.name))
    .map((row) => ({
      l: row.list,
      n: row.name,
      c: row.count,
      s: row.lastAt,
      x: row.example,
      a: row.exampleAt,
      i: row.exampleId,
    }));
  if (rows.length === 0) return;
  await transaction`
    INSERT INTO catalog AS known (environment_id, list, name, count, last_at, example, example_at, example_id)
    SELECT ${environmentId}::integer, x.* FROM json_to_recordset(${JSON.stringify(rows)}::text::json)
      AS x(l text, n text, c bigint, s bigint, x text, a bigint, i text)
    ON CONFLICT (environment_id, list, name) DO UPDATE SET
      count = known.count + excluded.count, last_at = greatest(known.last_at, excluded.last_at),
      (example, example_at, example_id) = (
        SELECT * FROM (VALUES
          (excluded.example, excluded.example_at, excluded.example_id),
          (known.example, known.example_at, known.example_id)) AS either (example, at, id)
        ORDER BY example IS NULL, at DESC, id DESC LIMIT 1)`;
}

/** Any order will do that is the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
