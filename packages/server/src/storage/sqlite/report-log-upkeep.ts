import type { SqliteDatabase } from "./driver.ts";
import { createRecentMerger } from "./merge-recent.ts";
import { timeOf, toInts } from "./report-codec.ts";
import { LISTS, widthOf } from "./report-recent.ts";

const BUMP = "UPDATE report_epoch SET epoch = epoch + 1";

/**
 * Says that people were erased: their rows of `people` are gone, and with them every number in the log that stood for
 * them means nobody. To be called in the transaction that erased them.
 */
export function noticeErasure(database: SqliteDatabase): void {
  database.exec(BUMP);
}

/** Rows of the log that are read in one slice: some ten milliseconds. */
const SLICE_ROWS = 60;

/**
 * Takes everything before `cutoff` out of a slice of an environment's log, as retention takes the events themselves,
 * and what belongs to people who were erased; to be called within a transaction of the connection that writes. Rows
 * that lie wholly after it are read, but not written; what commits added is put into the log before the first slice. Gives back the row to go on behind; 0: that was the last.
 */
export function forgetBefore(
  database: SqliteDatabase,
  environmentId: number,
  cutoff: number,
  after: number,
): number {
  if (after === 0) createRecentMerger(database)();
  const subjects = `SELECT id FROM report_subjects WHERE environment_id = ?1 AND list = report_log.list`;
  const kinds = "SELECT id FROM kinds WHERE environment_id = ?1";
  const rows = database.prepare(
    `SELECT id, list, data FROM report_log WHERE
       ((list = ${LISTS.seen} AND key = ?1) OR (list = ${LISTS.kind} AND key IN (${kinds}))
       OR (list IN (${LISTS.feature}, ${LISTS.flow}) AND key IN (${subjects})))
     AND id > ?2 ORDER BY id LIMIT ?3`,
  );
  const change = database.prepare("UPDATE report_log SET data = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM report_log WHERE id = ?");
  const erased = new Set(
    (database.prepare("SELECT person_id FROM erased").all() as { person_id: number }[]).map(
      ({ person_id }) => person_id,
    ),
  );
  const page = rows.all(environmentId, after, SLICE_ROWS) as {
    id: number;
    list: number;
    data: Uint8Array;
  }[];
  let changed = false;
  for (const { id, list, data } of page) {
    const ints = toInts(data);
    const kept = keptOf(ints, widthOf(list), cutoff, erased);
    if (kept.length === ints.length) continue;
    changed = true;
    if (kept.length === 0) remove.run(id);
    else change.run(new Uint8Array(Int32Array.from(kept).buffer), id);
  }
  if (changed) database.exec(BUMP);
  return page.length < SLICE_ROWS ? 0 : (page.at(-1)?.id ?? 0);
}

/** The same object where all of it stays, which is the rule. */
function keptOf(
  ints: Int32Array,
  width: number,
  cutoff: number,
  erased: ReadonlySet<number>,
): ArrayLike<number> {
  const stays = (i: number) => {
    if (timeOf(ints[i] as number, ints[i + 1] as number) < cutoff) return false;
    const who = ints[i + 2] as number;
    return erased.size === 0 || !erased.has(who < 0 ? ~who : who);
  };
  let first = 0;
  while (first < ints.length && stays(first)) first += width;
  if (first >= ints.length) return ints;
  const kept = Array.from(ints.subarray(0, first));
  for (let i = first + width; i < ints.length; i += width)
    if (stays(i)) for (let n = i; n < i + width; n++) kept.push(ints[n] as number);
  return kept;
}
