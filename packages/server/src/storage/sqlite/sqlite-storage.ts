import type { EnvironmentId, Storage } from "../storage.ts";
import type { StoreMeter } from "../store-meter.ts";
import type { SqliteContext } from "./context.ts";
import { createKysely, toStatement } from "./kysely-dialect.ts";
import { migrate } from "./migrations.ts";
import { openConnection } from "./open-connection.ts";
import { ensureReportLog } from "./rebuild-report-log.ts";
import { createSqliteDefinitions } from "./sqlite-definitions.ts";
import { createSqliteAudit, createSqliteDocuments } from "./sqlite-documents.ts";
import { createSqliteEvents } from "./sqlite-events.ts";
import { createSqliteKeys } from "./sqlite-keys.ts";
import { createSqliteReports } from "./sqlite-reports.ts";
import { createSqliteUpkeep } from "./sqlite-upkeep.ts";
import { startWriterThread } from "./start-writer-thread.ts";
import { openWriterPort } from "./writer-port.ts";

/** No environment has it: nobody has written into the one that is asked for. */
const NO_ENVIRONMENT = -1;
const WRITE_PROBE =
  "INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at";

/**
 * Opens (or makes) the database file and brings its schema up to date. All that is written is written by a thread of
 * its own; reading is done here, on a connection that cannot write, and sees what is committed.
 */
export async function openSqliteStorage(path: string, meter?: StoreMeter): Promise<Storage> {
  const database = openConnection(path);
  try {
    const db = createKysely(database);
    await migrate(db);
    ensureReportLog(database);
    database.exec("PRAGMA query_only = ON");
    const selectEnvironment = database.prepare("SELECT id FROM environments WHERE name = ?");
    const writer = await openWriterPort(() => startWriterThread(path), meter);

    const environmentIds = new Map<EnvironmentId, number>();
    const idOf = (environment: EnvironmentId): number => {
      const known = environmentIds.get(environment);
      if (known !== undefined) return known;
      const row = selectEnvironment.get(environment) as { readonly id: number } | undefined;
      if (row !== undefined) environmentIds.set(environment, row.id);
      return row?.id ?? NO_ENVIRONMENT;
    };
    const madeIdOf = async (environment: EnvironmentId): Promise<number> => {
      if (idOf(environment) === NO_ENVIRONMENT) {
        const row = db.insertInto("environments").values({ name: environment, revision: 0 });
        await writer.write({ statements: [toStatement(row.onConflict((conflict) => conflict.doNothing()))] });
      }
      return idOf(environment);
    };
    const context: SqliteContext = { database, db, writer, idOf, madeIdOf };

    return {
      ...createSqliteEvents(context),
      ...createSqliteReports(context),
      ...createSqliteDefinitions(context),
      ...createSqliteKeys(context),
      ...createSqliteDocuments(context),
      ...createSqliteAudit(context),
      ...createSqliteUpkeep(context),
      async probe(now) {
        await writer.write({ statements: [{ sql: WRITE_PROBE, values: [now] }] });
      },
      async dispose() {
        await writer.close();
        database.close();
      },
    };
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}
