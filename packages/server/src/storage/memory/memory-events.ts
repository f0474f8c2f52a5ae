import { type Tally, tally } from "../catalog-tally.ts";
import { compareText } from "../compare-text.ts";
import { CATALOG_LIMIT, type EventRecord, type EventStore, type Sighting } from "../event-store.ts";

const CHUNK = 1000;

interface World {
  readonly byId: Map<string, EventRecord>;
  sorted: EventRecord[] | null;
  /** By message id, of those that have any. */
  readonly sightings: Map<string, readonly Sighting[]>;
  readonly catalog: Map<string, Tally>;
}

export interface MemoryEvents extends EventStore {
  environments(): readonly string[];
  /** Takes away the events that fit, and what was counted of them; gives back how many. */
  remove(environment: string, fits: (record: EventRecord) => boolean): number;
}

export function createMemoryEvents(): MemoryEvents {
  const worlds = new Map<string, World>();

  const world = (environment: string): World => {
    let found = worlds.get(environment);
    if (found === undefined) {
      found = { byId: new Map(), sorted: null, sightings: new Map(), catalog: new Map() };
      worlds.set(environment, found);
    }
    return found;
  };
  const inOrder = (environment: string): readonly EventRecord[] => {
    const w = world(environment);
    w.sorted ??= [...w.byId.values()].sort(byTimeThenId);
    return w.sorted;
  };

  return {
    environments: () => [...worlds.keys()],
    remove(environment, fits) {
      const w = world(environment);
      const gone = [...w.byId.values()].filter(fits);
      for (const { messageId } of gone) {
        w.byId.delete(messageId);
        w.sightings.delete(messageId);
      }
      w.sorted = null;
      w.catalog.clear();
      for (const record of w.byId.values()) learn(w, record, w.sightings.get(record.messageId) ?? []);
      return gone.length;
    },

    async append(environment, records) {
      const w = world(environment);
      let accepted = 0;
      for (const { sightings, mark: _, ...record } of records) {
        if (w.byId.has(record.messageId)) continue;
        w.byId.set(record.messageId, record);
        if (sightings !== undefined) {
          w.sightings.set(record.messageId, sightings);
          learn(w, record, sightings);
        }
        accepted += 1;
      }
      w.sorted = null;
      return { accepted, duplicate: records.length - accepted };
    },

    async *events(environment, { names, people, account, from = -Infinity, to = Infinity }) {
      const matching = inOrder(environment).filter(
        (record) =>
          record.at >= from &&
          record.at < to &&
          (names === undefined || names.includes(record.name)) &&
          (people === undefined || people.some((id) => id === record.userId || id === record.anonymousId)) &&
          (account === undefined || record.accountId === account),
      );
      for (let start = 0; start < matching.length; start += CHUNK) yield matching.slice(start, start + CHUNK);
    },

    async eventCounts(environment) {
      const counts = new Map<string, { name: string; count: number; lastAt: number; example: string }>();
      for (const { name, at, body } of inOrder(environment)) {
        const row = counts.get(name) ?? { name, count: 0, lastAt: at, example: body };
        counts.set(name, { name, count: row.count + 1, lastAt: at, example: body });
      }
      return [...counts.values()].sort((a, b) => compareText(a.name, b.name));
    },

    async catalog(environment) {
      return [...world(environment).catalog.values()].map(({ list, name, count, lastAt, example }) => ({
        list,
        name,
        count,
        lastAt,
        example,
      }));
    },
  };
}

function learn({ catalog }: World, record: EventRecord, sightings: readonly Sighting[]): void {
  tally(catalog, sightings, record, ({ list }) => namesIn(catalog, list) < CATALOG_LIMIT);
}

function byTimeThenId(a: EventRecord, b: EventRecord): number {
  return a.at - b.at || compareText(a.messageId, b.messageId);
}

function namesIn(catalog: ReadonlyMap<string, Tally>, list: string): number {
  let names = 0;
  for (const row of catalog.values()) if (row.list === list) names += 1;
  return names;
}
