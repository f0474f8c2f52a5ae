import { jsonType } from "./json-type.ts";

const SHOWN_LENGTH = 60;

/** A found value as it stands in a message, cut where it is long. */
export function show(value: unknown): string {
  const type = jsonType(value);
  if (type === "array") return (value as readonly unknown[]).length === 0 ? "an empty list" : "a list";
  if (type === "object") return Object.keys(value as object).length === 0 ? "an empty object" : "an object";
  if (type === "string") return quote(value as string);
  return String(value);
}

export function quote(text: string): string {
  return JSON.stringify(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);
}

/** "a step", "an item"; plural names stay as they are. */
export function withArticle(name: string): string {
  if (/settings$/.test(name)) return name;
  return `${/^[aeio]/.test(name) ? "an" : "a"} ${name}`;
}

/** `"a", "b" or "c"`. */
export function either(names: readonly unknown[]): string {
  const shown = names.map((name) => JSON.stringify(name));
  const last = shown.pop() ?? "nothing";
  return shown.length === 0 ? last : `${shown.join(", ")} or ${last}`;
}

/** Turns a description into the tail of a sentence: lower case, no full stop. */
export function asClause(description: string): string {
  const first = /^[A-Z][^A-Z]/.test(description)
    ? description.charAt(0).toLowerCase()
    : description.charAt(0);
  return first + description.slice(1).replace(/\.$/, "");
}

/** The candidate that was probably meant: few typing errors away, case ignored. */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  if (written.length > 64) return undefined;
  const wanted = written.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 24) return 25;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
