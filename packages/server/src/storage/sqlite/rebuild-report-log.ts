import { markOf } from "../guidance-mark.ts";
import { type SqliteDatabase, transaction } from "./driver.ts";
import { asJsonRows, readRows } from "./read-rows.ts";
import { createReportLog } from "./report-log.ts";

/** Events read in one statement. */
const CHUNK = 10_000;

/** Makes the report log of a database that has events but no log yet: one that an earlier Cairn has written. */
export function ensureReportLog(database: SqliteDatabase): void {
  const has = (table: string) => database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined;
  if (!has("report_log") && !has("report_recent") && has("events")) rebuildReportLog(database);
}

/** Makes the whole report log anew from the events, in one transaction; everybody who remembers it is told to forget. */
export function rebuildReportLog(database: SqliteDatabase): void {
  transaction(database, () => {
    database.exec("DELETE FROM report_log; DELETE FROM report_recent");
    database.exec("UPDATE report_epoch SET epoch = epoch + 1");
    const log = createReportLog(database);
    const page = database.prepare(
      asJsonRows(
        ["id", "environment_id", "kind_id", "person_id", "at", "type", "name", "active", "body"],
        // The messages themselves only of those that Cairn recorded: nothing else is read in them.
        `SELECT e.id AS id, e.environment_id, kind_id, person_id, at, type, name, active,
           iif(type = 'track' AND name GLOB 'cairn.*', body, NULL) AS body
         FROM events e CROSS JOIN kinds ON kinds.id = kind_id WHERE e.id > ? ORDER BY e.id LIMIT ?`,
      ),
    );
    let last = 0;
    for (;;) {
      const rows = readRows<EventRow>(page, last, CHUNK);
      for (const [id, environmentId, kindId, personId, at, type, name, active, body] of rows) {
        last = id;
        log.see(environmentId, personId, at, active === 1);
        if (type !== "track") continue;
        log.use(kindId, personId, at);
        const mark = body === null ? undefined : markOf(name, JSON.parse(body));
        if (mark !== undefined) log.mark(environmentId, mark, personId, at);
      }
      log.write();
      if (rows.length < CHUNK) return;
    }
  });
}

type EventRow = readonly [
  id: number,
  environmentId: number,
  kindId: number,
  personId: number,
  at: number,
  type: string,
  name: string,
  active: number,
  body: string | null,
];
