import { flagOf, OPTIONS, type OptionName } from "./option-table.ts";
import type { ReadOption } from "./read-options.ts";

/** What holds, and where each comes from, without secrets: for the start. */
export function showOptions(list: readonly ReadOption[]): string {
  return columns(list.map(({ name, shown, from }) => [name, shown, from]));
}

/** All options of a command, for `--help`. */
export function helpOn(names: readonly OptionName[] = Object.keys(OPTIONS) as OptionName[]): string {
  return columns(
    names.map((name) => {
      const { env, fallback, meaning } = OPTIONS[name];
      return [flagOf(name), env, `${meaning.replaceAll("`", "")} (default: ${fallback})`];
    }),
  );
}

function columns(rows: readonly (readonly [string, string, string])[]): string {
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [first, second] = [width(0), width(1)];
  return rows.map(([a, b, c]) => `  ${a.padEnd(first)}  ${b.padEnd(second)}  ${c}`).join("\n");
}
