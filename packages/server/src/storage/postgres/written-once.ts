import type { ArrivingEvent } from "../event-store.ts";
import type { Arrived } from "./commit-events.ts";
import type { LaneSql } from "./lanes.ts";

/** Most rows remembered of each table; then all are forgotten, and read again as they come. */
const REMEMBERED = 50_000;

/** Numbers of the rows that events point to. */
export interface Numbers {
  kindOf(environmentId: number, record: ArrivingEvent): number;
  personOf(environmentId: number, record: ArrivingEvent): number;
}

/** Numbers found or given in a transaction. */
interface Learnt extends Numbers {
  readonly kinds: ReadonlyMap<string, number>;
  readonly people: ReadonlyMap<string, number>;
}

/** People and kinds stand in tables of their own; a row is written when it is first needed. */
export interface WrittenOnce {
  /** Finds or writes the rows of all these events. */
  resolve(transaction: LaneSql, events: readonly Arrived[]): Promise<Learnt>;
  /** To be called when that transaction was committed. */
  remember(learnt: Learnt): void;
  /** To be called when rows of people were taken away. */
  forget(): void;
}

export function createWrittenOnce(): WrittenOnce {
  const kinds = new Map<string, number>();
  const people = new Map<string, number>();
  return {
    async resolve(transaction, events) {
      const newKinds = new Map<string, Arrived>();
      const newPeople = new Map<string, Arrived>();
      for (const event of events) {
        const kind = kindKey(event.environmentId, event.record);
        if (!kinds.has(kind)) newKinds.set(kind, event);
        const person = personKey(event.environmentId, event.record);
        if (!people.has(person)) newPeople.set(person, event);
      }
      const foundPeople = newPeople.size === 0 ? NONE : await findPeople(transaction, newPeople);
      const foundKinds = newKinds.size === 0 ? NONE : await findKinds(transaction, newKinds);
      return {
        kinds: foundKinds,
        people: foundPeople,
        kindOf: (environmentId, record) => numberOf(kindKey(environmentId, record), kinds, foundKinds),
        personOf: (environmentId, record) => numberOf(personKey(environmentId, record), people, foundPeople),
      };
    },
    remember(learnt) {
      addAll(kinds, learnt.kinds);
      addAll(people, learnt.people);
    },
    forget() {
      kinds.clear();
      people.clear();
    },
  };
}

const NONE: ReadonlyMap<string, number> = new Map();

/** Ids and names hold no control characters, so a key names one row. */
function kindKey(environmentId: number, { name, type, active, verified }: ArrivingEvent): string {
  return `${environmentId}\n${name}\n${type}${active ? "+" : "-"}${verified ? "+" : "-"}`;
}
function personKey(environmentId: number, { userId, anonymousId, accountId }: ArrivingEvent): string {
  return `${environmentId}\n${userId ?? ""}\n${anonymousId ?? ""}\n${accountId ?? ""}`;
}

/** A second statement finds what another server has written in the meantime. */
async function findPeople(
  transaction: LaneSql,
  wanted: ReadonlyMap<string, Arrived>,
): Promise<ReadonlyMap<string, number>> {
  const keys = [...wanted.keys()];
  const rows = [...wanted.values()].map(({ environmentId, record }, i) => ({
    i,
    e: environmentId,
    u: record.userId ?? "",
    n: record.anonymousId ?? "",
    a: record.accountId ?? "",
  }));
  const json = JSON.stringify(rows);
  const [, found] = await Promise.all([
    transaction`
      INSERT INTO people (environment_id, user_id, anonymous_id, account_id)
      SELECT e, u, n, a FROM json_to_recordset(${json}::text::json) AS x(e integer, u text, n text, a text)
      WHERE NOT EXISTS (SELECT FROM people
        WHERE environment_id = e AND user_id = u AND anonymous_id = n AND account_id = a)
      ORDER BY e, u COLLATE "C", n COLLATE "C", a COLLATE "C" ON CONFLICT DO NOTHING`,
    transaction<{ i: number; id: number }[]>`
      SELECT i, id FROM json_to_recordset(${json}::text::json) AS x(i integer, e integer, u text, n text, a text)
      CROSS JOIN LATERAL (SELECT id FROM people
        WHERE environment_id = e AND user_id = u AND anonymous_id = n AND account_id = a OFFSET 0) AS person`,
  ]);
  return new Map(found.map(({ i, id }) => [keys[i] as string, id]));
}

async function findKinds(
  transaction: LaneSql,
  wanted: ReadonlyMap<string, Arrived>,
): Promise<ReadonlyMap<string, number>> {
  const keys = [...wanted.keys()];
  const rows = [...wanted.values()].map(({ environmentId, record }, i) => ({
    i,
    e: environmentId,
    n: record.name,
    t: record.type,
    a: record.active,
    v: record.verified,
  }));
  const json = JSON.stringify(rows);
  const [, found] = await Promise.all([
    transaction`
      INSERT INTO kinds (environment_id, name, type, active, verified)
      SELECT e, n, t, a, v FROM json_to_recordset(${json}::text::json) AS x(e integer, n text, t text, a boolean, v boolean)
      WHERE NOT EXISTS (SELECT FROM kinds
        WHERE environment_id = e AND name = n AND type = t AND active = a AND verified = v)
      ORDER BY e, n COLLATE "C", t, a, v ON CONFLICT DO NOTHING`,
    transaction<{ i: number; id: number }[]>`
      SELECT i, id
      FROM json_to_recordset(${json}::text::json) AS x(i integer, e integer, n text, t text, a boolean, v boolean)
      CROSS JOIN LATERAL (SELECT id FROM kinds
        WHERE environment_id = e AND name = n AND type = t AND active = a AND verified = v OFFSET 0) AS kind`,
  ]);
  return new Map(found.map(({ i, id }) => [keys[i] as string, id]));
}

function numberOf(
  key: string,
  known: ReadonlyMap<string, number>,
  found: ReadonlyMap<string, number>,
): number {
  const number = found.get(key) ?? known.get(key);
  if (number === undefined) throw new Error("an event points to a row that nobody has written");
  return number;
}

function addAll(known: Map<string, number>, found: ReadonlyMap<string, number>): void {
  if (known.size + found.size > REMEMBERED) known.clear();
  for (const [key, number] of found) known.set(key, number);
}
