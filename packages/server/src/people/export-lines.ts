import type { EnvironmentId, EventRecord, Storage, StoredShare } from "../storage/storage.ts";

/** One line of an export: a JSON object that says what it is. */
export function exportLine(record: string, fields: object): string {
  return `${JSON.stringify({ record, ...fields })}\n`;
}

/**
 * A `state` for each one that is kept, an `event` for each message by time, the `traits` that messages of `taught` have
 * told, and `end`, which says that nothing is missing. `ofUser`: whether a state says whose it is.
 */
export async function* exportShare(
  storage: Storage,
  environment: EnvironmentId,
  share: StoredShare,
  { taught, ofUser }: { readonly taught: EventRecord["type"]; readonly ofUser: boolean },
): AsyncGenerator<string> {
  for (const userId of share.states) {
    const state = await storage.document(environment, "state", userId);
    if (state !== undefined)
      yield exportLine("state", {
        ...(ofUser ? { userId } : {}),
        updatedAt: new Date(state.updatedAt).toISOString(),
        state: JSON.parse(state.body) as unknown,
      });
  }
  const traits: Record<string, unknown> = Object.create(null);
  let events = 0;
  for await (const chunk of storage.shareEvents(environment, share)) {
    events += chunk.length;
    for (const record of chunk) if (record.type === taught) Object.assign(traits, traitsOf(record));
    yield chunk.map(eventLine).join("");
  }
  yield exportLine("traits", { traits });
  yield exportLine("end", { events });
}

function eventLine({ body, receivedAt, verified }: EventRecord): string {
  return exportLine("event", {
    receivedAt: new Date(receivedAt).toISOString(),
    verified,
    message: JSON.parse(body) as unknown,
  });
}

function traitsOf({ body }: EventRecord): object {
  const { traits } = JSON.parse(body) as { readonly traits?: object | null };
  return traits ?? {};
}
