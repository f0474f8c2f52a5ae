import { setImmediate as turn } from "node:timers/promises";
import type { SqliteDatabase } from "./driver.ts";
import { timeOf, toInts } from "./report-codec.ts";
import { createRecentReader, LISTS, placeOf, widthOf } from "./report-recent.ts";

/** Rows of the log read in one turn: a few milliseconds. */
const ROWS = 100;
const QUARTER_MS = 900_000;

/** When a person was there: of each quarter of an hour the first and the last message. */
export type Presence = ReadonlyMap<number, readonly [first: number, last: number]>;

/**
 * When these people were there, and everybody who was there at all, as the report log knows it: messages themselves
 * have no index by person. Others get their turn while it is read.
 */
export async function readPresence(
  database: SqliteDatabase,
  environmentId: number,
  wanted: ReadonlySet<number>,
): Promise<{ readonly of: ReadonlyMap<number, Presence>; readonly everybody: ReadonlySet<number> }> {
  const page = database.prepare(
    "SELECT id, data FROM report_log WHERE list = ? AND key = ? AND id > ? ORDER BY id LIMIT ?",
  );
  const of = new Map<number, Map<number, [number, number]>>();
  const everybody = new Set<number>();
  const width = widthOf(LISTS.seen);
  const learn = (ints: Int32Array) => {
    for (let i = 0; i < ints.length; i += width) {
      const who = ints[i + 2] as number;
      const person = who < 0 ? ~who : who;
      everybody.add(person);
      if (wanted.has(person)) add(of, person, timeOf(ints[i] as number, ints[i + 1] as number));
    }
  };
  // First, since it may be put into the log meanwhile, into rows that were read already. To see it twice does no harm.
  for (const ints of createRecentReader(database)().get(placeOf(LISTS.seen, environmentId)) ?? [])
    learn(ints);
  let after = 0;
  for (;;) {
    const rows = page.all(LISTS.seen, environmentId, after, ROWS) as { id: number; data: Uint8Array }[];
    for (const { id, data } of rows) {
      after = id;
      learn(toInts(data));
    }
    if (rows.length < ROWS) return { of, everybody };
    await turn();
  }
}

function add(into: Map<number, Map<number, [number, number]>>, person: number, at: number): void {
  const quarters = into.get(person) ?? new Map<number, [number, number]>();
  into.set(person, quarters);
  const quarter = Math.floor(at / QUARTER_MS);
  const known = quarters.get(quarter);
  if (known === undefined) quarters.set(quarter, [at, at]);
  else {
    known[0] = Math.min(known[0], at);
    known[1] = Math.max(known[1], at);
  }
}

/** All stretches of time in which any of them was there, in order; none reaches into another. */
export function stretchesOf(presence: Iterable<Presence>): readonly (readonly [from: number, to: number])[] {
  const all = new Map<number, [number, number]>();
  for (const quarters of presence)
    for (const [quarter, [first, last]] of quarters) {
      const known = all.get(quarter);
      if (known === undefined) all.set(quarter, [first, last]);
      else all.set(quarter, [Math.min(known[0], first), Math.max(known[1], last)]);
    }
  return [...all].sort(([a], [b]) => a - b).map(([, stretch]) => stretch);
}
