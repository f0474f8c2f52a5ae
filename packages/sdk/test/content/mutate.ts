/** A sequence of numbers in [0, 1) that is the same each time (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What stands where something else should: other types, limits, names that objects have of themselves. */
const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  "",
  " ",
  "constructor",
  "__proto__",
  "toString",
  "\ud800",
  "\u0000",
  "x".repeat(5_000),
  "{{user.name}}",
  "9d",
  "0s",
  "100%",
  [],
  [null],
  [[[[[]]]]],
  {},
  { all: [] },
  { not: { not: {} } },
  { length: 3 },
  { en: null },
  // biome-ignore lint/suspicious/noThenProperty: on purpose
  { then: 1 },
];

/** Changes a few places of a definition (in place): puts something odd there, takes it away, doubles or swaps it. */
export function mutate<T>(root: T, random: () => number): T {
  const pick = <V>(list: readonly V[]): V => list[Math.floor(random() * list.length)] as V;
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
    const holders: (Record<string, unknown> | unknown[])[] = [];
    const walk = (value: unknown) => {
      if (typeof value !== "object" || value === null) return;
      holders.push(value as Record<string, unknown>);
      for (const one of Object.values(value)) walk(one);
    };
    walk(root);
    const holder = pick(holders) as Record<string, unknown>;
    const keys = Object.keys(holder);
    const key = keys.length > 0 ? pick(keys) : "x";
    const other = pick(holders) as Record<string, unknown>;
    const change = random();
    if (change < 0.45) holder[key] = structuredClone(pick(ODD));
    else if (change < 0.6) delete holder[key];
    else if (change < 0.75) holder[pick(["id", "any", "steps", "target", "x"])] = structuredClone(pick(ODD));
    else if (change < 0.9) holder[key] = structuredClone(other[pick(Object.keys(other))] ?? null);
    else if (Array.isArray(holder)) holder.push(structuredClone(holder[0] ?? null));
  }
  return root;
}
