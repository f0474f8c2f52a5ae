import type { EnvironmentId, Storage } from "../storage.ts";
import type { StoreMeter } from "../store-meter.ts";
import { createAppendQueue } from "./append-queue.ts";
import { createCommit } from "./commit-events.ts";
import { connectTo, type Sql, toUnavailable } from "./connect.ts";
import type { PostgresContext } from "./context.ts";
import { createKysely } from "./kysely-dialect.ts";
import { createLanes } from "./lanes.ts";
import { migrate } from "./migrations.ts";
import { createPartitions } from "./partitions.ts";
import { createPostgresDefinitions } from "./postgres-definitions.ts";
import { createPostgresAudit, createPostgresDocuments } from "./postgres-documents.ts";
import { createPostgresEvents } from "./postgres-events.ts";
import { createPostgresKeys } from "./postgres-keys.ts";
import { createPostgresReports } from "./postgres-reports.ts";
import { createPostgresUpkeep } from "./postgres-upkeep.ts";

/** No environment has it: nobody has written into the one that is asked for. */
const NO_ENVIRONMENT = -1;
/** The oldest server that is supported: PostgreSQL 15. */
const OLDEST = 150_000;

export interface PostgresOptions {
  /** Connections for plain questions, and as many for transactions. @default 3 */
  readonly connections?: number;
  /** Commits of events under way at once, each on a connection of its own. @default 2 */
  readonly commitsAtOnce?: number;
  /** Milliseconds that pass, from anywhere. @default performance.now */
  readonly clock?: () => number;
  /** Told what the store does. @default nobody is */
  readonly meter?: StoreMeter | undefined;
}

/**
 * Opens the database that `postgres://…` names and brings its schema up to date. Several servers may use one database
 * at once: what one has committed, all others see with their next question.
 */
export async function openPostgresStorage(url: string, options: PostgresOptions = {}): Promise<Storage> {
  const { connections = 3, commitsAtOnce = 2, meter } = options;
  const sql = connectTo(url, connections);
  // The lock of a migration takes one of them, and the migration another.
  const lanes = createLanes(url, Math.max(2, connections));
  // Its statements look up single rows in tables that grow from nothing: a plan made for the small table must not stay.
  const writing = createLanes(url, commitsAtOnce, { enable_seqscan: "off" });
  const partitions = createPartitions(sql, lanes, Date.now);
  const close = async () => {
    partitions.stop();
    await Promise.all([sql.end({ timeout: 1 }), lanes.end(), writing.end()]);
  };
  try {
    await requireVersion(sql);
    await migrate(lanes);
    await partitions.start();
    const db = createKysely(lanes);

    const environmentIds = new Map<EnvironmentId, number>();
    const idOf = async (environment: EnvironmentId): Promise<number> => {
      const known = environmentIds.get(environment);
      if (known !== undefined) return known;
      const [row] = await sql<{ id: number }[]>`SELECT id FROM environments WHERE name = ${environment}`;
      if (row !== undefined) environmentIds.set(environment, row.id);
      return row?.id ?? NO_ENVIRONMENT;
    };
    const madeIdOf = async (environment: EnvironmentId): Promise<number> => {
      if ((await idOf(environment)) === NO_ENVIRONMENT)
        await sql`INSERT INTO environments (name, revision) VALUES (${environment}, 0) ON CONFLICT DO NOTHING`;
      return await idOf(environment);
    };
    const context: PostgresContext = { sql, lanes, db, idOf, madeIdOf };
    const queue = createAppendQueue(createCommit(writing, partitions, madeIdOf), commitsAtOnce, meter);

    return withoutDriverErrors({
      ...createPostgresEvents(context, queue),
      ...createPostgresReports(context),
      ...createPostgresDefinitions(context, options.clock),
      ...createPostgresKeys(context),
      ...createPostgresDocuments(context),
      ...createPostgresAudit(context),
      ...createPostgresUpkeep(context),
      async probe(now) {
        await sql`INSERT INTO probe (id, at) VALUES (1, ${now}) ON CONFLICT (id) DO UPDATE SET at = excluded.at`;
      },
      async dispose() {
        await queue.drained();
        await close();
      },
    });
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function requireVersion(sql: Sql): Promise<void> {
  const [row] = await sql<{ number: number; words: string }[]>`
    SELECT current_setting('server_version_num')::integer AS number, current_setting('server_version') AS words`;
  if (row === undefined || row.number < OLDEST)
    throw new Error(`This is PostgreSQL ${row?.words}; Cairn needs 15 or newer.`);
}

/** What the driver throws for a database that is away, full or busy becomes `storeUnavailable`, whoever asked. */
function withoutDriverErrors(storage: Storage): Storage {
  const wrapped = Object.entries(storage).map(([name, method]: [string, (...args: never[]) => unknown]) => {
    const answer = (...args: never[]) => {
      const result = method(...args);
      return isStream(result)
        ? streamOf(result)
        : (result as Promise<unknown>).catch((thrown: unknown) => {
            throw toUnavailable(thrown);
          });
    };
    return [name, answer];
  });
  return Object.fromEntries(wrapped) as Storage;
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

async function* streamOf(source: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* source;
  } catch (thrown) {
    throw toUnavailable(thrown);
  }
}
