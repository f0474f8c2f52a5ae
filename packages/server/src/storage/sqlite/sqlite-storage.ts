import type { EnvironmentId, Storage, StoredKey } from "../storage.ts";
import { openDatabase, transaction } from "./driver.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createKysely, runNow } from "./kysely-dialect.ts";
import { migrate } from "./migrations.ts";
import { createSqliteDefinitions } from "./sqlite-definitions.ts";
import { createSqliteEvents } from "./sqlite-events.ts";

/**
 * WAL with synchronous FULL: a commit is on the disk before it is answered. A larger checkpoint interval writes each
 * page less often; the WAL may grow to about 32 MB.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 8000;
  PRAGMA cache_size = -65536;
  PRAGMA temp_store = MEMORY;
  PRAGMA busy_timeout = 5000;`;

/** Opens (or makes) the database file and brings its schema up to date. */
export async function openSqliteStorage(path: string): Promise<Storage> {
  const database = openDatabase(path);
  const db = createKysely(database);
  try {
    database.exec(PRAGMAS);
    await migrate(db);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  const events = createSqliteEvents(database);
  const definitions = createSqliteDefinitions(database, db);
  const selectEnvironment = database.prepare("SELECT id FROM environments WHERE name = ?");
  const addEnvironment = database.prepare(
    "INSERT INTO environments (name, revision) VALUES (?, 0) ON CONFLICT (name) DO NOTHING",
  );
  const writeProbe = database.prepare(
    "INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
  );

  const environmentIds = new Map<EnvironmentId, number>();
  const idOf = (environment: EnvironmentId): number => {
    const known = environmentIds.get(environment);
    if (known !== undefined) return known;
    addEnvironment.run(environment);
    const { id } = selectEnvironment.get(environment) as { id: number };
    environmentIds.set(environment, id);
    return id;
  };

  const commits = createGroupCommit((batches) => {
    const withIds = batches.map(({ environment, records }) => ({ id: idOf(environment), records }));
    try {
      return transaction(database, () => {
        const results = withIds.map(({ id, records }) => events.insert(id, records));
        events.finish();
        return results;
      });
    } catch (thrown) {
      events.forget();
      throw thrown;
    }
  });

  return {
    append: commits.append,
    events: (environment, filter) => events.read(idOf(environment), filter),
    activity: async (environment) => events.activity(idOf(environment)),
    activeBetween: async (environment, from, to) => events.activeBetween(idOf(environment), from, to),
    eventCounts: async (environment) => events.counts(idOf(environment)),
    catalog: async (environment) => events.catalog(idOf(environment)),
    definitions: async (environment) => definitions.load(idOf(environment)),
    versions: async (environment, flow) => definitions.versions(idOf(environment), flow),
    change: async (environment, expected, changes, now) =>
      definitions.change(idOf(environment), expected, changes, now),
    keys: async () =>
      runNow(database, db.selectFrom("api_keys").selectAll().orderBy("created_at")).map((row) => ({
        hash: row.hash,
        kind: row.kind as StoredKey["kind"],
        environment: row.environment,
        createdAt: row.created_at,
      })),
    async addKey({ hash, kind, environment, createdAt }) {
      runNow(database, db.insertInto("api_keys").values({ hash, kind, environment, created_at: createdAt }));
    },
    async probe(now) {
      writeProbe.run(now);
    },
    async dispose() {
      await commits.drain();
      database.close();
    },
  };
}
