import type { ReportReader } from "../report-store.ts";
import type { EnvironmentId } from "../storage.ts";
import { createKysely } from "./kysely-dialect.ts";
import { openConnection } from "./open-connection.ts";
import { createSqliteDefinitions } from "./sqlite-definitions.ts";
import { createSqliteEvents } from "./sqlite-events.ts";
import { createSqliteReports } from "./sqlite-reports.ts";
import type { WriterPort } from "./writer-port.ts";

/** Nobody writes through a reader. */
const NO_WRITER: WriterPort = {
  append: () => Promise.reject(new TypeError("a reader does not write")),
  write: () => Promise.reject(new TypeError("a reader does not write")),
  upkeep: () => Promise.reject(new TypeError("a reader does not write")),
  close: async () => undefined,
};

/** A second connection to a database that is open and up to date already, for a thread of its own. */
export function openSqliteReader(path: string): ReportReader {
  const database = openConnection(path);
  database.exec("PRAGMA query_only = ON");
  const selectEnvironment = database.prepare("SELECT id FROM environments WHERE name = ?");
  const idOf = (environment: EnvironmentId): number =>
    (selectEnvironment.get(environment) as { readonly id: number } | undefined)?.id ?? -1;
  const context = {
    database,
    db: createKysely(database),
    writer: NO_WRITER,
    idOf,
    madeIdOf: async (environment: EnvironmentId) => idOf(environment),
  };
  const { definitions } = createSqliteDefinitions(context);
  const { events } = createSqliteEvents(context);
  return {
    definitions,
    events,
    ...createSqliteReports(context),
    async close() {
      database.close();
    },
  };
}
