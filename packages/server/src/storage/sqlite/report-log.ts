import type { ReportMark } from "../guidance-mark.ts";
import type { SqliteDatabase } from "./driver.ts";
import { createRecentMerger } from "./merge-recent.ts";
import { packGuidance, packMoment, WORD_LIMIT } from "./report-codec.ts";
import { LISTS, type List, packRecent, placeOf } from "./report-recent.ts";

/** Bytes that commits may add before they are put into the log: reports read them all, whatever they are asked. */
const RECENT_BYTES = 512_000;
/** Most subjects and words remembered; then all are forgotten, and read again as they come. */
const REMEMBERED = 20_000;
const QUARTER_MS = 900_000;

/**
 * What reports ask of events, beside the events themselves: per name, feature and flow who did it when, in rows of
 * packed numbers. Written within the ingest transaction: a report is never ahead of the events, nor behind. A commit
 * adds one row, whatever is in it; now and then one of them puts all such rows into the log.
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
export function createReportLog(database: SqliteDatabase): ReportLog {
  const addRecent = database.prepare("INSERT INTO report_recent (data) VALUES (?)");
  const recentBytes = database.prepare("SELECT sum(length(data)) AS bytes FROM report_recent");
  const mergeRecent = createRecentMerger(database);
  const subject = writtenOnce(database, "report_subjects", "list, environment_id, name", 3);
  const word = writtenOnce(database, "report_words", "environment_id, text", 2);

  /** What is in the rows of commits; `undefined`: has to be asked. */
  let recent: number | undefined;
  const gathered = new Map<number, number[]>();
  const seen = new Map<string, Seen>();
  let latest: Seen | undefined;

  const intsOf = (list: List, key: number): number[] => {
    const place = placeOf(list, key);
    let ints = gathered.get(place);
    if (ints === undefined) {
      ints = [];
      gathered.set(place, ints);
    }
    return ints;
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
      if (gathered.size === 0) return;
      const data = packRecent(gathered);
      addRecent.run(data);
      recent = recent === undefined ? (recentBytes.get() as { bytes: number }).bytes : recent + data.length;
      if (recent > RECENT_BYTES) {
        mergeRecent();
        recent = 0;
      }
      clear();
    },
    forget() {
      clear();
      recent = undefined;
      subject.forget();
      word.forget();
    },
  };
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
