import type { Kysely } from "kysely";
import type { EnvironmentId } from "../environment-id.ts";
import type { SqliteDatabase } from "./driver.ts";
import type { Tables } from "./tables.ts";
import type { WriterPort } from "./writer-port.ts";

/** What each concern of the store is made of. */
export interface SqliteContext {
  /** Reads only: it sees what is committed. */
  readonly database: SqliteDatabase;
  /** Writes the SQL of plain queries; `runNow` and `toStatement` run them. */
  readonly db: Kysely<Tables>;
  /** All that is written goes through it. */
  readonly writer: WriterPort;
  /** The environment's number; one that no row has where nothing was ever written into it. */
  idOf(environment: EnvironmentId): number;
  /** The environment's number, written now if it is new. */
  madeIdOf(environment: EnvironmentId): Promise<number>;
}
