import { readFileSync } from "node:fs";

const ROOT = new URL("../../../../", import.meta.url);

/** A fenced block of a page. */
export interface Block {
  /** "docs/authoring.md:12" */
  readonly place: string;
  readonly language: string;
  readonly text: string;
  /** Headings above it, the outermost first. */
  readonly headings: readonly string[];
  /** "guide/flows/a.json", where the line before the block names a file so. */
  readonly file: string | undefined;
}

/** A table whose first column says when something happens: claims, to be run. */
export interface Claims {
  readonly place: string;
  /** Heading of its last column: how the claims are meant. */
  readonly mode: string;
  readonly rows: readonly (readonly [when: string, what: string, answer: string])[];
  /** `json` blocks since the last heading, oldest first. */
  readonly about: readonly Block[];
  readonly headings: readonly string[];
}

/** A page of docs/, as far as it can be checked. */
export interface Page {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly claims: readonly Claims[];
  /** All other tables, as cells. */
  readonly tables: readonly { readonly place: string; readonly rows: readonly (readonly string[])[] }[];
}

const FENCE = /^```(\w*)$/;
const HEADING = /^(#{1,6}) (.+)$/;
const NAMED = /^`([\w./-]+)`:$/;

/** Cells of a table's line; `\|` is no border. */
const cellsOf = (line: string): string[] =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));

/** Reads a page of docs/ into what can be checked in it. */
export function readPage(path: string): Page {
  const text = readFileSync(new URL(path, ROOT), "utf8");
  const lines = text.split("\n");
  const blocks: Block[] = [];
  const claims: Claims[] = [];
  const tables: { place: string; rows: string[][] }[] = [];
  let headings: string[] = [];
  let about: Block[] = [];
  let lastText = "";
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const place = `${path}:${i + 1}`;
    const fence = FENCE.exec(line);
    const heading = HEADING.exec(line);
    if (heading) {
      headings = [...headings.slice(0, (heading[1]?.length ?? 1) - 1), heading[2] ?? ""];
      about = [];
    } else if (fence) {
      const end = lines.indexOf("```", i + 1);
      if (end < 0) throw new Error(`${place}: the block has no end`);
      const block = {
        place,
        language: fence[1] ?? "",
        text: lines.slice(i + 1, end).join("\n"),
        headings,
        file: NAMED.exec(lastText)?.[1],
      };
      blocks.push(block);
      if (block.language === "json") about = [...about, block];
      i = end;
    } else if (line.startsWith("|")) {
      let end = i;
      while (lines[end + 1]?.startsWith("|")) end++;
      const rows = lines.slice(i, end + 1).map(cellsOf);
      const [head = []] = rows;
      if (head[0] === "when" && head.length === 3)
        claims.push({ place, mode: head[2] ?? "", rows: rows.slice(2) as never, about, headings });
      else tables.push({ place, rows });
      i = end;
    }
    if (line.trim() !== "") lastText = line.trim();
  }
  return { path, text, blocks, claims, tables };
}
