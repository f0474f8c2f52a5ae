import { setImmediate as turn } from "node:timers/promises";
import type { EventRecord } from "../event-store.ts";
import type { PersonStore, StoredShare } from "../person-store.ts";
import { pause, type UpkeepStore, wholeHour } from "../upkeep-store.ts";
import { personAmong } from "../whose-ids.ts";
import type { SqliteContext } from "./context.ts";
import { readPresence, stretchesOf } from "./presence.ts";
import { readAccount } from "./read-account.ts";
import { readStretch } from "./read-events.ts";
import { auditStatements } from "./sqlite-documents.ts";
import type { UpkeepTask } from "./upkeep-tasks.ts";

/** Events deleted in one commit: some ten milliseconds. */
const SLICE_EVENTS = 150;
/** People looked at in one slice. */
const SLICE_PEOPLE = 1_000;

interface PersonRow {
  readonly id: number;
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly account_id: string;
}

/** Erasure, export and retention. What is to go is found here; the thread that writes only takes it away. */
export function createSqliteUpkeep(context: SqliteContext): PersonStore & UpkeepStore {
  const { database, writer, idOf, madeIdOf } = context;
  const around = database.prepare(
    `SELECT * FROM people WHERE environment_id = ?1 AND (user_id = ?2 OR anonymous_id = ?2
       OR anonymous_id IN (SELECT anonymous_id FROM people WHERE environment_id = ?1 AND user_id = ?2
         AND anonymous_id <> ''))`,
  );
  const personId = database.prepare(
    "SELECT id FROM people WHERE environment_id = ? AND user_id = ? AND anonymous_id = ? AND account_id = ?",
  );
  const inStretch = database.prepare(
    `SELECT id FROM events INDEXED BY events_by_time WHERE environment_id = ? AND at >= ? AND at <= ?
       AND person_id IN (SELECT value FROM json_each(?))`,
  );
  const before = database.prepare(
    `SELECT id FROM events INDEXED BY events_by_time WHERE environment_id = ? AND at < ? ORDER BY at LIMIT ?`,
  );
  const newest = database.prepare("SELECT coalesce(max(id), 0) AS id FROM events");
  const peopleAfter = database.prepare(
    "SELECT id FROM people WHERE environment_id = ? AND id > ? ORDER BY id LIMIT ?",
  );
  /** One after the other: a number that was found must not be another event's when it is taken away. */
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(body: () => Promise<T>): Promise<T> => {
    const done = last.then(body, body);
    last = done.catch(() => {});
    return done;
  };

  /** One slice; then as long a rest as it took. */
  const perform = async (task: UpkeepTask): Promise<number> => {
    const begun = performance.now();
    const result = await writer.upkeep(task);
    await pause(performance.now() - begun);
    return result;
  };
  const numbersOf = (environmentId: number, { ids }: StoredShare): readonly number[] =>
    ids.flatMap(({ userId, anonymousId, accountId }) => {
      const row = personId.get(environmentId, userId ?? "", anonymousId ?? "", accountId ?? "");
      return row === undefined ? [] : [(row as { id: number }).id];
    });
  const deleteEvents = async (ids: readonly number[]): Promise<number> => {
    let deleted = 0;
    for (let i = 0; i < ids.length; i += SLICE_EVENTS)
      deleted += await perform({ type: "delete-events", ids: ids.slice(i, i + SLICE_EVENTS) });
    return deleted;
  };
  const deleteEventsOf = async (
    environmentId: number,
    persons: ReadonlySet<number>,
    stop?: AbortSignal,
  ): Promise<number> => {
    const { of } = await readPresence(database, environmentId, persons);
    const wanted = JSON.stringify([...persons]);
    let found: number[] = [];
    let deleted = 0;
    for (const [from, to] of stretchesOf(of.values())) {
      if (stop?.aborted) return deleted;
      const rows = inStretch.all(environmentId, from, to, wanted) as { id: number }[];
      for (const { id } of rows) found.push(id);
      if (found.length >= SLICE_EVENTS) {
        deleted += await deleteEvents(found);
        found = [];
      } else await turn();
    }
    return deleted + (await deleteEvents(found));
  };
  const forgetLog = async (environmentId: number, cutoff: number, stop: AbortSignal) => {
    let after = 0;
    do after = await perform({ type: "forget-log", environmentId, before: cutoff, after });
    while (after > 0 && !stop.aborted);
  };
  const forgetPeople = async (environmentId: number, stop: AbortSignal): Promise<number> => {
    // First what is newest, then who is there: whoever comes meanwhile is newer, and stays.
    const { id } = newest.get() as { readonly id: number };
    const { everybody } = await readPresence(database, environmentId, new Set());
    let forgotten = 0;
    let after = 0;
    while (!stop.aborted) {
      const rows = peopleAfter.all(environmentId, after, SLICE_PEOPLE) as { id: number }[];
      const persons = rows.map((row) => row.id).filter((person) => !everybody.has(person));
      if (persons.length > 0) forgotten += await perform({ type: "delete-people", persons, newest: id });
      if (rows.length < SLICE_PEOPLE) break;
      after = rows.at(-1)?.id ?? after;
      await turn();
    }
    return forgotten;
  };
  /** Whose erasure was cut short, or of whom numbers are left in the log. */
  const endErasures = async (environmentId: number, stop: AbortSignal): Promise<readonly number[]> => {
    const rows = database.prepare("SELECT person_id FROM erased WHERE environment_id = ?").all(environmentId);
    const persons = (rows as { person_id: number }[]).map(({ person_id }) => person_id);
    if (persons.length > 0) await deleteEventsOf(environmentId, new Set(persons), stop);
    return persons;
  };

  return {
    async person(environment, id) {
      const environmentId = idOf(environment);
      const rows = around.all(environmentId, id) as unknown as readonly PersonRow[];
      const { of } = await readPresence(database, environmentId, new Set(rows.map((row) => row.id)));
      const seen = rows.flatMap((row) => {
        const quarters = of.get(row.id);
        // Ids that only a repeated message had were never seen.
        if (quarters === undefined) return [];
        const first = Math.min(...[...quarters.values()].map(([at]) => at));
        return [
          {
            userId: row.user_id || null,
            anonymousId: row.anonymous_id || null,
            accountId: row.account_id || null,
            first,
          },
        ];
      });
      return personAmong(seen, id);
    },
    account: (environment, id) => readAccount(database, idOf(environment), id),
    async *shareEvents(environment, share) {
      const environmentId = idOf(environment);
      const persons = new Set(numbersOf(environmentId, share));
      const { of } = await readPresence(database, environmentId, persons);
      let chunk: EventRecord[] = [];
      for (const stretch of stretchesOf(of.values())) {
        chunk.push(...readStretch(database, environmentId, [...persons], stretch));
        if (chunk.length < SLICE_EVENTS) continue;
        yield chunk;
        chunk = [];
      }
      if (chunk.length > 0) yield chunk;
    },
    erase: (environment, share, now, entries) =>
      alone(async () => {
        const environmentId = await madeIdOf(environment);
        const persons = numbersOf(environmentId, share);
        const states = await writer.upkeep({
          type: "erase",
          environmentId,
          persons,
          states: share.states,
          audit: auditStatements(context, environmentId, entries, now),
        });
        return { events: await deleteEventsOf(environmentId, new Set(persons)), states };
      }),
    async forget(moment, stop) {
      const cutoff = moment === null ? Number.MIN_SAFE_INTEGER : wholeHour(moment);
      const gone = { events: 0, people: 0, states: 0 };
      const environments = database.prepare("SELECT id FROM environments ORDER BY id").all();
      for (const { id } of environments as { readonly id: number }[]) {
        const erased = await alone(() => endErasures(id, stop));
        if (stop.aborted) return gone;
        if (moment === null && erased.length === 0) continue;
        while (!stop.aborted) {
          const deleted = await alone(() => {
            const rows = before.all(id, cutoff, SLICE_EVENTS) as { id: number }[];
            return deleteEvents(rows.map((row) => row.id));
          });
          gone.events += deleted;
          if (deleted === 0) break;
        }
        await forgetLog(id, cutoff, stop);
        if (stop.aborted) return gone;
        if (erased.length > 0) await perform({ type: "erased", persons: erased });
        if (moment === null) continue;
        gone.people += await alone(() => forgetPeople(id, stop));
        gone.states += await perform({ type: "forget-rest", environmentId: id, before: cutoff });
      }
      return gone;
    },
  };
}
