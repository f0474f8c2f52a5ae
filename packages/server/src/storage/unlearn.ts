import type { Message } from "@cairn/flow-schema";
import type { CatalogRow, EventRecord, Sighting } from "./event-store.ts";
import { sightingsOf } from "./sightings.ts";
import { isStorable } from "./storable.ts";

/** The one kind of `track` event that the catalog learns from. */
export const TEACHING_EVENT = "cairn.feature.used";

/** A name of the catalog, and what is to be taken from it. */
export interface Unlearnt extends Pick<CatalogRow, "list" | "name"> {
  times: number;
  /** Messages whose examples must not stay. */
  readonly ids: Set<string>;
}

/** Adds up what the catalog has learnt from a message that goes away. */
export function unlearn(
  into: Map<string, Unlearnt>,
  { messageId, body }: Pick<EventRecord, "messageId" | "body">,
): void {
  for (const { list, name } of sightingsIn(body)) {
    const key = `${list} ${name}`;
    let row = into.get(key);
    if (row === undefined) {
      row = { list, name, times: 0, ids: new Set() };
      into.set(key, row);
    }
    row.times += 1;
    row.ids.add(messageId);
  }
}

function sightingsIn(body: string): readonly Sighting[] {
  const message = JSON.parse(body) as Message;
  return sightingsOf(message, isStorable);
}
