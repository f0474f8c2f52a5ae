import type { LaneSql, Lanes } from "./lanes.ts";

/** Whoever writes events shares it; whoever takes people away has it alone. */
const LOCK = 7_226_420_004;

/**
 * Of which time the numbers of people are, and that none is taken away until this transaction ends: servers remember
 * numbers, and no event may be written for a number that means nobody any more.
 */
export async function readEpoch(transaction: LaneSql): Promise<number> {
  const [, rows] = await Promise.all([
    transaction`SELECT pg_advisory_xact_lock_shared(${LOCK}::bigint)`,
    transaction<{ epoch: number }[]>`SELECT epoch FROM people_epoch`,
  ]);
  return rows[0]?.epoch ?? 0;
}

/** Takes people away while nobody writes events, which has to be short; every server then forgets their numbers. */
export async function withoutWriters<T>(
  lanes: Lanes,
  body: (transaction: LaneSql) => Promise<T>,
): Promise<T> {
  return await lanes.transaction(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(${LOCK}::bigint)`;
    await transaction`
      INSERT INTO people_epoch AS known VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET epoch = known.epoch + 1`;
    return await body(transaction);
  });
}
