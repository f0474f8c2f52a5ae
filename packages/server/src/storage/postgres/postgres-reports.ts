import { addGuidance, addMoment, createGuidance, createMoments, createWords } from "../column.ts";
import type { GuidanceWord } from "../guidance-mark.ts";
import type {
  EventMatch,
  GuidanceColumns,
  Moments,
  PersonIds,
  ReportData,
  ReportPeople,
  ReportStore,
} from "../report-store.ts";
import { learnTraits, type TraitTable } from "../trait-table.ts";
import type { PostgresContext } from "./context.ts";
import type { LaneSql } from "./lanes.ts";

type Transaction = LaneSql;

/** One view of all tables. */
const SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/** Bytes of a time and a person's number, as `int8send` and `int4send` write them. */
const MOMENT_BYTES = 12;

/** Reads the rollups that are kept in the ingest transaction, all of them as of one commit. */
export function createPostgresReports({ lanes, idOf }: Pick<PostgresContext, "lanes" | "idOf">): ReportStore {
  return {
    async reportData(environment, { events = [], features = [], flows = [], matching = [] }) {
      const environmentId = await idOf(environment);
      return await lanes.transaction(async (transaction) => {
        const everybody = await readPeople(transaction, environmentId);
        const ofEvents = new Map<string, Moments>();
        for (const name of events) ofEvents.set(name, await readUses(transaction, environmentId, name));
        const ofFeatures = new Map<string, Moments>();
        for (const id of features) ofFeatures.set(id, await readFeature(transaction, environmentId, id));
        const words: GuidanceWord[] = [];
        const numberOf = createWords(words);
        const ofFlows = new Map<string, GuidanceColumns>();
        for (const id of flows)
          ofFlows.set(id, await readFlow(transaction, environmentId, id, words, numberOf));
        const matched = new Map<string, Moments>();
        for (const match of matching)
          matched.set(match.key, await readMatching(transaction, environmentId, match));
        return { ...everybody, events: ofEvents, features: ofFeatures, flows: ofFlows, matching: matched };
      }, SNAPSHOT);
    },
  };
}

async function readPeople(
  transaction: Transaction,
  environmentId: number,
): Promise<Pick<ReportData, "people" | "activity" | "seen">> {
  const rows = await transaction<
    { id: number; user_id: string; anonymous_id: string; account_id: string; first: number; last: number }[]
  >`
    SELECT id, user_id, anonymous_id, account_id, min(first_at) AS first, max(last_at) AS last
    FROM people JOIN presence ON person_id = id WHERE environment_id = ${environmentId} GROUP BY id ORDER BY id`;
  const ids: (PersonIds | undefined)[] = [];
  const room = (rows.at(-1)?.id ?? 0) + 1;
  const first = new Float64Array(room).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(room).fill(Number.NEGATIVE_INFINITY);
  for (const row of rows) {
    ids[row.id] = {
      userId: row.user_id || null,
      anonymousId: row.anonymous_id || null,
      accountId: row.account_id || null,
    };
    first[row.id] = row.first;
    last[row.id] = row.last;
  }
  const [moments] = await transaction<{ active: Uint8Array | null; seen: Uint8Array | null }[]>`
    SELECT
      string_agg(
        CASE WHEN first_active IS NOT NULL THEN int8send(first_active) || who ELSE ''::bytea END
        || CASE WHEN last_active > first_active THEN int8send(last_active) || who ELSE ''::bytea END,
        ''::bytea) AS active,
      string_agg(
        CASE WHEN first_at < coalesce(first_active, last_at + 1) THEN int8send(first_at) || who ELSE ''::bytea END
        || CASE WHEN last_at > coalesce(last_active, first_at) THEN int8send(last_at) || who ELSE ''::bytea END,
        ''::bytea) FILTER (WHERE account_id <> '') AS seen
    FROM (SELECT *, int4send(person_id::integer) AS who FROM people JOIN presence ON person_id = id
      WHERE environment_id = ${environmentId}) AS present`;
  const traits = await readTraits(transaction, environmentId, ids);
  return {
    people: { ids, first, last, ...traits },
    activity: toMoments(moments?.active),
    seen: toMoments(moments?.seen),
  };
}

