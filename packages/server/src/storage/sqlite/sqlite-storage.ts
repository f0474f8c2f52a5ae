import type { EnvironmentId, Storage, StoredKey } from "../storage.ts";
import { createKysely, runNow, toStatement } from "./kysely-dialect.ts";
import { migrate } from "./migrations.ts";
import { openConnection } from "./open-connection.ts";
import { createSqliteDefinitions } from "./sqlite-definitions.ts";
import { createSqliteEvents } from "./sqlite-events.ts";
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
export async function openSqliteStorage(path: string): Promise<Storage> {
  const database = openConnection(path);
  try {
    const db = createKysely(database);
    await migrate(db);
    database.exec("PRAGMA query_only = ON");
    const events = createSqliteEvents(database);
    const definitions = createSqliteDefinitions(database, db);
    const selectEnvironment = database.prepare("SELECT id FROM environments WHERE name = ?");
    const writer = await openWriterPort(() => startWriterThread(path));

    const environmentIds = new Map<EnvironmentId, number>();
    const idOf = (environment: EnvironmentId): number => {
      const known = environmentIds.get(environment);
      if (known !== undefined) return known;
      const row = selectEnvironment.get(environment) as { readonly id: number } | undefined;
      if (row !== undefined) environmentIds.set(environment, row.id);
      return row?.id ?? NO_ENVIRONMENT;
    };
    const made = async (environment: EnvironmentId): Promise<number> => {
      if (idOf(environment) === NO_ENVIRONMENT) {
        const row = db.insertInto("environments").values({ name: environment, revision: 0 });
        await writer.write({ statements: [toStatement(row.onConflict((conflict) => conflict.doNothing()))] });
      }
      return idOf(environment);
    };

    return {
      append: writer.append,
      events: (environment, filter) => events.read(idOf(environment), filter),
      activity: async (environment) => events.activity(idOf(environment)),
      activeBetween: async (environment, from, to) => events.activeBetween(idOf(environment), from, to),
      eventCounts: async (environment) => events.counts(idOf(environment)),
      catalog: async (environment) => events.catalog(idOf(environment)),
      definitions: async (environment) => definitions.load(idOf(environment)),
      versions: async (environment, flow) => definitions.versions(idOf(environment), flow),
      change: async (environment, expected, changes, now) =>
        await writer.write(definitions.toWrite(await made(environment), expected, changes, now)),
      keys: async () =>
        runNow(database, db.selectFrom("api_keys").selectAll().orderBy("created_at")).map((row) => ({
          hash: row.hash,
          kind: row.kind as StoredKey["kind"],
          environment: row.environment,
          createdAt: row.created_at,
        })),
      async addKey({ hash, kind, environment, createdAt }) {
        const row = db.insertInto("api_keys").values({ hash, kind, environment, created_at: createdAt });
        await writer.write({ statements: [toStatement(row)] });
      },
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
