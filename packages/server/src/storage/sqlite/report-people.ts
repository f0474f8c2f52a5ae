import { addMoment, createMoments, type MomentColumn } from "../column.ts";
import type { PersonIds, ReportPeople } from "../report-store.ts";
import { learnTraits, type TraitTable } from "../trait-table.ts";
import type { SqliteDatabase } from "./driver.ts";
import { asJsonRows, readRows } from "./read-rows.ts";

/** Rows read in one statement. */
const CHUNK = 20_000;

/** Who there is, kept in memory and brought up to date by what is new. */
export interface PeopleCache {
  readonly activity: MomentColumn;
  /** Of those who name an account. */
  readonly seen: MomentColumn;
  /** Reads new ids; to be called before anybody is seen. */
  meet(): void;
  /** A record of the log: a person's number, or its complement where they were seen but not active. */
  see(at: number, person: number): void;
  /** Reads new traits; gives back everybody, the same object while nothing has changed. */
  refresh(): ReportPeople;
}

export function createPeopleCache(database: SqliteDatabase, environmentId: number): PeopleCache {
  const newPeople = database.prepare(
    asJsonRows(
      ["id", "user_id", "anonymous_id", "account_id"],
      "SELECT * FROM people WHERE id > ? AND environment_id = ? ORDER BY id LIMIT ?",
    ),
  );
  const newTraits = database.prepare(
    asJsonRows(
      ["event_id", "type", "person_id", "at", "message_id", "json(traits)"],
      `SELECT * FROM traits CROSS JOIN kinds ON kinds.id = kind_id
       WHERE event_id > ? AND environment_id = ? ORDER BY event_id LIMIT ?`,
    ),
  );
  const ids: (PersonIds | undefined)[] = [];
  const userTraits: TraitTable<number> = new Map();
  const accountTraits: TraitTable<string> = new Map();
  const activity = createMoments();
  const seen = createMoments();
  let first = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  let last = new Float64Array(64).fill(Number.NEGATIVE_INFINITY);
  let lastPerson = 0;
  let lastTraits = 0;
  let current: ReportPeople | undefined;

  const grow = (person: number) => {
    const room = Math.max(first.length * 2, person + 1);
    const grown = [new Float64Array(room), new Float64Array(room)] as const;
    grown[0].fill(Number.POSITIVE_INFINITY).set(first);
    grown[1].fill(Number.NEGATIVE_INFINITY).set(last);
    [first, last] = grown;
  };
  const meet = () => {
    for (;;) {
      const rows = readRows<PersonRow>(newPeople, lastPerson, environmentId, CHUNK);
      for (const [id, userId, anonymousId, accountId] of rows) {
        ids[id] = {
          userId: userId || null,
          anonymousId: anonymousId || null,
          accountId: accountId || null,
        };
        lastPerson = id;
      }
      if (rows.length > 0) current = undefined;
      if (rows.length < CHUNK) return;
    }
  };

  const readTraits = () => {
    for (;;) {
      const rows = readRows<TraitRow>(newTraits, lastTraits, environmentId, CHUNK);
      for (const [id, type, person, at, messageId, traits] of rows) {
        lastTraits = id;
        const account = ids[person]?.accountId;
        if (type === "identify") learnTraits(userTraits, person, traits, at, messageId);
        else if (account !== null && account !== undefined)
          learnTraits(accountTraits, account, traits, at, messageId);
      }
      if (rows.length > 0) current = undefined;
      if (rows.length < CHUNK) return;
    }
  };

  return {
    activity,
    seen,
    meet,
    see(at, who) {
      const person = who < 0 ? ~who : who;
      if (person >= first.length) grow(person);
      if (who >= 0) addMoment(activity, at, person);
      else if (ids[person]?.accountId) addMoment(seen, at, person);
      if (at < (first[person] as number)) first[person] = at;
      if (at > (last[person] as number)) last[person] = at;
      current = undefined;
    },
    refresh() {
      readTraits();
      current ??= { ids, first, last, userTraits, accountTraits };
      return current;
    },
  };
}

type PersonRow = readonly [id: number, userId: string, anonymousId: string, accountId: string];
type TraitRow = readonly [
  id: number,
  type: string,
  person: number,
  at: number,
  messageId: string,
  traits: unknown,
];
