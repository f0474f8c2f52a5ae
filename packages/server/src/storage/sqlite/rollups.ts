import { type Tally, tally } from "../catalog-tally.ts";
import {
  CATALOG_LIMIT,
  type CatalogRow,
  type EventRecord,
  type Sighting,
  weekStart,
} from "../event-store.ts";
import type { SqliteDatabase } from "./driver.ts";

/** Counts kept beside the events: gathered while events are written, written once per commit. */
export interface Rollups {
  /** One more event of a kind. */
  count(kindId: number, at: number): void;
  /** A person was seen; `active` where the event shows that they were. */
  see(personId: number, at: number, active: boolean): void;
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

interface Active {
  readonly personId: number;
  readonly week: number;
  first: number;
  last: number;
  active: boolean;
}

export function createRollups(database: SqliteDatabase): Rollups {
  const addToKind = database.prepare(
    "UPDATE kinds SET count = count + ?, last_at = CASE count WHEN 0 THEN ? ELSE max(last_at, ?) END WHERE id = ?",
  );
  const addToActivity = database.prepare(
    `INSERT INTO activity (person_id, week, first_at, last_at, active) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (person_id, week) DO UPDATE SET
       first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at),
       active = max(active, excluded.active)`,
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
  const activity = new Map<string, Active>();
  const catalog = new Map<number, Map<string, Tally>>();
  /** By environment, the names that each list of the catalog holds already. */
  const names = new Map<number, { readonly [List in CatalogRow["list"]]: Set<string> }>();
  let latest: Active | undefined;

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
    activity.clear();
    catalog.clear();
    latest = undefined;
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
    see(personId, at, active) {
      const week = weekStart(at);
      // A batch is mostly one person's: the one before is looked at first.
      if (latest === undefined || latest.personId !== personId || latest.week !== week) {
        const key = `${personId} ${week}`;
        latest = activity.get(key) ?? { personId, week, first: at, last: at, active };
        activity.set(key, latest);
      }
      if (at < latest.first) latest.first = at;
      if (at > latest.last) latest.last = at;
      latest.active ||= active;
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
      for (const row of activity.values())
        addToActivity.run(row.personId, row.week, row.first, row.last, row.active ? 1 : 0);
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
