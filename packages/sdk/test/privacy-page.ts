import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What docs/privacy.md lists. */
export const PRIVACY_PAGE = readFileSync(join(import.meta.dirname, "../../../docs/privacy.md"), "utf8");

/** Words in code of the first column (or another) of the table under this heading. */
export function listed(heading: string, column = 0): string[] {
  const part =
    PRIVACY_PAGE.split(new RegExp(`^#+ ${heading.replaceAll("/", "\\/")}$`, "m"))[1]?.split(/^#/m)[0] ?? "";
  const rows = part.split("\n").filter((line) => line.startsWith("| ") && !/^\| (---|\w+ \|)/.test(line));
  const cells = rows.map((row) => row.split(/(?<!\\)\|/)[column + 1] ?? "");
  return cells.flatMap((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word.replaceAll("\\|", "|")),
  );
}

/** Names of the fields of a body of `POST /v1/batch`. */
export const batchFields = (): string[] =>
  listed("Fields of `POST /v1/batch`").filter(
    (path) => /^(batch\[|\w+$)/.test(path) && !/^(track|identify|group|page)$/.test(path),
  );

/** Paths of all values, with `[]` for the places of lists. */
export function paths(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => paths(one, `${at}[]`));
  if (typeof value !== "object" || value === null) return [at];
  return Object.entries(value).flatMap(([name, one]) => paths(one, at ? `${at}.${name}` : name));
}

/** Of the keys under which something is stored in an environment. */
export const keyPatterns = (environment: string): RegExp[] =>
  listed("What is stored", 1)
    .filter((key) => key.startsWith("KEY"))
    .map((key) => key.replaceAll("|", "\\|").replace("KEY", environment).replace("ID", "[\\w.@-]+"))
    .map((pattern) => new RegExp(`^${pattern}$`));
