import { TEACHING_EVENT, type Unlearnt, unlearn } from "../unlearn.ts";
import { type SqliteDatabase, transaction } from "./driver.ts";
import { forgetBefore, noticeErasure } from "./report-log-upkeep.ts";
import type { Statement } from "./writer.ts";

/** One slice of what goes on in the background; each is a commit of its own, and as short as one of events. */
export type UpkeepTask =
  /** Ends who these numbers are, at once; gives back how many of the states were kept. */
  | {
      readonly type: "erase";
      readonly environmentId: number;
      readonly persons: readonly number[];
      /** The user ids whose state goes. */
      readonly states: readonly string[];
      readonly audit: readonly Statement[];
    }
  /** None of their messages is left. */
  | { readonly type: "erased"; readonly persons: readonly number[] }
  /** Gives back how many were there. */
  | { readonly type: "delete-events"; readonly ids: readonly number[] }
  /** Gives back the row of the log to go on behind; 0: that was the last. */
  | {
      readonly type: "forget-log";
      readonly environmentId: number;
      readonly before: number;
      readonly after: number;
    }
  /** People of whom nothing was left when `newest` was the newest event; gives back how many there were. */
  | { readonly type: "delete-people"; readonly persons: readonly number[]; readonly newest: number }
  /** Catalog and states; gives back how many states there were. */
  | { readonly type: "forget-rest"; readonly environmentId: number; readonly before: number };

/** Carries one task out, within a transaction of its own; throws where nothing was done. */
export function createUpkeep(database: SqliteDatabase): (task: UpkeepTask) => number {
  const run = (sql: string, ...values: (string | number)[]) =>
    Number(database.prepare(sql).run(...values).changes);
  const deleteEvents = createEventRemover(database);
  const perform = (task: UpkeepTask): number => {
    switch (task.type) {
      case "erase": {
        const { environmentId, persons, audit } = task;
        for (const person of persons) {
          run(
            "INSERT OR IGNORE INTO erased (person_id, environment_id) VALUES (?, ?)",
            person,
            environmentId,
          );
          run("DELETE FROM people WHERE id = ?", person);
        }
        let states = 0;
        for (const userId of task.states)
          states += run(
            "DELETE FROM documents WHERE environment_id = ? AND collection = 'state' AND id = ?",
            environmentId,
            userId,
          );
        for (const { sql, values } of audit) database.prepare(sql).run(...values);
        noticeErasure(database);
        return states;
      }
      case "erased":
        for (const person of task.persons) run("DELETE FROM erased WHERE person_id = ?", person);
        return task.persons.length;
      case "delete-events":
        return deleteEvents(task.ids);
      case "forget-log":
        return forgetBefore(database, task.environmentId, task.before, task.after);
      case "delete-people": {
        const since = database
          .prepare("SELECT DISTINCT person_id FROM events WHERE id > ?")
          .all(task.newest) as { person_id: number }[];
        const back = new Set(since.map(({ person_id }) => person_id));
        let deleted = 0;
        for (const person of task.persons)
          if (!back.has(person)) deleted += run("DELETE FROM people WHERE id = ?", person);
        if (deleted > 0) noticeErasure(database);
        return deleted;
      }
      case "forget-rest": {
        const { environmentId, before } = task;
        run("DELETE FROM catalog WHERE environment_id = ? AND last_at < ?", environmentId, before);
        noticeErasure(database);
        return run(
          "DELETE FROM documents WHERE environment_id = ? AND collection = 'state' AND updated_at < ?",
          environmentId,
          before,
        );
      }
    }
  };
  return (task) => transaction(database, () => perform(task));
}

interface DeletedEvent {
  readonly environment_id: number;
  readonly kind_id: number;
  readonly at: number;
  readonly message_id: string;
  /** Only of those that taught the catalog something. */
  readonly body: string | null;
}

function createEventRemover(database: SqliteDatabase): (ids: readonly number[]) => number {
  const newest = database.prepare("SELECT max(id) AS id FROM events");
  const find = database.prepare(
    `SELECT e.environment_id, kind_id, at, message_id,
       iif(type <> 'track' OR name = '${TEACHING_EVENT}', body, NULL) AS body
     FROM events e CROSS JOIN kinds ON kinds.id = kind_id WHERE e.id = ?`,
  );
  const remove = database.prepare("DELETE FROM events WHERE id = ?");
  const removeTraits = database.prepare("DELETE FROM traits WHERE event_id = ?");
  const takeFromKind = database.prepare("UPDATE kinds SET count = count - ? WHERE id = ?");
  const setLatest = database.prepare(
    `UPDATE kinds SET last_at = iif(count = 0, 0, coalesce(
       (SELECT at FROM events INDEXED BY events_by_time
        WHERE environment_id = kinds.environment_id AND at <= ?2 AND kind_id = ?1 ORDER BY at DESC LIMIT 1), 0))
     WHERE id = ?1 AND last_at <= ?2`,
  );
  const findRow = database.prepare(
    "SELECT count, example_id FROM catalog WHERE environment_id = ? AND list = ? AND name = ?",
  );
  const removeRow = database.prepare(
    "DELETE FROM catalog WHERE environment_id = ? AND list = ? AND name = ?",
  );
  const takeFromRow = database.prepare(
    "UPDATE catalog SET count = count - ? WHERE environment_id = ? AND list = ? AND name = ?",
  );
  const removeExample = database.prepare(
    "UPDATE catalog SET example = NULL, example_id = '' WHERE environment_id = ? AND list = ? AND name = ?",
  );

  const takeFromCatalog = (environmentId: number, { list, name, times, ids }: Unlearnt) => {
    const row = findRow.get(environmentId, list, name) as { count: number; example_id: string } | undefined;
    if (row === undefined) return;
    if (row.count <= times) removeRow.run(environmentId, list, name);
    else {
      takeFromRow.run(times, environmentId, list, name);
      if (ids.has(row.example_id)) removeExample.run(environmentId, list, name);
    }
  };

  return (ids) => {
    const last = (newest.get() as { readonly id: number | null }).id;
    const kinds = new Map<number, { count: number; latest: number }>();
    const catalogs = new Map<number, Map<string, Unlearnt>>();
    let deleted = 0;
    for (const id of ids) {
      const event = find.get(id) as DeletedEvent | undefined;
      if (event === undefined) continue;
      remove.run(id);
      removeTraits.run(id);
      deleted += 1;
      const kind = kinds.get(event.kind_id) ?? { count: 0, latest: event.at };
      kinds.set(event.kind_id, { count: kind.count + 1, latest: Math.max(kind.latest, event.at) });
      if (event.body === null) continue;
      const catalog = catalogs.get(event.environment_id) ?? new Map<string, Unlearnt>();
      catalogs.set(event.environment_id, catalog);
      unlearn(catalog, { messageId: event.message_id, body: event.body });
    }
    for (const [id, { count, latest }] of kinds) {
      takeFromKind.run(count, id);
      setLatest.run(id, latest);
    }
    for (const [environmentId, names] of catalogs)
      for (const row of names.values()) takeFromCatalog(environmentId, row);
    // The number of the newest event will be given again: whoever has read up to it would miss the next one.
    if (last !== null && ids.includes(last)) noticeErasure(database);
    return deleted;
  };
}
