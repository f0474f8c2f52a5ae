import { compareText } from "./compare-text.ts";
import type { StampedTraits, StampedValue } from "./report-store.ts";

export type TraitTable<Key> = Map<Key, Map<string, StampedValue>>;

/** Adds what one message said; a value stays where a later message has given one already. */
export function learnTraits<Key>(
  table: TraitTable<Key>,
  key: Key,
  traits: unknown,
  at: number,
  messageId: string,
): void {
  if (typeof traits !== "object" || traits === null || Array.isArray(traits)) return;
  let known = table.get(key);
  if (known === undefined) {
    known = new Map();
    table.set(key, known);
  }
  for (const [name, value] of Object.entries(traits)) {
    const stamped = { value, at, messageId };
    if (isLater(stamped, known.get(name))) known.set(name, stamped);
  }
}

/** The traits of several ids that turned out to be one: of each key the latest. */
export function joinTraits(parts: readonly StampedTraits[]): Readonly<Record<string, unknown>> {
  const joined = new Map<string, StampedValue>();
  for (const part of parts)
    for (const [name, stamped] of part) if (isLater(stamped, joined.get(name))) joined.set(name, stamped);
  return Object.fromEntries([...joined].map(([name, { value }]) => [name, value]));
}

function isLater({ at, messageId }: StampedValue, known: StampedValue | undefined): boolean {
  return (
    known === undefined || at > known.at || (at === known.at && compareText(messageId, known.messageId) > 0)
  );
}
