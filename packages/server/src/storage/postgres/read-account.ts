import type { StoredAccount } from "../person-store.ts";
import { accountAmong } from "../whose-ids.ts";
import type { Sql } from "./connect.ts";

/** What was sent in an account's name. It is asked for rarely, so people have no index by account: all are looked at. */
export async function readAccount(
  sql: Sql,
  environmentId: number,
  id: string,
): Promise<StoredAccount | undefined> {
  const rows = await sql<{ user_id: string; anonymous_id: string; account_id: string }[]>`
    WITH own AS (SELECT * FROM people WHERE environment_id = ${environmentId} AND account_id = ${id}),
    around AS (
      SELECT * FROM own UNION
      SELECT people.* FROM (SELECT DISTINCT user_id FROM own WHERE user_id <> '') AS users
        JOIN people ON people.environment_id = ${environmentId} AND people.user_id = users.user_id)
    SELECT user_id, anonymous_id, account_id FROM around
    WHERE EXISTS (SELECT FROM presence WHERE person_id = around.id)`;
  return accountAmong(
    rows.map((row) => ({
      userId: row.user_id || null,
      anonymousId: row.anonymous_id || null,
      accountId: row.account_id || null,
    })),
    id,
  );
}