async function readTraits(
  transaction: Transaction,
  environmentId: number,
  ids: readonly (PersonIds | undefined)[],
): Promise<Pick<ReportPeople, "userTraits" | "accountTraits">> {
  const userTraits: TraitTable<number> = new Map();
  const accountTraits: TraitTable<string> = new Map();
  const messages = transaction<
    { type: string; person_id: number; at: number; message_id: string; body: string }[]
  >`
    SELECT type, person_id, at, message_id, body FROM events JOIN kinds ON kinds.id = kind_id
    WHERE kinds.environment_id = ${environmentId} AND type IN ('identify', 'group')`;
  for await (const rows of messages.cursor(5_000))
    for (const { type, person_id, at, message_id, body } of rows) {
      const { traits } = JSON.parse(body) as { readonly traits?: unknown };
      const account = ids[person_id]?.accountId ?? null;
      if (type === "identify") learnTraits(userTraits, person_id, traits, at, message_id);
      else if (account !== null) learnTraits(accountTraits, account, traits, at, message_id);
    }
  return { userTraits, accountTraits };
}

async function readUses(transaction: Transaction, environmentId: number, name: string): Promise<Moments> {
  const [row] = await transaction<{ moments: Uint8Array | null }[]>`
    SELECT string_agg(int8send(at) || int4send(person_id::integer), ''::bytea) AS moments FROM events
    WHERE kind_id IN (SELECT id FROM kinds WHERE environment_id = ${environmentId} AND name = ${name} AND type = 'track')`;
  return toMoments(row?.moments);
}

async function readFeature(transaction: Transaction, environmentId: number, id: string): Promise<Moments> {
  const [row] = await transaction<{ moments: Uint8Array | null }[]>`
    SELECT string_agg(int8send(at) || int4send(person_id::integer), ''::bytea) AS moments FROM report_marks
    WHERE environment_id = ${environmentId} AND list = 'feature' AND subject = ${id}`;
  return toMoments(row?.moments);
}

async function readFlow(
  transaction: Transaction,
  environmentId: number,
  id: string,
  words: GuidanceWord[],
  numberOf: (word: string) => number,
): Promise<GuidanceColumns> {
  const column = createGuidance(words);
  const marks = transaction<
    { person_id: number; at: number; code: number; seq: number; run: number; times: number; word: string }[]
  >`
    SELECT person_id, at, code, seq, run, times, word FROM report_marks
    WHERE environment_id = ${environmentId} AND list = 'flow' AND subject = ${id}`;
  for await (const rows of marks.cursor(10_000))
    for (const { person_id, at, word, ...mark } of rows)
      addGuidance(column, at, person_id, { ...mark, word: numberOf(word) });
  return column;
}

async function readMatching(
  transaction: Transaction,
  environmentId: number,
  { event, test }: EventMatch,
): Promise<Moments> {
  const column = createMoments();
  const messages = transaction<{ person_id: number; at: number; body: string }[]>`
    SELECT person_id, at, body FROM events
    WHERE kind_id IN (SELECT id FROM kinds WHERE environment_id = ${environmentId} AND name = ${event} AND type = 'track')`;
  for await (const rows of messages.cursor(5_000))
    for (const { person_id, at, body } of rows) {
      const { properties } = JSON.parse(body) as { properties?: Record<string, unknown> | null };
      if (test(properties ?? {}, at)) addMoment(column, at, person_id);
    }
  return column;
}

/** Many rows as one value: the driver would make an object of each. */
function toMoments(bytes: Uint8Array | null | undefined): Moments {
  const count = (bytes?.byteLength ?? 0) / MOMENT_BYTES;
  const at = new Float64Array(count);
  const person = new Int32Array(count);
  if (bytes !== null && bytes !== undefined) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < count; i++) {
      at[i] = view.getInt32(i * MOMENT_BYTES) * 4_294_967_296 + view.getUint32(i * MOMENT_BYTES + 4);
      person[i] = view.getInt32(i * MOMENT_BYTES + 8);
    }
  }
  return { count, at, person };
}
