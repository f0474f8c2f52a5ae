import {
  addGuidance,
  addMoment,
  createGuidance,
  createMoments,
  type GuidanceColumn,
  type MomentColumn,
} from "../column.ts";
import { type GuidanceWord, wordOf } from "../guidance-mark.ts";
import type { EventMatch, GuidanceColumns, Moments, ReportData, ReportStore } from "../report-store.ts";
import type { SqliteContext } from "./context.ts";
import type { SqliteDatabase } from "./driver.ts";
import { createPropertiesReader } from "./read-properties.ts";
import { doubleOf, timeOf, toInts } from "./report-codec.ts";
import { createPeopleCache, type PeopleCache } from "./report-people.ts";
import { createRecentReader, LISTS, type List, placeOf, type Recent, widthOf } from "./report-recent.ts";

/** Most records kept in memory, about 12 bytes each; what was asked for least lately goes first. */
const KEPT_RECORDS = 20_000_000;

/**
 * Reads the rollups that are kept in the ingest transaction. What was read stays in memory, so that the next report
 * reads only what is new; the columns of a `where` are made from the messages themselves, once.
 */
export function createSqliteReports({
  database,
  idOf,
}: Pick<SqliteContext, "database" | "idOf">): ReportStore {
  const worlds = new Map<number, World>();
  const epochOf = database.prepare("SELECT epoch FROM report_epoch");
  const readRecent = createRecentReader(database);
  let epoch = -1;
  return {
    async reportData(environment, asked) {
      const environmentId = idOf(environment);
      database.exec("BEGIN");
      try {
        const now = (epochOf.get() as { readonly epoch: number }).epoch;
        if (now !== epoch) worlds.clear();
        epoch = now;
        let world = worlds.get(environmentId);
        if (world === undefined) {
          world = createWorld(database, environmentId);
          worlds.set(environmentId, world);
        }
        world.begin(readRecent());
        const { events = [], features = [], flows = [], matching = [] } = asked;
        const { people, activity, seen } = world.people();
        const data: ReportData = {
          people,
          activity,
          seen,
          events: new Map(events.map((name) => [name, world.event(name)])),
          features: new Map(features.map((id) => [id, world.feature(id)])),
          flows: new Map(flows.map((id) => [id, world.flow(id)])),
          matching: new Map(matching.map((match) => [match.key, world.matching(match)])),
        };
        world.tidy();
        return data;
      } finally {
        database.exec("COMMIT");
      }
    },
  };
}

/** One environment as far as it was asked for. */
interface World {
  /** Takes what the log has not got yet, as of the commit that is read. */
  begin(recent: Recent): void;
  people(): Pick<ReportData, "people" | "activity" | "seen">;
  event(name: string): Moments;
  feature(id: string): Moments;
  flow(id: string): GuidanceColumns;
  matching(match: EventMatch): Moments;
  /** Forgets what was asked for least lately, where there is too much. */
  tidy(): void;
}

/** How far a key of the log was read. */
interface Place {
  id: number;
  ints: number;
  /** Of what the log had not got then: it will find it there, or still beside it. */
  ahead: number;
}
interface Kept<Column extends MomentColumn> {
  readonly column: Column;
  readonly places: Map<number, Place>;
}

