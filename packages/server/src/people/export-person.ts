import type { EnvironmentId, Storage, StoredPerson } from "../storage/storage.ts";
import { exportLine, exportShare } from "./export-lines.ts";

/**
 * All that is stored of a person, line by line, each one JSON object with a `record`: `person` first, then what
 * {@link exportShare} has.
 */
export async function* exportPerson(
  storage: Storage,
  environment: EnvironmentId,
  id: string,
  person: StoredPerson,
  now: number,
): AsyncGenerator<string> {
  const { userId, anonymousIds, ids } = person;
  const accounts = [...new Set(ids.flatMap(({ accountId }) => accountId ?? []))].sort();
  const exportedAt = new Date(now).toISOString();
  yield exportLine("person", { id, userId, environment, exportedAt, anonymousIds, accounts });
  yield* exportShare(storage, environment, person, { taught: "identify", ofUser: false });
}
