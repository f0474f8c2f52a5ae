import type { Facts } from "@cairn/engine";
import { RESERVED_PREFIX } from "@cairn/flow-schema";
import type { EnvironmentId, EventFilter, EventRecord, Storage } from "../storage/storage.ts";

type Book = { -readonly [key in keyof Facts["user"]]: Facts["user"][key] };
type Times = Book[string];

/** Most names in a book, and most moments under one: what the engine itself remembers of a device. */
const MAX_NAMES = 256;
const KEPT_TIMES = 50;
/** A device whose clock is ahead must not poison what others remember. */
const MAX_AHEAD_MS = 300_000;
/** People of an account whose events are read together. */
const AT_ONCE = 500;
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
  const own = createBook();
  const anonymousIds = new Set<string>();
  let upto = -1;
  const learn = (record: EventRecord) => {
    upto = Math.max(upto, momentOf(record));
    own.add(momentIn(record, false));
  };
  for await (const record of eventsOf(storage, environment, { people: [userId] })) {
    if (record.userId !== userId || !record.verified) continue;
    learn(record);
    if (record.anonymousId !== null) anonymousIds.add(record.anonymousId);
  }
  for (const id of anonymousIds) {
    /** Until it is known whose they are. */
    let waiting: EventRecord[] | undefined = [];
    for await (const record of eventsOf(storage, environment, { people: [id] })) {
      if (record.anonymousId !== id) continue;
      if (record.userId === null) {
        if (waiting === undefined) learn(record);
        else waiting.push(record);
      } else if (record.verified && waiting !== undefined) {
        if (record.userId !== userId) break;
        waiting.forEach(learn);
        waiting = undefined;
      }
    }
  }
  return {
    upto,
    user: own.finish(),
    account:
      account === undefined
        ? null
        : { id: account, book: await bookOfAccount(storage, environment, account) },
  };
}

/**
 * What everybody in an account did: messages that name it, and those that name none of people who named it last. Servers
 * mostly send who did it, and not for which account; reports and the engine count that as well.
 */
async function bookOfAccount(storage: Storage, environment: EnvironmentId, account: string): Promise<Book> {
  const team = createBook();
  const people = new Set<string>();
  for await (const record of eventsOf(storage, environment, { account })) {
    if (!record.verified) continue;
    team.add(momentIn(record, true));
    if (record.userId !== null) people.add(record.userId);
  }
  const all = [...people];
  for (let begin = 0; begin < all.length; begin += AT_ONCE) {
    const some = all.slice(begin, begin + AT_ONCE);
    /** By user: the account that they named last, and what they did without one. */
    const members = new Map(some.map((id) => [id, { last: "", book: createBook() }]));
    for await (const record of eventsOf(storage, environment, { people: some })) {
      const member = record.userId === null ? undefined : members.get(record.userId);
      if (member === undefined || !record.verified) continue;
      if (record.accountId !== null) member.last = record.accountId;
      else member.book.add(momentIn(record, true));
    }
    for (const { last, book } of members.values()) if (last === account) team.join(book);
  }
  return team.finish();
}

/** One by one, so that nobody's whole past is in memory. */
async function* eventsOf(
  storage: Storage,
  environment: EnvironmentId,
  filter: EventFilter,
): AsyncGenerator<EventRecord> {
  for await (const chunk of storage.events(environment, filter)) yield* chunk;
}

const momentOf = ({ at, receivedAt }: EventRecord) => Math.min(at, receivedAt + MAX_AHEAD_MS);

function momentIn(record: EventRecord, ofAccount: boolean): Moment | undefined {
  if (record.type !== "track") return undefined;
  const at = momentOf(record);
  const { name } = record;
  if (!name.startsWith(RESERVED_PREFIX)) return { key: `e:${name}`, at };
  if (name === FEATURE_USED) return named(record, "feature", "f", at);
  const fact = FLOW_FACTS[name];
  return ofAccount && fact !== undefined ? named(record, "flow", fact, at) : undefined;
}

function named(record: EventRecord, property: string, prefix: string, at: number): Moment | undefined {
  const { properties } = JSON.parse(record.body) as { properties?: { readonly [name: string]: unknown } };
  const id = properties?.[property];
  return typeof id === "string" ? { key: `${prefix}:${id}`, at } : undefined;
}

/** How often something happened, and the latest moments. */
interface Counted {
  n: number;
  first: number;
  readonly latest: number[];
}

/** A book in the making: of each key the number and the latest moments. */
function createBook() {
  const counts = new Map<string, Counted>();
  const countAt = (key: string, first: number): Counted => {
    const known = counts.get(key);
    if (known !== undefined) {
      known.first = Math.min(known.first, first);
      return known;
    }
    const count = { n: 0, first, latest: [] };
    counts.set(key, count);
    return count;
  };
  const note = (latest: number[], at: number) => {
    // They mostly come in order.
    let place = latest.length;
    while (place > 0 && (latest[place - 1] as number) > at) place--;
    latest.splice(place, 0, at);
    // One more than are kept, which says since when all are known.
    if (latest.length > KEPT_TIMES + 1) latest.shift();
  };
  return {
    counts,
    add(moment: Moment | undefined): void {
      if (moment === undefined) return;
      const count = countAt(moment.key, moment.at);
      count.n += 1;
      note(count.latest, moment.at);
    },
    join(other: { readonly counts: ReadonlyMap<string, Counted> }): void {
      for (const [key, { n, first, latest }] of other.counts) {
        const count = countAt(key, first);
        count.n += n;
        for (const at of latest) note(count.latest, at);
      }
    },
    finish(): Book {
      const book = [...counts].map(([key, { n, first, latest }]): [string, Times] => {
        const isWhole = latest.length <= KEPT_TIMES;
        const at = isWhole ? latest : latest.slice(1);
        const since = isWhole ? -1 : (latest[0] as number);
        return [key, { n, first, last: at.at(-1) as number, from: -1, since, at }];
      });
      return Object.fromEntries(book.sort(([, a], [, b]) => b.last - a.last).slice(0, MAX_NAMES));
    },
  };
}
