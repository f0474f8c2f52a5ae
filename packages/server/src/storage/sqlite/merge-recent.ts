import type { SqliteDatabase } from "./driver.ts";
import { createRecentReader, keyOf, listOf, widthOf } from "./report-recent.ts";

/** Bytes of one row of the log, about a page. */
const ROW_BYTES = 6_000;

/**
 * Moves what commits have added into the rows of the log, where the records of one list and key lie together. Their
 * order stays as it was committed. To be called within a transaction of the connection that writes.
 */
export function createRecentMerger(database: SqliteDatabase): () => void {
  const readRecent = createRecentReader(database);
  const lastRow = database.prepare(
    "SELECT id, length(data) AS bytes FROM report_log WHERE list = ? AND key = ? ORDER BY id DESC LIMIT 1",
  );
  const addRow = database.prepare("INSERT INTO report_log (list, key, data) VALUES (?, ?, ?)");
  const addTo = database.prepare("UPDATE report_log SET data = CAST(data || ? AS BLOB) WHERE id = ?");
  const removeRecent = database.prepare("DELETE FROM report_recent");
  return () => {
    for (const [place, parts] of readRecent()) {
      const list = listOf(place);
      const key = keyOf(place);
      const data = joined(parts);
      const record = widthOf(list) * Int32Array.BYTES_PER_ELEMENT;
      const fitting = (bytes: number) => Math.max(Math.floor(bytes / record), 0) * record;
      const tail = lastRow.get(list, key) as { id: number; bytes: number } | undefined;
      let begin = tail === undefined ? 0 : Math.min(fitting(ROW_BYTES - tail.bytes), data.length);
      if (tail !== undefined && begin > 0) addTo.run(data.subarray(0, begin), tail.id);
      for (; begin < data.length; begin += fitting(ROW_BYTES))
        addRow.run(list, key, data.subarray(begin, begin + fitting(ROW_BYTES)));
    }
    removeRecent.run();
  };
}

function joined(parts: readonly Int32Array[]): Uint8Array {
  const whole = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return new Uint8Array(whole.buffer);
}
