import type { SqliteDatabase } from "./driver.ts";
import { timeOf, toInts } from "./report-codec.ts";
import { LISTS, widthOf } from "./report-log.ts";

const BUMP = "UPDATE report_epoch SET epoch = epoch + 1";

/**
 * Says that people were erased: their rows of `people` are gone, and with them every number in the log that stood for
 * them means nobody. To be called in the transaction that erased them.
 */
export function noticeErasure(database: SqliteDatabase): void {
  database.exec(BUMP);
}

/**
 * Takes everything before `cutoff` out of an environment's log, as retention takes the events themselves; to be
 * called in the same transaction, by the connection that writes. Rows of the log that lie wholly after it are read,
 * but not written.
 */
export function forgetBefore(database: SqliteDatabase, environmentId: number, cutoff: number): void {
  const subjects = `SELECT id FROM report_subjects WHERE environment_id = ?1 AND list = report_log.list`;
  const kinds = "SELECT id FROM kinds WHERE environment_id = ?1";
  const rows = database.prepare(
    `SELECT id, list, data FROM report_log WHERE
       ((list = ${LISTS.seen} AND key = ?1) OR (list = ${LISTS.kind} AND key IN (${kinds}))
       OR (list IN (${LISTS.feature}, ${LISTS.flow}) AND key IN (${subjects})))
     AND id > ?2 ORDER BY id LIMIT 1000`,
  );
  const change = database.prepare("UPDATE report_log SET data = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM report_log WHERE id = ?");
  let last = 0;
  for (;;) {
    const page = rows.all(environmentId, last) as { id: number; list: number; data: Uint8Array }[];
    for (const { id, list, data } of page) {
      last = id;
      const ints = toInts(data);
      const kept = keptOf(ints, widthOf(list), cutoff);
      if (kept.length === 0) remove.run(id);
      else if (kept.length < ints.length) change.run(new Uint8Array(Int32Array.from(kept).buffer), id);
    }
    if (page.length < 1000) break;
  }
  database.exec(BUMP);
}

function keptOf(ints: Int32Array, width: number, cutoff: number): readonly number[] {
  const kept: number[] = [];
  for (let i = 0; i < ints.length; i += width)
    if (timeOf(ints[i] as number, ints[i + 1] as number) >= cutoff)
      for (let n = i; n < i + width; n++) kept.push(ints[n] as number);
  return kept;
}
