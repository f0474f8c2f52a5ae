import type { KeyStore, StoredKey } from "../key-store.ts";
import type { SqliteContext } from "./context.ts";
import { runNow, toStatement } from "./kysely-dialect.ts";

export function createSqliteKeys({ database, db, writer }: SqliteContext): KeyStore {
  return {
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
  };
}
