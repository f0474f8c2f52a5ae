import type { EnvironmentId, EventRecord, Storage, StoredPerson } from "../storage/storage.ts";

/**
 * All that is stored of a person, line by line, each one JSON object with a `record`: `person` first, then `state`
 * where one is kept, an `event` for each message by time, their `traits`, and `end`, which says that nothing is missing.
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
  yield line("person", { id, userId, environment, exportedAt, anonymousIds, accounts });
  const state = userId === null ? undefined : await storage.document(environment, "state", userId);
  if (state !== undefined)
    yield line("state", {
      updatedAt: new Date(state.updatedAt).toISOString(),
      state: JSON.parse(state.body) as unknown,
    });
  const traits: Record<string, unknown> = Object.create(null);
  let events = 0;
  for await (const chunk of storage.personEvents(environment, person)) {
    events += chunk.length;
    for (const record of chunk) if (record.type === "identify") Object.assign(traits, traitsOf(record));
    yield chunk.map(eventLine).join("");
  }
  yield line("traits", { traits });
  yield line("end", { events });
}

function eventLine({ body, receivedAt, verified }: EventRecord): string {
  return line("event", {
    receivedAt: new Date(receivedAt).toISOString(),
    verified,
    message: JSON.parse(body) as unknown,
  });
}

function line(record: string, fields: object): string {
  return `${JSON.stringify({ record, ...fields })}\n`;
}

function traitsOf({ body }: EventRecord): object {
  const { traits } = JSON.parse(body) as { readonly traits?: object | null };
  return traits ?? {};
}
