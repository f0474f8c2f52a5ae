import { type SqliteDatabase, type SqliteValue, transaction } from "./driver.ts";
import { createEventInserter } from "./insert-events.ts";
import type { PackedBatch } from "./packed-batch.ts";
import { createUpkeep, type UpkeepTask } from "./upkeep-tasks.ts";

export interface Statement {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

/** Statements that are committed together, or not at all. */
export interface Write {
  /** Run first; where it changes no row, nothing is done. @default the statements are run in any case */
  readonly onlyIf?: Statement;
  readonly statements: readonly Statement[];
}

/** Everything that changes the database. Each call is one commit, on the disk when it returns; it throws where nothing was stored. */
export interface Writer {
  /** How many of each batch were not stored before. */
  append(batches: readonly PackedBatch[]): readonly number[];
  /** Whether it was done. */
  write(write: Write): boolean;
  /** What became of it; see {@link UpkeepTask}. */
  upkeep(task: UpkeepTask): number;
}

export function createWriter(database: SqliteDatabase): Writer {
  const events = createEventInserter(database);
  const upkeep = createUpkeep(database);
  const run = ({ sql, values }: Statement) => Number(database.prepare(sql).run(...values).changes);
  return {
    append(batches) {
      try {
        return transaction(database, () => {
          const accepted = batches.map((batch) => events.insert(batch));
          events.finish();
          return accepted;
        });
      } catch (thrown) {
        events.forget();
        throw thrown;
      }
    },
    write: ({ onlyIf, statements }) =>
      transaction(database, () => {
        if (onlyIf !== undefined && run(onlyIf) === 0) return false;
        for (const statement of statements) run(statement);
        return true;
      }),
    upkeep(task) {
      const result = upkeep(task);
      // Rows that were remembered may be gone, and their numbers be given to others.
      if (task.type !== "delete-events") events.forget();
      return result;
    },
  };
}
