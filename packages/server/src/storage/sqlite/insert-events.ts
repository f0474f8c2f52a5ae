import type { SqliteDatabase, SqliteStatement, SqliteValue } from "./driver.ts";
import {
  EVENT_WIDTH,
  isActive,
  KIND_WIDTH,
  MARK_WIDTH,
  type PackedBatch,
  PERSON_WIDTH,
  toMark,
  typeOf,
} from "./packed-batch.ts";
import { createReportLog } from "./report-log.ts";
import { createRollups } from "./rollups.ts";
import { createWrittenOnce } from "./written-once.ts";

/** Rows in one INSERT: a call into SQLite costs as much as four of its rows. */
const ROWS = 10;
const ROW = "(?, ?, ?, ?, ?, ?, ?)";

/** The hot path, in SQL written by hand; all of it to be called within a transaction. */
export interface EventInserter {
  /** How many of the batch were not stored before. */
  insert(batch: PackedBatch): number;
  /** Writes what was counted, at the end of the transaction. */
  finish(): void;
  /** To be called when the transaction was rolled back. */
  forget(): void;
}

export function createEventInserter(database: SqliteDatabase): EventInserter {
  const ids = createWrittenOnce(database);
  const rollups = createRollups(database);
  const log = createReportLog(database);
  const insertOf = (rows: number) =>
    database.prepare(
      `INSERT OR IGNORE INTO events (environment_id, message_id, kind_id, person_id, at, received_at, body)
       VALUES ${Array.from({ length: rows }, () => ROW).join(", ")}`,
    );
  const insertMany = insertOf(ROWS);
  const insertOne = insertOf(1);
  const addTraits = database.prepare(
    `INSERT INTO traits SELECT id, kind_id, person_id, at, message_id, body -> '$.traits' FROM events
     WHERE environment_id = ? AND message_id = ? AND body -> '$.traits' IS NOT NULL`,
  );
  const idsAfter = database.prepare("SELECT message_id FROM events WHERE id > ?");

  /** Writes some rows in one statement; gives back the ids that are new, or `undefined` where all are. */
  const insertRows = (
    statement: SqliteStatement,
    values: readonly SqliteValue[],
    rows: number,
  ): Set<string> | undefined => {
    const { changes, lastInsertRowid } = statement.run(...values);
    const written = Number(changes);
    if (written === rows) return undefined;
    if (written === 0) return new Set();
    // Rows are numbered one after the other, and none is ever deleted.
    const fresh = idsAfter.all(Number(lastInsertRowid) - written) as { message_id: string }[];
    return new Set(fresh.map((row) => row.message_id));
  };

  return {
    insert({ environment, kinds, people, events, sightings, marks }) {
      const environmentId = ids.environmentId(environment);
      const kindIds: number[] = [];
      for (let i = 0; i < kinds.length; i += KIND_WIDTH)
        kindIds.push(ids.kindId(environmentId, kinds[i] as string, kinds[i + 1] as number));
      const personIds: number[] = [];
      for (let i = 0; i < people.length; i += PERSON_WIDTH)
        personIds.push(
          ids.personId(environmentId, people[i] as string, people[i + 1] as string, people[i + 2] as string),
        );
      const count = events.length / EVENT_WIDTH;
      let accepted = 0;
      let nextSighting = 0;
      let nextMark = 0;
      for (let start = 0; start < count; ) {
        const rows = count - start >= ROWS ? ROWS : 1;
        const values: SqliteValue[] = [];
        for (let i = start * EVENT_WIDTH; i < (start + rows) * EVENT_WIDTH; i += EVENT_WIDTH)
          values.push(
            environmentId,
            events[i] as string,
            kindIds[events[i + 1] as number] as number,
            personIds[events[i + 2] as number] as number,
            events[i + 3] as number,
            events[i + 4] as number,
            events[i + 5] as string,
          );
        const fresh = insertRows(rows === 1 ? insertOne : insertMany, values, rows);
        for (let n = start; n < start + rows; n++) {
          const seen = sightings[nextSighting]?.[0] === n ? sightings[nextSighting++]?.[1] : undefined;
          const mark = marks[nextMark] === n ? nextMark : -1;
          if (mark >= 0) nextMark += MARK_WIDTH;
          const i = n * EVENT_WIDTH;
          const messageId = events[i] as string;
          // The first of two with the same id is the one that was written.
          if (fresh !== undefined && !fresh.delete(messageId)) continue;
          accepted += 1;
          const kind = events[i + 1] as number;
          const at = events[i + 3] as number;
          const kindId = kindIds[kind] as number;
          const personId = personIds[events[i + 2] as number] as number;
          const variant = kinds[kind * KIND_WIDTH + 1] as number;
          rollups.count(kindId, at);
          log.see(environmentId, personId, at, isActive(variant));
          const type = typeOf(variant);
          if (type === "track") log.use(kindId, personId, at);
          else if (type !== "page") addTraits.run(environmentId, messageId);
          if (mark >= 0) log.mark(environmentId, toMark(marks, mark), personId, at);
          if (seen !== undefined) rollups.learn(environmentId, seen, { at, messageId });
        }
        start += rows;
      }
      return accepted;
    },
    finish() {
      rollups.write();
      log.write();
    },
    forget() {
      ids.forget();
      rollups.forget();
      log.forget();
    },
  };
}
