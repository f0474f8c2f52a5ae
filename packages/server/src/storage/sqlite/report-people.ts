import { addMoment, createMoments, type MomentColumn } from "../column.ts";
import type { PersonIds, ReportPeople, StampedValue } from "../report-store.ts";
import { learnTraits } from "../trait-table.ts";
import type { SqliteDatabase } from "./driver.ts";
import { asJsonRows, readRows } from "./read-rows.ts";

/** Rows read in one statement. */
const CHUNK = 20_000;

/** Who there is, kept in memory and brought up to date by what is new. */
export interface PeopleCache {
  readonly activity: MomentColumn;
  /** A record of the log: a person's number, or its complement where they were seen but not active. */
  see(at: number, person: number): void;
  /** Reads new ids and traits; gives back everybody, the same object while nothing has changed. */
  refresh(): ReportPeople;
}

export function createPeopleCache(database: SqliteDatabase, environmentId: number): PeopleCache {
  const newPeople = database.prepare(
    asJsonRows(
      ["id", "user_id", "anonymous_id", "account_id"],
      "SELECT * FROM people WHERE id > ? AND environment_id = ? ORDER BY id LIMIT ?",
    ),
  );
  const readTraits = createEventReader(database, "traits");
  const kindsOf = database.prepare(
    "SELECT id, type FROM kinds WHERE environment_id = ? AND type IN ('identify', 'group') AND count > 0",
  );
  const ids: (PersonIds | undefined)[] = [];
  const userTraits = new Map<number, Map<string, StampedValue>>();
  const accountTraits = new Map<string, Map<string, StampedValue>>();
  const activity = createMoments();
  const readUntil = new Map<number, number>();
  let first = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  let last = new Float64Array(64).fill(Number.NEGATIVE_INFINITY);
  let lastPerson = 0;
  let current: ReportPeople | undefined;

  const grow = (person: number) => {
    const room = Math.max(first.length * 2, person + 1);
    const grown = [new Float64Array(room), new Float64Array(room)] as const;
    grown[0].fill(Number.POSITIVE_INFINITY).set(first);
    grown[1].fill(Number.NEGATIVE_INFINITY).set(last);
    [first, last] = grown;
  };
  const readPeople = () => {
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

  return {
    activity,
    see(at, who) {
      const person = who < 0 ? ~who : who;
      if (person >= first.length) grow(person);
      if (who >= 0) addMoment(activity, at, person);
      if (at < (first[person] as number)) first[person] = at;
      if (at > (last[person] as number)) last[person] = at;
      current = undefined;
    },
    refresh() {
      readPeople();
      for (const { id, type } of kindsOf.all(environmentId) as { id: number; type: string }[]) {
        const until = readTraits(id, readUntil.get(id) ?? 0, (person, at, messageId, traits) => {
          current = undefined;
          const account = ids[person]?.accountId;
          if (type === "identify") learnTraits(userTraits, person, traits, at, messageId);
          else if (account !== null && account !== undefined)
            learnTraits(accountTraits, account, traits, at, messageId);
        });
        readUntil.set(id, until);
      }
      current ??= { ids, first, last, userTraits, accountTraits };
      return current;
    },
  };
}

type PersonRow = readonly [id: number, userId: string, anonymousId: string, accountId: string];
type EventRow = readonly [id: number, person: number, at: number, messageId: string, part: unknown];
type TakeEvent = (person: number, at: number, messageId: string, part: unknown) => void;

/**
 * Reads one field of the messages of a kind that are newer than an id, which the index by kind tells without a look
 * at the others; gives back the newest id there is.
 */
export function createEventReader(
  database: SqliteDatabase,
  field: "traits" | "properties",
): (kindId: number, after: number, take: TakeEvent) => number {
  const newest = database.prepare("SELECT max(id) AS id FROM events");
  const page = database.prepare(
    asJsonRows(
      ["id", "person_id", "at", "message_id", `body -> '$.${field}'`],
      `SELECT id, person_id, at, message_id, body FROM events INDEXED BY events_by_kind
       WHERE kind_id = ? AND id > ? AND at >= ? AND (at > ? OR id > ?) ORDER BY at, id LIMIT ?`,
    ),
  );
  return (kindId, after, take) => {
    const until = (newest.get() as { readonly id: number | null }).id ?? 0;
    if (until <= after) return after;
    let from = Number.MIN_SAFE_INTEGER;
    let id = 0;
    for (;;) {
      const rows = readRows<EventRow>(page, kindId, after, from, from, id, CHUNK);
      for (const row of rows) {
        take(row[1], row[2], row[3], row[4]);
        id = row[0];
        from = row[2];
      }
      if (rows.length < CHUNK) return until;
    }
  };
}
