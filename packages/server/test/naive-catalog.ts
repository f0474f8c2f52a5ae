import type { ArrivingEvent, CatalogRow } from "../src/storage/storage.ts";

/** The catalog counted anew: first message of each id, in order of (at, messageId), the last example wins. */
export function naiveCatalog(arrived: readonly ArrivingEvent[]): readonly CatalogRow[] {
  const stored = arrived.filter(
    (event, index) => arrived.findIndex(({ messageId }) => messageId === event.messageId) === index,
  );
  const inOrder = stored.sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1));
  const all = inOrder.flatMap(({ at, sightings = [] }) => sightings.map((one) => ({ ...one, at })));
  const keys = [...new Set(all.map(({ list, name }) => `${list} ${name}`))].sort();
  return keys.map((key) => {
    const own = all.filter(({ list, name }) => `${list} ${name}` === key);
    const [{ list, name }] = own as [(typeof own)[number]];
    const examples = own.filter(({ example }) => example !== undefined);
    return {
      list,
      name,
      count: own.length,
      lastAt: Math.max(...own.map(({ at }) => at)),
      example: examples.at(-1)?.example ?? null,
    };
  });
}
