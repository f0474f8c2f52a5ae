import type { Kysely } from "kysely";
import type { EnvironmentId } from "../environment-id.ts";
import type { Sql } from "./connect.ts";
import type { Lanes } from "./lanes.ts";
import type { Tables } from "./tables.ts";

/** What each concern of the store is made of. */
export interface PostgresContext {
  /** Whoever reads, and whoever writes anything but events. */
  readonly sql: Sql;
  /** Whoever needs a transaction. */
  readonly lanes: Lanes;
  /** Plain queries, over {@link lanes}. */
  readonly db: Kysely<Tables>;
  /** The environment's number; one that no row has where nothing was ever written into it. */
  idOf(environment: EnvironmentId): Promise<number>;
  /** The environment's number, written now if it is new. */
  madeIdOf(environment: EnvironmentId): Promise<number>;
}
