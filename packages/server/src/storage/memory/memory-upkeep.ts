import type { EventRecord } from "../event-store.ts";
import type { PersonStore, StoredShare } from "../person-store.ts";
import type { PersonIds } from "../report-store.ts";
import { type UpkeepStore, wholeHour } from "../upkeep-store.ts";
import { accountAmong, personAmong, type SeenIds } from "../whose-ids.ts";
import type { MemoryAudit, MemoryDocuments } from "./memory-documents.ts";
import type { MemoryEvents } from "./memory-events.ts";

/** Erasure, export and retention by plain reading of everything. */
export function createMemoryUpkeep(
  events: MemoryEvents,
  documents: Pick<MemoryDocuments, "removeStates">,
  audit: Pick<MemoryAudit, "add">,
): PersonStore & UpkeepStore {
  const combinations = async (environment: string): Promise<readonly SeenIds[]> => {
    const found = new Map<string, SeenIds>();
    for await (const chunk of events.events(environment, {}))
      for (const { userId, anonymousId, accountId, at } of chunk) {
        const key = keyOf({ userId, anonymousId, accountId });
        if (!found.has(key)) found.set(key, { userId, anonymousId, accountId, first: at });
      }
    return [...found.values()];
  };
  const isOf = ({ ids }: StoredShare) => {
    const keys = new Set(ids.map(keyOf));
    return (record: EventRecord) => keys.has(keyOf(record));
  };
  return {
    async person(environment, id) {
      return personAmong(await combinations(environment), id);
    },
    async account(environment, id) {
      return accountAmong(await combinations(environment), id);
    },
    async *shareEvents(environment, share) {
      const fits = isOf(share);
      for await (const chunk of events.events(environment, {})) {
        const own = chunk.filter(fits);
        if (own.length > 0) yield own;
      }
    },
    async erase(environment, share, now, entries) {
      const states = documents.removeStates(environment, ({ id }) => share.states.includes(id));
      const erased = events.remove(environment, isOf(share));
      audit.add(environment, entries, now);
      return { events: erased, states };
    },
    async forget(before) {
      const gone = { events: 0, people: 0, states: 0 };
      if (before === null) return gone;
      const cutoff = wholeHour(before);
      for (const environment of events.environments()) {
        const people = (await combinations(environment)).length;
        gone.events += events.remove(environment, ({ at }) => at < cutoff);
        gone.people += people - (await combinations(environment)).length;
        gone.states += documents.removeStates(environment, ({ updatedAt }) => updatedAt < cutoff);
      }
      return gone;
    },
  };
}

function keyOf({ userId, anonymousId, accountId }: PersonIds): string {
  return JSON.stringify([userId, anonymousId, accountId]);
}
