import type { Facts } from "@cairn/engine";
import { RESERVED_PREFIX } from "@cairn/flow-schema";
import type { EnvironmentId, EventRecord, Storage } from "../storage/storage.ts";

type Book = { -readonly [key in keyof Facts["user"]]: Facts["user"][key] };
type Times = Book[string];

/** Most names in a book, and most moments under one: what the engine itself remembers of a device. */
const MAX_NAMES = 256;
const KEPT_TIMES = 50;
/** A device whose clock is ahead must not poison what others remember. */
const MAX_AHEAD_MS = 300_000;
const FEATURE_USED = "cairn.feature.used";
/** What became of a flow, as the engine keeps it for the account. A withheld one counts as shown. */
const FLOW_FACTS: { readonly [event: string]: string | undefined } = {
  "cairn.flow.shown": "shown",
  "cairn.flow.withheld": "shown",
  "cairn.flow.completed": "completed",
  "cairn.flow.dismissed": "dismissed",
  "cairn.flow.snoozed": "snoozed",
  "cairn.goal.reached": "goal",
};

interface Moment {
  readonly key: string;
  readonly at: number;
}

/**
 * What the stored events tell of a person and their account, in the engine's own form. Only verified ones count: whoever has
 * the public key can write anybody's user id into a message. What an anonymous id did before is the person's if they were
 * the first who was vouched for under it; nobody but their device knows that id. `upto` is the person's latest event: what a device counted
 * after it and has not sent yet is not in here.
 */
export async function readFacts(
  storage: Storage,
  environment: EnvironmentId,
  userId: string,
  account: string | undefined,
): Promise<Facts> {
  const own = await eventsOfPerson(storage, environment, userId);
  const moments = own.flatMap((record) => momentsOf(record, false));
  const team: Moment[] = [];
  if (account !== undefined)
    for await (const chunk of storage.events(environment, { account }))
      for (const record of chunk) if (record.verified) team.push(...momentsOf(record, true));
  return {
    upto: own.reduce((latest, record) => Math.max(latest, momentOf(record)), -1),
    user: toBook(moments),
    account: account === undefined ? null : { id: account, book: toBook(team) },
  };
}

async function eventsOfPerson(
  storage: Storage,
  environment: EnvironmentId,
  userId: string,
): Promise<readonly EventRecord[]> {
  const read = async (id: string) => {
    const found: EventRecord[] = [];
    for await (const chunk of storage.events(environment, { people: [id] })) found.push(...chunk);
    return found;
  };
  const own = (await read(userId)).filter((record) => record.userId === userId && record.verified);
  const anonymous = new Set(own.flatMap(({ anonymousId }) => anonymousId ?? []));
  const before: EventRecord[] = [];
  for (const id of anonymous) {
    const seen = (await read(id)).filter((record) => record.anonymousId === id);
    const first = seen.find((record) => record.userId !== null && record.verified);
    if (first?.userId === userId) before.push(...seen.filter((record) => record.userId === null));
  }
  return [...own, ...before];
}

const momentOf = ({ at, receivedAt }: EventRecord) => Math.min(at, receivedAt + MAX_AHEAD_MS);

function momentsOf(record: EventRecord, ofAccount: boolean): readonly Moment[] {
  if (record.type !== "track") return [];
  const at = momentOf(record);
  const { name } = record;
  if (!name.startsWith(RESERVED_PREFIX)) return [{ key: `e:${name}`, at }];
  if (name === FEATURE_USED) return named(record, "feature", "f", at);
  const fact = FLOW_FACTS[name];
  return ofAccount && fact !== undefined ? named(record, "flow", fact, at) : [];
}

function named(record: EventRecord, property: string, prefix: string, at: number): readonly Moment[] {
  const { properties } = JSON.parse(record.body) as { properties?: { readonly [name: string]: unknown } };
  const id = properties?.[property];
  return typeof id === "string" ? [{ key: `${prefix}:${id}`, at }] : [];
}

function toBook(moments: Moment[]): Book {
  const book = new Map<string, Times>();
  for (const { key, at } of moments.sort((a, b) => a.at - b.at)) {
    const times = book.get(key) ?? { n: 0, first: at, last: at, from: -1, since: -1, at: [] };
    times.n += 1;
    times.last = at;
    times.at.push(at);
    if (times.at.length > KEPT_TIMES) times.since = times.at.shift() ?? at;
    book.set(key, times);
  }
  const latest = [...book].sort(([, a], [, b]) => b.last - a.last).slice(0, MAX_NAMES);
  return Object.fromEntries(latest);
}
