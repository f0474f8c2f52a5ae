import type { SqliteDatabase } from "./driver.ts";
import { asJsonRows, readRows } from "./read-rows.ts";

/** Rows read in one statement. */
const CHUNK = 20_000;
/** So many new events are looked through one by one; beyond that the index tells which of them are of the kind. */
const FEW = 50_000;

type PropertiesRow = readonly [id: number, person: number, at: number, properties: unknown];
type TakeProperties = (person: number, at: number, properties: unknown) => void;

/** Reads the `properties` of the messages of a kind that are newer than an id; gives back the newest id there is. */
export function createPropertiesReader(
  database: SqliteDatabase,
  environmentId: number,
): (kindId: number, after: number, take: TakeProperties) => number {
  const newest = database.prepare("SELECT max(id) AS id FROM events");
  const columns = ["id", "person_id", "at", "body -> '$.properties'"];
  const inOrderOfIds = database.prepare(
    asJsonRows(columns, "SELECT * FROM events WHERE id > ? AND kind_id = ? ORDER BY id LIMIT ?"),
  );
  const inOrderOfTime = database.prepare(
    asJsonRows(
      columns,
      `SELECT * FROM events INDEXED BY events_by_time
       WHERE environment_id = ? AND kind_id = ? AND id > ? AND at >= ? AND (at > ? OR id > ?)
       ORDER BY at, id LIMIT ?`,
    ),
  );
  return (kindId, after, take) => {
    const until = (newest.get() as { readonly id: number | null }).id ?? 0;
    const few = until - after <= FEW;
    let at = Number.MIN_SAFE_INTEGER;
    let id = few ? after : 0;
    for (;;) {
      const rows = few
        ? readRows<PropertiesRow>(inOrderOfIds, id, kindId, CHUNK)
        : readRows<PropertiesRow>(inOrderOfTime, environmentId, kindId, after, at, at, id, CHUNK);
      for (const row of rows) {
        take(row[1], row[2], row[3]);
        id = row[0];
        at = row[2];
      }
      if (rows.length < CHUNK) return until;
    }
  };
}
