/**
 * Reads a key that the object itself holds. Ids and event names are people's words: `constructor` is one of them,
 * and a host page may have put things on `Object.prototype`.
 */
export function own<T>(map: { readonly [key: string]: T } | undefined, key: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}
