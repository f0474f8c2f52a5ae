import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { SqliteDatabase, SqliteValue } from "./driver.ts";
import type { Tables } from "./tables.ts";
import type { Statement } from "./writer.ts";

/** Kysely over our synchronous driver: it writes the SQL of plain queries and runs the migrations. */
export function createKysely(database: SqliteDatabase): Kysely<Tables> {
  const dialect: Dialect = {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createDriver: () => createDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect });
}

/** SQLite rolls schema changes back too; Kysely's own adapter leaves that unused. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function createDriver(database: SqliteDatabase): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const statement = database.prepare(sql);
      const rows = statement.all(...(parameters as SqliteValue[])) as R[];
      return { rows };
    },
    streamQuery(): never {
      throw new TypeError("not streamed: see the event reader");
    },
  };
  const run = async (sql: string) => database.exec(sql);
  return {
    async init() {},
    acquireConnection: async () => connection,
    beginTransaction: () => run("BEGIN IMMEDIATE"),
    commitTransaction: () => run("COMMIT"),
    rollbackTransaction: () => run("ROLLBACK"),
    async releaseConnection() {},
    async destroy() {},
  };
}

/** A query that Kysely wrote, for the writer to run. */
export function toStatement(query: { compile(): CompiledQuery }): Statement {
  const { sql, parameters } = query.compile();
  return { sql, values: parameters as readonly SqliteValue[] };
}

/** Runs a query that Kysely wrote at once. */
export function runNow<R>(database: SqliteDatabase, query: { compile(): CompiledQuery<R> }): R[] {
  const { sql, parameters } = query.compile();
  return database.prepare(sql).all(...(parameters as SqliteValue[])) as R[];
}
