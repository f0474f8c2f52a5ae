import type { SqliteDatabase } from "./driver.ts";
import { isActive, isVerified, typeOf } from "./packed-batch.ts";

/** Most rows remembered of each table; then all are forgotten, and read again as they come. */
const REMEMBERED = 50_000;
/** More than there are variants of a kind. */
const VARIANTS = 16;

/** Numbers of the rows that events point to; a row is written when it is first needed. */
export interface WrittenOnce {
  environmentId(name: string): number;
  /** `""` stands for no id. */
  personId(environmentId: number, userId: string, anonymousId: string, accountId: string): number;
  kindId(environmentId: number, name: string, variant: number): number;
  /** To be called when a transaction was rolled back: rows written in it are gone. */
  forget(): void;
}

export function createWrittenOnce(database: SqliteDatabase): WrittenOnce {
  const addEnvironment = database.prepare(
    "INSERT INTO environments (name, revision) VALUES (?, 0) ON CONFLICT DO NOTHING",
  );
  const findEnvironment = database.prepare("SELECT id FROM environments WHERE name = ?");
  const addPerson = database.prepare(
    `INSERT INTO people (environment_id, user_id, anonymous_id, account_id) VALUES (?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const findPerson = database.prepare(
    "SELECT id FROM people WHERE environment_id = ? AND user_id = ? AND anonymous_id = ? AND account_id = ?",
  );
  const addKind = database.prepare(
    `INSERT INTO kinds (environment_id, name, type, active, verified, count, last_at) VALUES (?, ?, ?, ?, ?, 0, 0)
     ON CONFLICT DO NOTHING`,
  );
  const findKind = database.prepare(
    "SELECT id FROM kinds WHERE environment_id = ? AND name = ? AND type = ? AND active = ? AND verified = ?",
  );
  const environments = new Map<string, number>();
  const people = new Map<string, number>();
  /** By environment and variant, then by name: asked many times a batch, so no key is put together. */
  const kinds = new Map<number, Map<string, number>>();

  return {
    environmentId(name) {
      const known = environments.get(name);
      if (known !== undefined) return known;
      const row = findEnvironment.get(name) as { id: number } | undefined;
      const id = row?.id ?? Number(addEnvironment.run(name).lastInsertRowid);
      remember(environments, name, id);
      return id;
    },
    personId(environmentId, userId, anonymousId, accountId) {
      // Ids hold no control characters, so this names one person.
      const key = `${environmentId}\n${userId}\n${anonymousId}\n${accountId}`;
      const known = people.get(key);
      if (known !== undefined) return known;
      const row = findPerson.get(environmentId, userId, anonymousId, accountId) as { id: number } | undefined;
      const id =
        row?.id ?? Number(addPerson.run(environmentId, userId, anonymousId, accountId).lastInsertRowid);
      remember(people, key, id);
      return id;
    },
    kindId(environmentId, name, variant) {
      const key = environmentId * VARIANTS + variant;
      let byName = kinds.get(key);
      if (byName === undefined) {
        byName = new Map();
        kinds.set(key, byName);
      }
      const known = byName.get(name);
      if (known !== undefined) return known;
      const values = [
        environmentId,
        name,
        typeOf(variant),
        isActive(variant) ? 1 : 0,
        isVerified(variant) ? 1 : 0,
      ] as const;
      const row = findKind.get(...values) as { id: number } | undefined;
      const id = row?.id ?? Number(addKind.run(...values).lastInsertRowid);
      remember(byName, name, id);
      return id;
    },
    forget() {
      environments.clear();
      people.clear();
      kinds.clear();
    },
  };
}

function remember(ids: Map<string, number>, key: string, id: number): void {
  if (ids.size >= REMEMBERED) ids.clear();
  ids.set(key, id);
}
