import { TEACHING_EVENT, type Unlearnt, unlearn } from "../unlearn.ts";
import type { LaneSql } from "./lanes.ts";

/** A message that was deleted. */
export interface GoneEvent {
  readonly kind_id: number;
  readonly at: number;
  readonly message_id: string;
  /** Only of those that taught the catalog something. */
  readonly body: string | null;
}

/** What a DELETE of events, joined with `kinds`, gives back of each. */
export const GONE = `kind_id, at, message_id,
  CASE WHEN type <> 'track' OR name = '${TEACHING_EVENT}' THEN body END AS body`;

/** Takes from everything that is counted what these messages were counted for. Rows are locked in the order of ingest. */
export async function takeFromCounts(
  transaction: LaneSql,
  environmentId: number,
  gone: readonly GoneEvent[],
): Promise<void> {
  const kinds = new Map<number, { k: number; c: number; l: number }>();
  const names = new Map<string, Unlearnt>();
  for (const { kind_id, at, message_id, body } of gone) {
    const kind = kinds.get(kind_id) ?? { k: kind_id, c: 0, l: at };
    kinds.set(kind_id, { ...kind, c: kind.c + 1, l: Math.max(kind.l, at) });
    if (body !== null) unlearn(names, { messageId: message_id, body });
  }
  await takeFromKinds(transaction, [...kinds.values()]);
  await takeFromCatalog(transaction, environmentId, [...names.values()]);
}

/** `k`: the kind, `c`: how many went away, `l`: the latest of them. */
export async function takeFromKinds(
  transaction: LaneSql,
  kinds: readonly { readonly k: number; readonly c: number; readonly l: number }[],
): Promise<void> {
  if (kinds.length === 0) return;
  const json = JSON.stringify(kinds);
  await transaction`
    SELECT FROM kind_counts WHERE kind_id = ANY(${kinds.map(({ k }) => k)}::integer[]) ORDER BY kind_id FOR UPDATE`;
  await transaction`
    UPDATE kind_counts AS known SET count = known.count - x.c,
      last_at = CASE WHEN known.last_at > x.l THEN known.last_at
        ELSE coalesce((SELECT max(at) FROM events WHERE events.kind_id = x.k), 0) END
    FROM json_to_recordset(${json}::text::json) AS x(k integer, c bigint, l bigint) WHERE known.kind_id = x.k`;
  await transaction`
    DELETE FROM kind_counts WHERE kind_id = ANY(${kinds.map(({ k }) => k)}::integer[]) AND count <= 0`;
}

export async function takeFromCatalog(
  transaction: LaneSql,
  environmentId: number,
  unlearnt: readonly Unlearnt[],
): Promise<void> {
  if (unlearnt.length === 0) return;
  const rows = unlearnt.map(({ list, name, times, ids }) => ({ l: list, n: name, t: times, i: [...ids] }));
  const json = JSON.stringify(rows);
  await transaction`
    SELECT FROM catalog WHERE environment_id = ${environmentId} AND (list, name) IN
      (SELECT l, n FROM json_to_recordset(${json}::text::json) AS x(l text, n text))
    ORDER BY list, name FOR UPDATE`;
  await transaction`
    UPDATE catalog AS known SET count = known.count - x.t,
      example = CASE WHEN x.i @> to_jsonb(known.example_id) THEN NULL ELSE known.example END,
      example_id = CASE WHEN x.i @> to_jsonb(known.example_id) THEN '' ELSE known.example_id END
    FROM json_to_recordset(${json}::text::json) AS x(l text, n text, t bigint, i jsonb)
    WHERE environment_id = ${environmentId} AND list = x.l AND name = x.n`;
  await transaction`DELETE FROM catalog WHERE environment_id = ${environmentId} AND count <= 0`;
}
