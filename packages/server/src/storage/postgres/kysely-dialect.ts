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
import type { ReservedSql } from "postgres";
import type { Sql } from "./connect.ts";
import type { Tables } from "./tables.ts";

interface Reserved extends DatabaseConnection {
  readonly sql: ReservedSql;
}

/** Kysely over postgres.js: it writes the SQL of plain queries and runs the migrations. */
export function createKysely(pool: Sql): Kysely<Tables> {
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(pool),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect });
}

function createDriver(pool: Sql): Driver {
  const run = async (connection: DatabaseConnection, sql: string) => {
    await (connection as Reserved).sql.unsafe(sql);
  };
  return {
    async init() {},
    async acquireConnection(): Promise<Reserved> {
      const sql = await pool.reserve();
      return {
        sql,
        async executeQuery<R>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<R>> {
          const rows = await sql.unsafe(text, parameters as never[], { prepare: true });
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
      (connection as Reserved).sql.release();
    },
    async destroy() {},
  };
}
