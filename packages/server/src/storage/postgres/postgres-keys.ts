import type { KeyStore, StoredKey } from "../key-store.ts";
import type { PostgresContext } from "./context.ts";

export function createPostgresKeys({ db }: PostgresContext): KeyStore {
  return {
    async keys() {
      const rows = await db.selectFrom("api_keys").selectAll().orderBy("created_at").execute();
      return rows.map(({ hash, kind, environment, created_at }) => ({
        hash,
        kind: kind as StoredKey["kind"],
        environment,
        createdAt: created_at,
      }));
    },
    async addKey({ hash, kind, environment, createdAt }) {
      await db.insertInto("api_keys").values({ hash, kind, environment, created_at: createdAt }).execute();
    },
  };
}
