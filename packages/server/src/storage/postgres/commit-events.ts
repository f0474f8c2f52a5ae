import { RESERVED_PREFIX } from "@cairn/flow-schema";
import type { ArrivingEvent } from "../event-store.ts";
import { markOf } from "../guidance-mark.ts";
import type { Batch, Commit } from "./append-queue.ts";
import { createCatalogWriter } from "./catalog-writer.ts";
import { isConflict, toUnavailable } from "./connect.ts";
import type { Lanes } from "./lanes.ts";
import type { Partitions } from "./partitions.ts";
import { readEpoch } from "./people-epoch.ts";
import { createWrittenOnce, type Numbers } from "./written-once.ts";

/** How often a commit is tried again that another server's stood in the way of. */
const RETRIES = 5;
const QUARTER_MS = 900_000;

/**
 * Writes events and everything counted beside them in one transaction. Tables, and rows in each, are written in the same
 * order by every server, so that they wait for each other and rarely block each other.
 */
export function createCommit(
  lanes: Lanes,
  partitions: Partitions,
  idOf: (environment: string) => Promise<number>,
): Commit {
  const once = createWrittenOnce();
  const catalog = createCatalogWriter();
  let remembered = -1;

  const commit: Commit = async (batches) => {
    const arrived = await numbered(batches, idOf);
    await partitions.ensure(arrived.map(({ record }) => record.at));
    const { accepted, learnt, names, epoch } = await lanes.transaction(async (transaction) => {
      const ids = arrived.map(({ environmentId, record }) => ({
        e: environmentId,
        m: record.messageId,
        // Retention forgets it by this: not before the message itself, whose clock may be ahead.
        r: Math.max(record.receivedAt, record.at),
      }));
      const [epoch, rows] = await Promise.all([
        readEpoch(transaction),
        transaction<{ e: number; m: string }[]>`
          INSERT INTO message_ids (environment_id, message_id, received_at)
          SELECT * FROM json_to_recordset(${JSON.stringify(ids)}::text::json) AS x(e integer, m text, r bigint)
          ORDER BY e, m COLLATE "C" ON CONFLICT DO NOTHING RETURNING environment_id AS e, message_id AS m`,
      ]);
      // Nobody else is writing with the old numbers: whoever raised the epoch has waited for them.
      if (epoch !== remembered) once.forget();
      remembered = epoch;
      // Told apart here, since the planner joins a list of unknown length to itself row by row.
      const isNew = new Set(rows.map(({ e, m }) => `${e}\n${m}`));
      const fresh = arrived.filter(({ key }) => isNew.has(key));
      const accepted = batches.map(() => 0);
      for (const { batch } of fresh) accepted[batch] = (accepted[batch] ?? 0) + 1;
      if (fresh.length === 0) return { accepted, learnt: undefined, names: undefined, epoch };

      const learnt = await once.resolve(transaction, fresh);
      const written = [
        transaction`
          INSERT INTO events (environment_id, kind_id, person_id, at, received_at, message_id, body)
          SELECT * FROM json_to_recordset(${eventsJson(fresh, learnt)}::text::json)
            AS x(e integer, k integer, p bigint, a bigint, r bigint, m text, j text)`,
        transaction`
          INSERT INTO presence AS known (person_id, quarter, first_at, last_at, first_active, last_active)
          SELECT * FROM json_to_recordset(${JSON.stringify(presenceOf(fresh, learnt))}::text::json)
            AS x(p bigint, q bigint, f bigint, l bigint, fa bigint, la bigint)
          ON CONFLICT (person_id, quarter) DO UPDATE SET
            first_at = least(known.first_at, excluded.first_at),
            last_at = greatest(known.last_at, excluded.last_at),
            first_active = least(known.first_active, excluded.first_active),
            last_active = greatest(known.last_active, excluded.last_active)`,
        transaction`
          INSERT INTO kind_counts AS known (kind_id, count, last_at)
          SELECT * FROM json_to_recordset(${JSON.stringify(countsOf(fresh, learnt))}::text::json)
            AS x(k integer, c bigint, l bigint)
          ON CONFLICT (kind_id) DO UPDATE SET
            count = known.count + excluded.count, last_at = greatest(known.last_at, excluded.last_at)`,
      ];
      const marks = marksOf(fresh, learnt);
      if (marks.length > 0)
        written.push(transaction`
          INSERT INTO report_marks (environment_id, list, subject, person_id, at, code, seq, run, times, word)
          SELECT * FROM json_to_recordset(${JSON.stringify(marks)}::text::json)
            AS x(e integer, l text, s text, p bigint, a bigint, c smallint, q double precision, r double precision,
              t integer, w text)`);
      await Promise.all(written);
      const names = await catalog.write(transaction, fresh);
      return { accepted, learnt, names, epoch };
    });
    // What was written is known only once it is committed.
    if (learnt !== undefined && epoch === remembered) once.remember(learnt);
    if (names !== undefined) catalog.remember(names);
    return accepted;
  };

  return async (batches) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await commit(batches);
      } catch (thrown) {
        if (!isConflict(thrown) || attempt === RETRIES) throw toUnavailable(thrown);
      }
    }
  };
}

