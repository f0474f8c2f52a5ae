import { compareText } from "./compare-text.ts";
import type { CatalogRow, EventRecord, Sighting } from "./event-store.ts";

/** A row of the catalog in the making. */
export interface Tally extends CatalogRow {
  count: number;
  lastAt: number;
  example: string | null;
  exampleAt: number;
  exampleId: string;
}

/** One event's sightings, added to what was counted before, whatever order events come in. */
export function tally(
  into: Map<string, Tally>,
  sightings: readonly Sighting[],
  { at, messageId }: Pick<EventRecord, "at" | "messageId">,
  mayAdd: (sighting: Sighting) => boolean,
): void {
  for (const sighting of sightings) {
    const { list, name, example } = sighting;
    const key = `${list} ${name}`;
    let row = into.get(key);
    if (row === undefined) {
      if (!mayAdd(sighting)) continue;
      row = { list, name, count: 0, lastAt: at, example: null, exampleAt: at, exampleId: "" };
      into.set(key, row);
    }
    row.count += 1;
    if (at > row.lastAt) row.lastAt = at;
    if (example === undefined || (row.example !== null && !isLater(at, messageId, row))) continue;
    row.example = example;
    row.exampleAt = at;
    row.exampleId = messageId;
  }
}

/** Of two in one message the later one counts. */
function isLater(at: number, id: string, { exampleAt, exampleId }: Tally): boolean {
  return at > exampleAt || (at === exampleAt && compareText(id, exampleId) >= 0);
}
