/** One difference between two definitions, at the smallest place where they differ. */
export interface Change {
  /** Where: keys, and for list elements their id (else their number from 1). */
  readonly path: readonly string[];
  readonly kind: "added" | "removed" | "changed";
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Fields that the server or an editor writes; a change in them is none of the author's. */
const NOT_THE_AUTHORS = new Set(["$schema", "version", "publishedAt"]);

/**
 * What turns one definition into another. List elements with an `id` are compared by it, so that a step in
 * between is one change and not a change of all that follow.
 */
export function changesBetween(before: unknown, after: unknown): readonly Change[] {
  return compare(before, after, []);
}

function compare(before: unknown, after: unknown, path: readonly string[]): readonly Change[] {
  if (isRecord(before) && isRecord(after))
    return compareEntries(entriesOf(before, path), entriesOf(after, path), path);
  if (Array.isArray(before) && Array.isArray(after)) {
    const [old, now] = [idsOf(before), idsOf(after)];
    if (old !== undefined && now !== undefined) {
      const inside = compareEntries(zip(old, before), zip(now, after), path);
      const kept = now.filter((id) => old.includes(id));
      const moved = kept.join("\n") !== old.filter((id) => now.includes(id)).join("\n");
      return moved ? [{ path, kind: "changed", before: old, after: now }, ...inside] : inside;
    }
    if (before.length === after.length && before.some((item) => typeof item === "object"))
      return before.flatMap((item, index) => compare(item, after[index], [...path, String(index + 1)]));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path, kind: "changed", before, after }];
}

function compareEntries(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
  path: readonly string[],
): readonly Change[] {
  const changes: Change[] = [];
  for (const [key, old] of before) {
    if (after.has(key)) changes.push(...compare(old, after.get(key), [...path, key]));
    else changes.push({ path: [...path, key], kind: "removed", before: old });
  }
  for (const [key, now] of after)
    if (!before.has(key)) changes.push({ path: [...path, key], kind: "added", after: now });
  return changes;
}

function entriesOf(record: Record<string, unknown>, path: readonly string[]): ReadonlyMap<string, unknown> {
  const entries = Object.entries(record).filter(([key]) => path.length > 0 || !NOT_THE_AUTHORS.has(key));
  return new Map(entries);
}

function zip(ids: readonly string[], items: readonly unknown[]): ReadonlyMap<string, unknown> {
  return new Map(ids.map((id, index) => [id, items[index]]));
}

/** The ids of a list's elements; `undefined` unless every element has one of its own. */
function idsOf(items: readonly unknown[]): readonly string[] | undefined {
  const ids = items.flatMap((item) => (isRecord(item) && typeof item.id === "string" ? [item.id] : []));
  return ids.length === items.length && new Set(ids).size === ids.length ? ids : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value in one line, cut where it is long. */
export function inOneLine(value: unknown, length = 96): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
