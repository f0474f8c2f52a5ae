import type { ReportReader } from "../report-store.ts";
import type { EnvironmentId } from "../storage.ts";
import { connectTo } from "./connect.ts";
import { createKysely } from "./kysely-dialect.ts";
import { createLanes } from "./lanes.ts";
import { createPostgresDefinitions } from "./postgres-definitions.ts";
import { createPostgresEvents } from "./postgres-events.ts";
import { createPostgresReports } from "./postgres-reports.ts";

/** Connections of its own: reports that take long must not keep the others waiting. */
const CONNECTIONS = 2;

/** A second way into a database that is open and up to date already, for a thread of its own. */
export function openPostgresReader(url: string): ReportReader {
  const sql = connectTo(url, CONNECTIONS);
  const lanes = createLanes(url, CONNECTIONS);
  const idOf = async (environment: EnvironmentId): Promise<number> => {
    const [row] = await sql<{ id: number }[]>`SELECT id FROM environments WHERE name = ${environment}`;
    return row?.id ?? -1;
  };
  const context = { sql, lanes, db: createKysely(lanes), idOf, madeIdOf: idOf };
  const { definitions } = createPostgresDefinitions(context);
  const { events } = createPostgresEvents(context, NO_QUEUE);
  return {
    definitions,
    events,
    ...createPostgresReports(context),
    close: async () => {
      await Promise.all([sql.end({ timeout: 1 }), lanes.end()]);
    },
  };
}

/** Nobody writes through a reader. */
const NO_QUEUE = {
  append: () => Promise.reject(new TypeError("a reader does not write")),
  drained: async () => undefined,
};
