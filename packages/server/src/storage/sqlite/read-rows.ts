import type { SqliteStatement, SqliteValue } from "./driver.ts";

/**
 * A query whose rows come as one JSON text. The driver makes each value of each row a call of its own (27 µs for a row
 * of 12); one text and one parse take a tenth of that. `query` selects plain columns, in this order.
 */
export function asJsonRows(columns: readonly string[], query: string): string {
  return `SELECT json_group_array(json_array(${columns.join(", ")})) AS rows FROM (${query})`;
}

/** Runs a statement made by {@link asJsonRows}; each row is a list of its columns' values. */
export function readRows<Row extends readonly unknown[]>(
  statement: SqliteStatement,
  ...values: SqliteValue[]
): readonly Row[] {
  const { rows } = statement.get(...values) as { readonly rows: string };
  return JSON.parse(rows) as readonly Row[];
}
