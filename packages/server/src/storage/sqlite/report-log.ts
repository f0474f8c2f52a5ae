import type { ReportMark } from "../guidance-mark.ts";
import type { SqliteDatabase } from "./driver.ts";
import { GUIDANCE_INTS, MOMENT_INTS, packGuidance, packMoment, toBytes, WORD_LIMIT } from "./report-codec.ts";

/** What a row of the report log is about; its `key` is a number of that list. */
export const LISTS = { seen: 0, kind: 1, feature: 2, flow: 3 } as const;
type List = (typeof LISTS)[keyof typeof LISTS];

/** Bytes of one row of the log, about a page: it is written anew each time something is added. */
const ROW_BYTES = 6_000;
/** Most rows and subjects remembered; then all are forgotten, and read again as they come. */
const REMEMBERED = 20_000;
const QUARTER_MS = 900_000;

/**
 * What reports ask of events, beside the events themselves: per name, feature and flow who did it when, in rows of
 * packed numbers. Written within the ingest transaction: a report is never ahead of the events, nor behind.
 */
export interface ReportLog {
  /** Somebody was seen; `active` where the event shows that they were. */
  see(environmentId: number, personId: number, at: number, active: boolean): void;
  /** One more `track` event of a kind. */
  use(kindId: number, personId: number, at: number): void;
  /** A use of a feature, or something that was recorded about a flow. */
  mark(environmentId: number, mark: ReportMark, personId: number, at: number): void;
  /** Writes what was gathered; to be called within the transaction that wrote the events. */
  write(): void;
  /** Forgets what was gathered and everything remembered, since the transaction was rolled back. */
  forget(): void;
}

interface Seen {
  readonly environmentId: number;
  readonly personId: number;
  readonly quarter: number;
  first: number;
  last: number;
  firstActive: number;
  lastActive: number;
}
interface Tail {
  /** `undefined`: there is no row that has room. */
  id: number | undefined;
  bytes: number;
}

export function createReportLog(database: SqliteDatabase): ReportLog {
  const lastRow = database.prepare(
    "SELECT id, length(data) AS bytes FROM report_log WHERE list = ? AND key = ? ORDER BY id DESC LIMIT 1",
  );
  const addRow = database.prepare("INSERT INTO report_log (list, key, data) VALUES (?, ?, ?)");
  const addTo = database.prepare("UPDATE report_log SET data = CAST(data || ? AS BLOB) WHERE id = ?");
  const subject = writtenOnce(database, "report_subjects", "list, environment_id, name", 3);
  const word = writtenOnce(database, "report_words", "environment_id, text", 2);

  const tails = new Map<number, Tail>();
  const gathered = new Map<number, number[]>();
  const seen = new Map<string, Seen>();
  let latest: Seen | undefined;

  /** Lists are few, so the two make one number. */
  const intsOf = (list: List, key: number): number[] => {
    const both = key * 4 + list;
    let ints = gathered.get(both);
    if (ints === undefined) {
      ints = [];
      gathered.set(both, ints);
    }
    return ints;
  };
  const tailOf = (list: List, key: number): Tail => {
    const both = key * 4 + list;
    let tail = tails.get(both);
    if (tail === undefined) {
      if (tails.size >= REMEMBERED) tails.clear();
      const row = lastRow.get(list, key) as { id: number; bytes: number } | undefined;
      tail = { id: row?.id, bytes: row?.bytes ?? 0 };
      tails.set(both, tail);
    }
    return tail;
  };
  const flushSeen = () => {
    for (const { environmentId, personId, first, last, firstActive, lastActive } of seen.values()) {
      const ints = intsOf(LISTS.seen, environmentId);
      // Who was only seen, not active, stands there as the number's complement.
      if (firstActive <= lastActive) packMoment(ints, firstActive, personId);
      if (firstActive < lastActive) packMoment(ints, lastActive, personId);
      if (first < firstActive) packMoment(ints, first, ~personId);
      if (last > lastActive && last !== first) packMoment(ints, last, ~personId);
    }
  };
  const clear = () => {
    gathered.clear();
    seen.clear();
    latest = undefined;
  };

  return {
    see(environmentId, personId, at, active) {
      const quarter = Math.floor(at / QUARTER_MS);
      // A batch is mostly one person's: the one before is looked at first.
      if (latest === undefined || latest.personId !== personId || latest.quarter !== quarter) {
        const key = `${personId} ${quarter}`;
        latest = seen.get(key);
        if (latest === undefined) {
          const never = { firstActive: Number.POSITIVE_INFINITY, lastActive: Number.NEGATIVE_INFINITY };
          latest = { environmentId, personId, quarter, first: at, last: at, ...never };
          seen.set(key, latest);
        }
      }
      if (at < latest.first) latest.first = at;
      if (at > latest.last) latest.last = at;
      if (!active) return;
      if (at < latest.firstActive) latest.firstActive = at;
      if (at > latest.lastActive) latest.lastActive = at;
    },
    use(kindId, personId, at) {
      packMoment(intsOf(LISTS.kind, kindId), at, personId);
    },
    mark(environmentId, mark, personId, at) {
      if (mark.list === "feature") {
        packMoment(intsOf(LISTS.feature, subject(LISTS.feature, environmentId, mark.subject)), at, personId);
        return;
      }
      const number = word(environmentId, mark.word);
      if (number > WORD_LIMIT) return;
      const { code, seq, run, times } = mark;
      const ints = intsOf(LISTS.flow, subject(LISTS.flow, environmentId, mark.subject));
      packGuidance(ints, { at, person: personId, seq, run, times, code, word: number });
    },
    write() {
      flushSeen();
      for (const [both, ints] of gathered) {
        if (ints.length === 0) continue;
        const list = (both & 3) as List;
        const key = Math.floor(both / 4);
        const data = toBytes(ints);
        const tail = tailOf(list, key);
        const fits = tail.id !== undefined && tail.bytes + data.length <= ROW_BYTES;
        // The row may have been taken away by retention meanwhile.
        if (fits && Number(addTo.run(data, tail.id ?? 0).changes) > 0) tail.bytes += data.length;
        else {
          tail.id = Number(addRow.run(list, key, data).lastInsertRowid);
          tail.bytes = data.length;
        }
      }
      clear();
    },
    forget() {
      clear();
      tails.clear();
      subject.forget();
      word.forget();
    },
  };
}

/** How many numbers a record of this list has. */
export function widthOf(list: number): number {
  return list === LISTS.flow ? GUIDANCE_INTS : MOMENT_INTS;
}

interface WrittenOnce {
  (...values: (string | number)[]): number;
  forget(): void;
}

/** The number of a row that is written when it is first needed. */
function writtenOnce(database: SqliteDatabase, table: string, columns: string, count: number): WrittenOnce {
  const marks = Array.from({ length: count }, () => "?").join(", ");
  const find = database.prepare(`SELECT id FROM ${table} WHERE (${columns}) = (${marks})`);
  const add = database.prepare(`INSERT INTO ${table} (${columns}) VALUES (${marks})`);
  const known = new Map<string, number>();
  const numberOf = (...values: (string | number)[]): number => {
    const key = values.join("\n");
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= REMEMBERED) known.clear();
    const row = find.get(...values) as { id: number } | undefined;
    const id = row?.id ?? Number(add.run(...values).lastInsertRowid);
    known.set(key, id);
    return id;
  };
  return Object.assign(numberOf, { forget: () => known.clear() });
}