function createWorld(database: SqliteDatabase, environmentId: number): World {
  const rowsFrom = database.prepare(
    "SELECT id, data FROM report_log WHERE list = ? AND key = ? AND id >= ? ORDER BY id",
  );
  const kindsOf = database.prepare(
    "SELECT id FROM kinds WHERE environment_id = ? AND name = ? AND type = 'track' AND count > 0",
  );
  const subjectOf = database.prepare(
    "SELECT id FROM report_subjects WHERE list = ? AND environment_id = ? AND name = ?",
  );
  const wordsFrom = database.prepare(
    "SELECT id, text FROM report_words WHERE environment_id = ? AND id > ? ORDER BY id",
  );
  const readProperties = createPropertiesReader(database, environmentId);
  const everybody: PeopleCache = createPeopleCache(database, environmentId);
  const seenPlace: Place = { id: 0, ints: 0, ahead: 0 };
  const moments = new Map<string, Kept<MomentColumn>>();
  const guidance = new Map<string, Kept<GuidanceColumn>>();
  const words: GuidanceWord[] = [];
  let lastWord = 0;
  let recent: Recent = new Map();

  /** Everything behind the place, record by record; the place moves on. */
  const read = (list: List, key: number, place: Place, take: (ints: Int32Array, at: number) => void) => {
    const width = widthOf(list);
    let known = place.ahead;
    const takeFrom = (ints: Int32Array, from: number) => {
      const begin = Math.min(from + known, ints.length);
      known -= begin - from;
      for (let at = begin; at < ints.length; at += width) take(ints, at);
    };
    const rows = rowsFrom.all(list, key, place.id) as { id: number; data: Uint8Array }[];
    for (const { id, data } of rows) {
      const ints = toInts(data);
      takeFrom(ints, id === place.id ? place.ints : 0);
      place.id = id;
      place.ints = ints.length;
    }
    place.ahead = 0;
    for (const ints of recent.get(placeOf(list, key)) ?? []) {
      takeFrom(ints, 0);
      place.ahead += ints.length;
    }
  };
  const placeIn = (places: Map<number, Place>, key: number): Place => {
    let place = places.get(key);
    if (place === undefined) {
      place = { id: 0, ints: 0, ahead: 0 };
      places.set(key, place);
    }
    return place;
  };
  /** The kept column of this name, put behind all that were asked for earlier. */
  const keptIn = <Column extends MomentColumn>(
    all: Map<string, Kept<Column>>,
    name: string,
    create: () => Column,
  ): Kept<Column> => {
    const kept = all.get(name) ?? { column: create(), places: new Map() };
    all.delete(name);
    all.set(name, kept);
    return kept;
  };
  const idsOf = (name: string) => (kindsOf.all(environmentId, name) as { id: number }[]).map(({ id }) => id);
  const subjectsOf = (list: number, name: string) =>
    (subjectOf.all(list, environmentId, name) as { id: number }[]).map(({ id }) => id);
  const momentsOf = (name: string, list: List, keys: readonly number[]): Moments => {
    const { column, places } = keptIn(moments, name, createMoments);
    for (const key of keys)
      read(list, key, placeIn(places, key), (ints, i) => {
        addMoment(column, timeOf(ints[i] as number, ints[i + 1] as number), ints[i + 2] as number);
      });
    const { count, at, person } = column;
    return { count, at, person };
  };

  return {
    begin(now) {
      recent = now;
    },
    people() {
      everybody.meet();
      read(LISTS.seen, environmentId, seenPlace, (ints, i) => {
        everybody.see(timeOf(ints[i] as number, ints[i + 1] as number), ints[i + 2] as number);
      });
      const people = everybody.refresh();
      return { people, activity: { ...everybody.activity }, seen: { ...everybody.seen } };
    },
    event: (name) => momentsOf(`event ${name}`, LISTS.kind, idsOf(name)),
    feature: (id) => momentsOf(`feature ${id}`, LISTS.feature, subjectsOf(LISTS.feature, id)),
    flow(id) {
      for (const row of wordsFrom.all(environmentId, lastWord) as { id: number; text: string }[]) {
        words[row.id] = wordOf(row.text);
        lastWord = row.id;
      }
      const { column, places } = keptIn(guidance, id, () => createGuidance(words));
      for (const key of subjectsOf(LISTS.flow, id))
        read(LISTS.flow, key, placeIn(places, key), (ints, i) => {
          const int = (n: number) => ints[i + n] as number;
          addGuidance(column, timeOf(int(0), int(1)), int(2), {
            seq: doubleOf(int(3), int(4)),
            run: doubleOf(int(5), int(6)),
            times: int(7),
            code: int(8) >>> 24,
            word: int(8) & 0xff_ffff,
          });
        });
      return { ...column };
    },
    matching({ key, event, test }) {
      const { column, places } = keptIn(moments, `match ${key}`, createMoments);
      for (const kindId of idsOf(event)) {
        const place = placeIn(places, kindId);
        place.id = readProperties(kindId, place.id, (person, at, properties) => {
          if (test((properties ?? {}) as Readonly<Record<string, unknown>>, at))
            addMoment(column, at, person);
        });
      }
      const { count, at, person } = column;
      return { count, at, person };
    },
    tidy() {
      let records = everybody.activity.count + everybody.seen.count;
      for (const { column } of moments.values()) records += column.count;
      // A record of guidance is as large as four others.
      for (const { column } of guidance.values()) records += column.count * 4;
      for (const [name, { column }] of moments) {
        if (records <= KEPT_RECORDS) return;
        moments.delete(name);
        records -= column.count;
      }
      for (const [name, { column }] of guidance) {
        if (records <= KEPT_RECORDS) return;
        guidance.delete(name);
        records -= column.count * 4;
      }
    },
  };
}
