import { compareText } from "./compare-text.ts";
import type { SaidTraits, StampedTraits, StampedValue } from "./report-store.ts";

export type TraitTable<Key> = Map<Key, KnownTraits>;
export interface KnownTraits extends StampedTraits {
  readonly latest: Map<string, StampedValue>;
  readonly said: SaidTraits[];
}

/** Adds what one message said, whatever order messages come in. */
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
    known = { latest: new Map(), said: [] };
    table.set(key, known);
  }
  const { latest, said } = known;
  const before = said.at(-1)?.traits;
  let same = before !== undefined;
  let names = 0;
  for (const [name, value] of Object.entries(traits)) {
    names += 1;
    if (same && !isSame((before as Traits)[name], value)) same = false;
    const one = latest.get(name);
    const since = one === undefined ? at : Math.min(one.since, at);
    const varied = one !== undefined && (one.varied || !isSame(one.value, value));
    const stamped = { value, at, messageId, since, varied };
    if (isLater(stamped, one)) latest.set(name, stamped);
    else if (one !== undefined && (since < one.since || varied !== one.varied))
      latest.set(name, { ...one, since, varied });
  }
  // The same thing is mostly said again and again: it is kept once.
  const kept =
    same && names === Object.keys(before as Traits).length ? (before as Traits) : (traits as Traits);
  let place = said.length;
  const message = { at, messageId, traits: kept };
  while (place > 0 && isLater(said[place - 1] as SaidTraits, message)) place--;
  if (place === said.length) said.push(message);
  else said.splice(place, 0, message);
}

type Traits = Readonly<Record<string, unknown>>;

/** The traits of several ids that turned out to be one: of each key the latest. */
export function joinTraits(parts: readonly StampedTraits[]): Traits {
  const joined = new Map<string, StampedValue>();
  for (const { latest } of parts)
    for (const [name, stamped] of latest) if (isLater(stamped, joined.get(name))) joined.set(name, stamped);
  return Object.fromEntries([...joined].map(([name, { value }]) => [name, value]));
}

/** What several ids that turned out to be one have said before a moment, of each key the latest then. */
export function joinTraitsBefore(parts: readonly StampedTraits[], moment: number): Traits {
  if (parts.every(({ said }) => (said.at(-1)?.at ?? 0) < moment)) return joinTraits(parts);
  const before = inOrder(parts).filter(({ at }) => at < moment);
  return Object.fromEntries(before.flatMap(({ traits }) => Object.entries(traits)));
}

/** What holds from a moment on, until the next one. */
export interface TraitsSince {
  readonly at: number;
  readonly traits: Traits;
}

/** The course of some keys: one entry for each moment at which one of them changed, in order. */
export function courseOf(
  parts: readonly StampedTraits[],
  matters: (name: string) => boolean,
): readonly TraitsSince[] {
  const course: TraitsSince[] = [];
  const add = (at: number, traits: Traits) => {
    const last = course.at(-1);
    if (last?.at === at) course[course.length - 1] = { at, traits };
    else course.push({ at, traits });
  };
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    const own = [...only.latest].filter(([name]) => matters(name));
    if (!own.some(([, { varied }]) => varied)) {
      own.sort(([, a], [, b]) => a.since - b.since);
      let traits: Traits = {};
      for (const [name, { value, since }] of own) {
        traits = { ...traits, [name]: value };
        add(since, traits);
      }
      return course;
    }
  }
  let now: Traits = {};
  for (const { at, traits } of inOrder(parts)) {
    const news = Object.keys(traits).filter((name) => matters(name) && !isKnown(now, name, traits[name]));
    if (news.length === 0) continue;
    now = { ...now, ...Object.fromEntries(news.map((name) => [name, traits[name]])) };
    add(at, now);
  }
  return course;
}

function isKnown(traits: Traits, name: string, value: unknown): boolean {
  return Object.hasOwn(traits, name) && isSame(traits[name], value);
}

function inOrder(parts: readonly StampedTraits[]): readonly SaidTraits[] {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only.said;
  return parts.flatMap(({ said }) => said).sort((a, b) => (isLater(a, b) ? 1 : -1));
}

function isSame(a: unknown, b: unknown): boolean {
  return (
    a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b))
  );
}

type Stamp = Pick<StampedValue, "at" | "messageId">;
function isLater({ at, messageId }: Stamp, known: Stamp | undefined): boolean {
  return (
    known === undefined || at > known.at || (at === known.at && compareText(messageId, known.messageId) > 0)
  );
}
