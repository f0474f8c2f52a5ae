import type { EnvironmentId, Storage, StoredAccount } from "../storage/storage.ts";
import { exportLine, exportShare } from "./export-lines.ts";

/**
 * All that is stored of an account, line by line, each one JSON object with a `record`: `account` first, with the users
 * it was named together with, then what {@link exportShare} has.
 */
export async function* exportAccount(
  storage: Storage,
  environment: EnvironmentId,
  id: string,
  account: StoredAccount,
  now: number,
): AsyncGenerator<string> {
  const exportedAt = new Date(now).toISOString();
  yield exportLine("account", { id, environment, exportedAt, users: account.userIds });
  yield* exportShare(storage, environment, account, { taught: "group", ofUser: true });
}
