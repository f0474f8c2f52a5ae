/** FNV-1a, 32 bit, over UTF-16 code units, as GrowthBook hashes. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash;
}

/** Where a unit falls between 0 and 1 for a seed: the engine's own rule, so that sample data and live data agree. */
export function bucketOf(seed: string, unit: string): number {
  return (fnv1a(String(fnv1a(seed + unit))) % 10_000) / 10_000;
}

/** Whether a flow is withheld from an account. */
export function isHeldOut(flow: string, account: string, share = 0.1): boolean {
  return bucketOf(`${flow}:holdout`, account) < share;
}
