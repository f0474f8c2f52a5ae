import { type Tally, tally } from "../catalog-tally.ts";
import { CATALOG_LIMIT, type CatalogRow, type EventRecord, type Sighting } from "../event-store.ts";
import type { SqliteDatabase } from "./driver.ts";

/** Counts kept beside the events: gathered while events are written, written once per commit. */
export interface Rollups {
  /** One more event of a kind. */
  count(kindId: number, at: number): void;
  /** What an event teaches the catalog. */
  learn(
    environmentId: number,
    sightings: readonly Sighting[],
    event: Pick<EventRecord, "at" | "messageId">,
  ): void;
  /** Writes what was gathered; to be called within the transaction that wrote the events. */
  write(): void;
  /** Forgets what was gathered and everything remembered, since the transaction was rolled back. */
  forget(): void;
}

export function createRollups(database: SqliteDatabase): Rollups {
  const addToKind = database.prepare(
    "UPDATE kinds SET count = count + ?, last_at = CASE count WHEN 0 THEN ? ELSE max(last_at, ?) END WHERE id = ?",
  );
  const isLater =
    "excluded.example IS NOT NULL AND (example IS NULL OR (excluded.example_at, excluded.example_id) > (example_at, example_id))";
  const addToCatalog = database.prepare(
    `INSERT INTO catalog (environment_id, list, name, count, last_at, example, example_at, example_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (environment_id, list, name) DO UPDATE SET
       count = count + excluded.count, last_at = max(last_at, excluded.last_at),
       example = iif(${isLater}, excluded.example, example),
       example_at = iif(${isLater}, excluded.example_at, example_at),
       example_id = iif(${isLater}, excluded.example_id, example_id)`,
  );
  const namesOf = database.prepare("SELECT list, name FROM catalog WHERE environment_id = ?");

  const kinds = new Map<number, { count: number; lastAt: number }>();
  const catalog = new Map<number, Map<string, Tally>>();
  /** By environment, the names that each list of the catalog holds already. */
  const names = new Map<number, { readonly [List in CatalogRow["list"]]: Set<string> }>();

  const namesIn = (environmentId: number) => {
    let known = names.get(environmentId);
    if (known === undefined) {
      known = { user: new Set(), account: new Set(), anchor: new Set(), page: new Set() };
      for (const { list, name } of namesOf.all(environmentId) as Pick<CatalogRow, "list" | "name">[])
        known[list].add(name);
      names.set(environmentId, known);
    }
    return known;
  };
  const clear = () => {
    kinds.clear();
    catalog.clear();
  };

  return {
    count(kindId, at) {
      const kind = kinds.get(kindId);
      if (kind === undefined) kinds.set(kindId, { count: 1, lastAt: at });
      else {
        kind.count += 1;
        if (at > kind.lastAt) kind.lastAt = at;
      }
    },
    learn(environmentId, sightings, event) {
      let rows = catalog.get(environmentId);
      if (rows === undefined) {
        rows = new Map();
        catalog.set(environmentId, rows);
      }
      const known = namesIn(environmentId);
      tally(rows, sightings, event, ({ list, name }) => {
        if (known[list].has(name)) return true;
        if (known[list].size >= CATALOG_LIMIT) return false;
        known[list].add(name);
        return true;
      });
    },
    write() {
      for (const [id, { count, lastAt }] of kinds) addToKind.run(count, lastAt, lastAt, id);
      for (const [environmentId, rows] of catalog)
        for (const { list, name, count, lastAt, example, exampleAt, exampleId } of rows.values())
          addToCatalog.run(environmentId, list, name, count, lastAt, example, exampleAt, exampleId);
      clear();
    },
    forget() {
      clear();
      names.clear();
    },
  };
}
