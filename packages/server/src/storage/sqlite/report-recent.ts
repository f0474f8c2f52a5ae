import type { SqliteDatabase } from "./driver.ts";
import { GUIDANCE_INTS, MOMENT_INTS, toInts } from "./report-codec.ts";

/** What a list of the report log is about; its `key` is a number of that list. */
export const LISTS = { seen: 0, kind: 1, feature: 2, flow: 3 } as const;
export type List = (typeof LISTS)[keyof typeof LISTS];

/** How many numbers a record of this list has. */
export function widthOf(list: number): number {
  return list === LISTS.flow ? GUIDANCE_INTS : MOMENT_INTS;
}

/** Lists are few, so a list and a key of it make one number. */
export const placeOf = (list: List, key: number): number => key * 4 + list;
export const listOf = (place: number): List => (place & 3) as List;
export const keyOf = (place: number): number => Math.floor(place / 4);

/** By {@link placeOf}: records that the log has not got yet, in the order in which they were committed. */
export type Recent = ReadonlyMap<number, readonly Int32Array[]>;

/** Ints before the records of one list and key: list, key, how many ints follow. */
const HEAD = 3;

/** What one commit adds, as one row. */
export function packRecent(gathered: ReadonlyMap<number, readonly number[]>): Uint8Array {
  let room = 0;
  for (const ints of gathered.values()) room += ints.length + HEAD;
  const packed = new Int32Array(room);
  let end = 0;
  for (const [place, ints] of gathered) {
    packed[end] = listOf(place);
    packed[end + 1] = keyOf(place);
    packed[end + 2] = ints.length;
    packed.set(ints, end + HEAD);
    end += HEAD + ints.length;
  }
  return new Uint8Array(packed.buffer);
}

/** Reads what the log has not got yet: little, whatever the log holds. */
export function createRecentReader(database: SqliteDatabase): () => Recent {
  const all = database.prepare("SELECT data FROM report_recent ORDER BY id");
  return () => {
    const recent = new Map<number, Int32Array[]>();
    for (const { data } of all.all() as { readonly data: Uint8Array }[]) {
      const ints = toInts(data);
      for (let at = 0; at < ints.length; ) {
        const [list, key, count] = ints.subarray(at, at + HEAD) as unknown as [List, number, number];
        const records = ints.subarray(at + HEAD, at + HEAD + count);
        const place = placeOf(list, key);
        const known = recent.get(place);
        if (known === undefined) recent.set(place, [records]);
        else known.push(records);
        at += HEAD + count;
      }
    }
    return recent;
  };
}
