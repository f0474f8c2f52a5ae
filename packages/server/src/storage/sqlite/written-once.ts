import type { EventRecord } from "../storage.ts";
import type { SqliteDatabase } from "./driver.ts";

type Person = Pick<EventRecord, "userId" | "anonymousId" | "accountId">;
/** What an event is, apart from whom it is about and when. */
export type Kind = Pick<EventRecord, "name" | "type" | "active" | "verified">;

const TYPES: readonly EventRecord["type"][] = ["track", "identify", "group", "page"];
/** Most rows remembered of each table; then all are forgotten, and read again as they come. */
const REMEMBERED = 50_000;

/** Numbers of the rows that events point to; a row is written when it is first needed. */
export interface WrittenOnce {
  personId(environmentId: number, person: Person): number;
  kindId(environmentId: number, kind: Kind): number;
  /** To be called when a transaction was rolled back: rows written in it are gone. */
  forget(): void;
}

export function createWrittenOnce(database: SqliteDatabase): WrittenOnce {
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
  const people = new Map<string, number>();
  /** By environment, type and flags, then by name: asked for every event, so no key is put together. */
  const kinds = new Map<number, Map<string, number>>();
  // A batch is mostly one person's: the one before is looked at first.
  let latest: (Person & { readonly environmentId: number; readonly id: number }) | undefined;

  return {
    personId(environmentId, { userId, anonymousId, accountId }) {
      if (
        latest !== undefined &&
        latest.userId === userId &&
        latest.anonymousId === anonymousId &&
        latest.accountId === accountId &&
        latest.environmentId === environmentId
      )
        return latest.id;
      // Ids hold no control characters, so this names one person.
      const key = `${environmentId}\n${userId ?? ""}\n${anonymousId ?? ""}\n${accountId ?? ""}`;
      let id = people.get(key);
      if (id === undefined) {
        const values = [environmentId, userId ?? "", anonymousId ?? "", accountId ?? ""] as const;
        const row = findPerson.get(...values) as { id: number } | undefined;
        id = row?.id ?? Number(addPerson.run(...values).lastInsertRowid);
        remember(people, key, id);
      }
      latest = { environmentId, userId, anonymousId, accountId, id };
      return id;
    },
    kindId(environmentId, { name, type, active, verified }) {
      const variant =
        (environmentId * TYPES.length + TYPES.indexOf(type)) * 4 + (active ? 2 : 0) + (verified ? 1 : 0);
      let byName = kinds.get(variant);
      if (byName === undefined) {
        byName = new Map();
        kinds.set(variant, byName);
      }
      const known = byName.get(name);
      if (known !== undefined) return known;
      const values = [environmentId, name, type, active ? 1 : 0, verified ? 1 : 0] as const;
      let row = findKind.get(...values) as { id: number } | undefined;
      row ??= { id: Number(addKind.run(...values).lastInsertRowid) };
      remember(byName, name, row.id);
      return row.id;
    },
    forget() {
      people.clear();
      kinds.clear();
      latest = undefined;
    },
  };
}

function remember(ids: Map<string, number>, key: string, id: number): void {
  if (ids.size >= REMEMBERED) ids.clear();
  ids.set(key, id);
}
