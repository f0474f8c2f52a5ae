/** The known name that was probably meant: the same letters in another spelling, or a few typing errors away. */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  if (written.length > 100) return undefined;
  const wanted = squeeze(written);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 4)) + 1;
  for (const name of known) {
    const distance = editDistance(wanted, squeeze(name), least);
    if (distance >= least) continue;
    best = name;
    least = distance;
  }
  return best;
}

/** `Report_Viewed`, `report.viewed` and `reportViewed` are one name to whoever remembers it. */
const squeeze = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Insertions, deletions and replacements between two words; `limit` or more is `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}
