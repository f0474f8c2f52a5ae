import { pause } from "../upkeep-store.ts";
import type { Sql } from "./connect.ts";

/** Pages of a table in one slice: 1.6 MB. */
const PAGES = 200;

/** Where a slice of a table begins and ends, for `ctid >= from AND ctid < to`. */
export interface Block {
  readonly from: string;
  readonly to: string;
}

/** Goes through a table as it lies on the disk, slice by slice, with a rest after each; rows need no index for that. */
export async function eachBlock(
  sql: Sql,
  table: string,
  stop: AbortSignal,
  body: (block: Block) => Promise<void>,
): Promise<void> {
  const [row] = await sql<{ pages: number }[]>`
    SELECT (pg_relation_size(${table}::regclass) / current_setting('block_size')::integer)::integer AS pages`;
  for (let page = 0; page < (row?.pages ?? 0) && !stop.aborted; page += PAGES) {
    const begun = performance.now();
    await body({ from: `(${page},0)`, to: `(${page + PAGES},0)` });
    await pause(performance.now() - begun);
  }
}