/** One event on its way into the tables. */
export interface Arrived {
  readonly batch: number;
  /** Environment and message id. */
  readonly key: string;
  readonly environmentId: number;
  readonly record: ArrivingEvent;
}

/** All events of some batches; of those with one message id only the first. */
async function numbered(
  batches: readonly Batch[],
  idOf: (environment: string) => Promise<number>,
): Promise<readonly Arrived[]> {
  const environmentIds = await Promise.all(batches.map(({ environment }) => idOf(environment)));
  const first = new Map<string, Arrived>();
  batches.forEach(({ records }, batch) => {
    const environmentId = environmentIds[batch] as number;
    for (const record of records) {
      const key = `${environmentId}\n${record.messageId}`;
      if (!first.has(key)) first.set(key, { batch, key, environmentId, record });
    }
  });
  return [...first.values()];
}

function eventsJson(fresh: readonly Arrived[], numbers: Numbers): string {
  return JSON.stringify(
    fresh.map(({ environmentId, record }) => ({
      e: environmentId,
      k: numbers.kindOf(environmentId, record),
      p: numbers.personOf(environmentId, record),
      a: record.at,
      r: record.receivedAt,
      m: record.messageId,
      j: record.body,
    })),
  );
}

interface Presence {
  readonly p: number;
  readonly q: number;
  /** First and last message; first and last active one. */
  f: number;
  l: number;
  fa: number | null;
  la: number | null;
}

function presenceOf(fresh: readonly Arrived[], numbers: Numbers): readonly Presence[] {
  const rows = new Map<string, Presence>();
  for (const { environmentId, record } of fresh) {
    const { at, active } = record;
    const p = numbers.personOf(environmentId, record);
    const q = Math.floor(at / QUARTER_MS);
    const key = `${p} ${q}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = { p, q, f: at, l: at, fa: null, la: null };
      rows.set(key, row);
    }
    row.f = Math.min(row.f, at);
    row.l = Math.max(row.l, at);
    if (!active) continue;
    row.fa = Math.min(row.fa ?? at, at);
    row.la = Math.max(row.la ?? at, at);
  }
  return [...rows.values()].sort((a, b) => a.p - b.p || a.q - b.q);
}

/** Rows of the events that Cairn itself records. */
function marksOf(fresh: readonly Arrived[], numbers: Numbers) {
  return fresh.flatMap(({ environmentId, record }) => {
    const { type, name, at, body } = record;
    if (type !== "track" || !name.startsWith(RESERVED_PREFIX)) return [];
    const mark = record.mark ?? markOf(name, JSON.parse(body));
    if (mark === undefined) return [];
    const head = {
      e: environmentId,
      l: mark.list,
      s: mark.subject,
      p: numbers.personOf(environmentId, record),
      a: at,
    };
    if (mark.list === "feature") return [{ ...head, c: 0, q: 0, r: 0, t: 0, w: "" }];
    const { code, seq, run, times, word } = mark;
    return [{ ...head, c: code, q: seq, r: run, t: times, w: word }];
  });
}

function countsOf(fresh: readonly Arrived[], numbers: Numbers) {
  const rows = new Map<number, { k: number; c: number; l: number }>();
  for (const { environmentId, record } of fresh) {
    const k = numbers.kindOf(environmentId, record);
    const row = rows.get(k);
    if (row === undefined) rows.set(k, { k, c: 1, l: record.at });
    else {
      row.c += 1;
      row.l = Math.max(row.l, record.at);
    }
  }
  return [...rows.values()].sort((a, b) => a.k - b.k);
}
