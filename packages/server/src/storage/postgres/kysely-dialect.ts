import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import type { Lane, Lanes } from "./lanes.ts";
import type { Tables } from "./tables.ts";

interface Reserved extends DatabaseConnection {
  readonly lane: Lane;
}

/** Kysely over postgres.js, each query or transaction on a lane: it writes the SQL of plain queries and runs the migrations. */
export function createKysely(lanes: Lanes): Kysely<Tables> {
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(lanes),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect });
}

function createDriver(lanes: Lanes): Driver {
  const run = async (connection: DatabaseConnection, sql: string) => {
    await (connection as Reserved).lane.sql.unsafe(sql);
  };
  return {
    async init() {},
    async acquireConnection(): Promise<Reserved> {
      const lane = await lanes.take();
      return {
        lane,
        async executeQuery<R>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<R>> {
          const rows = await lane.sql.unsafe(text, parameters as never[], { prepare: true });
          return { rows: [...rows] as R[], numAffectedRows: BigInt(rows.count ?? 0) };
        },
        streamQuery(): never {
          throw new TypeError("not streamed: see the event reader");
        },
      };
    },
    beginTransaction: (connection) => run(connection, "BEGIN"),
    commitTransaction: (connection) => run(connection, "COMMIT"),
    rollbackTransaction: (connection) => run(connection, "ROLLBACK"),
    async releaseConnection(connection) {
      (connection as Reserved).lane.giveBack();
    },
    async destroy() {},
  };
}
