export type Cell = string | number | boolean | null | undefined;

/** Rows as CSV (RFC 4180, with a header line). A cell that a spreadsheet would run as a formula is made text. */
export function toCsv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(toCell).join(",")}\r\n`).join("");
}

/** Objects as CSV. A column is named by its path in them (`rate.low`); where there is no such value it is empty. */
export function tableOf(columns: readonly string[], rows: readonly object[]): string {
  return toCsv(
    columns,
    rows.map((row) => columns.map((column) => cellAt(row, column))),
  );
}

/** The columns of a share. */
export function rateColumns(name: string): readonly string[] {
  return ["numerator", "n", "value", "low", "high"].map((part) => `${name}.${part}`);
}

function cellAt(row: object, path: string): Cell {
  let value: unknown = row;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return null;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === "object" ? null : (value as Cell);
}

function toCell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
