/** FNV-1a, 32 bits, over UTF-16 code units, as GrowthBook computes it. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Where a unit falls for a seed: [0, 1) in steps of 1/10000. GrowthBook's hash, version 2. */
export function bucket(seed: string, unit: string): number {
  return (fnv1a(`${fnv1a(seed + unit)}`) % 10_000) / 10_000;
}

/** The first entry whose cumulated weight lies above the point; weights need not sum to 1. */
export function pickByWeight<T extends { readonly weight: number }>(
  entries: readonly T[],
  point: number,
): T | undefined {
  const total = entries.reduce((sum, entry) => sum + entry.weight, 0);
  let sum = 0;
  return entries.find((entry) => {
    sum += entry.weight;
    return point * total < sum;
  });
}
