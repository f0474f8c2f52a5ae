import { setImmediate as turn } from "node:timers/promises";
import type { StoredAccount } from "../person-store.ts";
import { accountAmong } from "../whose-ids.ts";
import type { SqliteDatabase } from "./driver.ts";
import { readPresence } from "./presence.ts";

/** Numbers of people looked at in one turn: a few milliseconds. */
const SLICE_PEOPLE = 10_000;

interface PersonRow {
  readonly id: number;
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly account_id: string;
}

/** What was sent in an account's name. It is asked for rarely, so people have no index by account: all are looked at. */
export async function readAccount(
  database: SqliteDatabase,
  environmentId: number,
  id: string,
): Promise<StoredAccount | undefined> {
  const last = database.prepare("SELECT coalesce(max(id), 0) AS id FROM people").get() as { id: number };
  const ofAccount = database.prepare(
    "SELECT * FROM people WHERE id > ? AND id <= ? AND environment_id = ? AND account_id = ?",
  );
  const ofUser = database.prepare("SELECT * FROM people WHERE environment_id = ? AND user_id = ?");
  const rows = new Map<number, PersonRow>();
  const add = (found: readonly unknown[]) => {
    for (const row of found as readonly PersonRow[]) rows.set(row.id, row);
  };
  for (let after = 0; after < last.id; after += SLICE_PEOPLE) {
    add(ofAccount.all(after, after + SLICE_PEOPLE, environmentId, id));
    await turn();
  }
  for (const userId of new Set([...rows.values()].map((row) => row.user_id)))
    if (userId !== "") add(ofUser.all(environmentId, userId));
  const { of } = await readPresence(database, environmentId, new Set(rows.keys()));
  // Ids that only a repeated message had were never seen.
  const seen = [...rows.values()].filter((row) => of.has(row.id));
  return accountAmong(
    seen.map((row) => ({
      userId: row.user_id || null,
      anonymousId: row.anonymous_id || null,
      accountId: row.account_id || null,
    })),
    id,
  );
}
