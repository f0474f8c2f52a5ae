import { addGuidance, addMoment, createGuidance, createMoments, createWords } from "./column.ts";
import type { EventRecord, EventStore } from "./event-store.ts";
import { type GuidanceWord, markOf } from "./guidance-mark.ts";
import type { PersonIds, ReportStore } from "./report-store.ts";
import { learnTraits, type TraitTable } from "./trait-table.ts";

/**
 * Reports for a store without rollups: every question reads all messages. Right by itself, slow by nature; what a
 * store with rollups is compared with.
 */
export function createScannedReports({ events }: Pick<EventStore, "events">): ReportStore {
  return {
    async reportData(environment, { events: names = [], features = [], flows = [], matching = [] }) {
      const people = createScannedPeople();
      const words: GuidanceWord[] = [];
      const numberOf = createWords(words);
      const data = {
        activity: createMoments(),
        seen: createMoments(),
        events: new Map(names.map((name) => [name, createMoments()])),
        features: new Map(features.map((id) => [id, createMoments()])),
        flows: new Map(flows.map((id) => [id, createGuidance(words)])),
        matching: new Map(matching.map(({ key }) => [key, createMoments()])),
      };
      for await (const record of all(events(environment, {}))) {
        const { type, name, at, active, accountId, body } = record;
        const person = people.see(record);
        if (active) addMoment(data.activity, at, person);
        else if (accountId !== null) addMoment(data.seen, at, person);
        if (type !== "track") continue;
        const column = data.events.get(name);
        if (column !== undefined) addMoment(column, at, person);
        for (const { key, event, test } of matching) {
          const matched = event === name ? data.matching.get(key) : undefined;
          if (matched !== undefined && test(propertiesOf(body), at)) addMoment(matched, at, person);
        }
        const mark = name.startsWith("cairn.") ? markOf(name, JSON.parse(body)) : undefined;
        if (mark?.list === "feature") {
          const used = data.features.get(mark.subject);
          if (used !== undefined) addMoment(used, at, person);
        } else if (mark !== undefined) {
          const guidance = data.flows.get(mark.subject);
          if (guidance !== undefined)
            addGuidance(guidance, at, person, { ...mark, word: numberOf(mark.word) });
        }
      }
      return { people: people.done(), ...data };
    },
  };
}

export function propertiesOf(body: string): Readonly<Record<string, unknown>> {
  const { properties } = JSON.parse(body) as { properties?: Record<string, unknown> | null };
  return properties ?? {};
}

async function* all(chunks: AsyncIterable<readonly EventRecord[]>): AsyncGenerator<EventRecord> {
  for await (const chunk of chunks) yield* chunk;
}

function createScannedPeople() {
  const numbers = new Map<string, number>();
  const ids: PersonIds[] = [];
  const first: number[] = [];
  const last: number[] = [];
  const userTraits: TraitTable<number> = new Map();
  const accountTraits: TraitTable<string> = new Map();
  return {
    /** The number of whom this message is about. */
    see({ type, userId, anonymousId, accountId, at, messageId, body }: EventRecord): number {
      const key = JSON.stringify([userId, anonymousId, accountId]);
      const known = numbers.get(key);
      const person = known ?? ids.length;
      if (known === undefined) {
        numbers.set(key, person);
        ids.push({ userId, anonymousId, accountId });
        first.push(at);
        last.push(at);
      }
      first[person] = Math.min(first[person] ?? at, at);
      last[person] = Math.max(last[person] ?? at, at);
      if (type === "identify") learnTraits(userTraits, person, traitsOf(body), at, messageId);
      else if (type === "group" && accountId !== null)
        learnTraits(accountTraits, accountId, traitsOf(body), at, messageId);
      return person;
    },
    done: () => ({
      ids,
      first: Float64Array.from(first),
      last: Float64Array.from(last),
      userTraits,
      accountTraits,
    }),
  };
}

export function traitsOf(body: string): unknown {
  return (JSON.parse(body) as { traits?: unknown }).traits;
}
