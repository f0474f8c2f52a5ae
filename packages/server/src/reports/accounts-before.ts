import type { EnvironmentId } from "../storage/environment-id.ts";
import type { Moments, PersonIds, ReportData } from "../storage/report-store.ts";
import { type Identity, identityOf } from "./identity.ts";
import type { ReportSource } from "./report-source.ts";

/** Within as much the columns have of a person's messages no more than the first and the last. */
const QUARTER_MS = 900_000;
/** Most moments of which the answer is kept: each is as large as the list of everybody. */
const KEPT = 4;
/** People whose messages are asked for at once. */
const AT_ONCE = 500;

const known = new WeakMap<Identity, Map<number, Identity>>();

/**
 * The same people, each in the account that they were in just before a moment: the one that their last message before
 * it with one names, and none where no message had named one by then. The identity itself where that changes nothing,
 * as it does for a moment behind all messages.
 */
export async function identityBefore(
  source: Pick<ReportSource, "events">,
  environment: EnvironmentId,
  data: ReportData,
  moment: number,
): Promise<Identity> {
  const identity = identityOf(data.people);
  if (moment > identity.lastNamedAt) return identity;
  const answers = known.get(identity) ?? new Map<number, Identity>();
  known.set(identity, answers);
  let answer = answers.get(moment);
  if (answer === undefined) {
    const { homes, contested } = homesBefore(identity, data, moment);
    if (contested.size > 0) await settle(source, environment, { identity, data, homes, contested, moment });
    answer = withHomes(identity, data.people.ids, homes);
    if (answers.size >= KEPT) answers.delete(answers.keys().next().value as number);
    answers.set(moment, answer);
  }
  return answer;
}

/** By person: their account, -1 for none; and those of whom the columns do not say for sure. */
function homesBefore(
  { accounts, accountOf, accountOfPerson, personOf }: Identity,
  { people, activity, seen }: Pick<ReportData, "people" | "activity" | "seen">,
  moment: number,
): { readonly homes: Int32Array; readonly contested: ReadonlySet<number> } {
  const { ids, first, last } = people;
  const homes = new Int32Array(accountOfPerson.length).fill(-1);
  const isKnown = new Uint8Array(homes.length);
  /** Those who had named several by then. */
  const movers = new Set<number>();
  const names = (number: number) => (ids[number]?.accountId ?? null) !== null;
  for (let number = 0; number < personOf.length; number++) {
    const person = personOf[number] as number;
    if (person === -1 || (first[number] as number) >= moment) continue;
    isKnown[person] = 1;
    if (!names(number)) continue;
    const account = accountOf[number] as number;
    if (homes[person] !== -1 && homes[person] !== account) movers.add(person);
    homes[person] = account;
  }
  // Of people who come later a report says nothing: they stay where they are, so that mostly nothing changes.
  for (let person = 0; person < homes.length; person++)
    if (isKnown[person] === 0) homes[person] = accountOfPerson[person] as number;

  const contested = new Set<number>();
  if (movers.size === 0) return { homes, contested };
  const isMovers = (number: number) =>
    movers.has(personOf[number] as number) && (first[number] as number) < moment && names(number);
  const lastBefore = lastBeforeOf(people, [activity, seen], moment, isMovers);
  const latest = new Map<number, { readonly account: number; readonly at: number }>();
  for (const [number, at] of lastBefore) {
    const person = personOf[number] as number;
    const account = accountOf[number] as number;
    const other = latest.get(person);
    if (
      other === undefined ||
      at > other.at ||
      (at === other.at && (accounts[account] as string) > (accounts[other.account] as string))
    )
      latest.set(person, { account, at });
  }
  for (const [person, { account }] of latest) homes[person] = account;
  const quarter = Math.floor(moment / QUARTER_MS) * QUARTER_MS;
  for (const [number, at] of lastBefore) {
    const person = personOf[number] as number;
    // Between this message and one behind the moment there may be others, and one of them the last before it.
    if (at >= quarter && (last[number] as number) >= moment && homes[person] !== accountOf[number])
      contested.add(person);
  }
  return { homes, contested };
}

/** Of some numbers, the last message before a moment that the columns know of. */
function lastBeforeOf(
  { first, last }: ReportData["people"],
  columns: readonly Moments[],
  moment: number,
  isAsked: (number: number) => boolean,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  /** Those who are there on both sides of the moment: their last message before it is looked for. */
  const latest = new Float64Array(first.length).fill(Number.POSITIVE_INFINITY);
  let looked = false;
  for (let number = 0; number < first.length; number++) {
    if (!isAsked(number)) continue;
    found.set(number, last[number] as number);
    if ((last[number] as number) < moment) continue;
    latest[number] = first[number] as number;
    looked = true;
  }
  if (!looked) return found;
  for (const { count, at, person } of columns)
    for (let i = 0; i < count; i++) {
      const time = at[i] as number;
      const number = person[i] as number;
      if (time < moment && time > (latest[number] as number)) latest[number] = time;
    }
  for (const number of found.keys())
    if ((latest[number] as number) < Number.POSITIVE_INFINITY) found.set(number, latest[number] as number);
  return found;
}

interface Contest {
  readonly identity: Identity;
  readonly data: ReportData;
  readonly homes: Int32Array;
  readonly contested: ReadonlySet<number>;
  readonly moment: number;
}

/** Reads, of the few who named two accounts around the moment, the messages of that quarter of an hour. */
async function settle(
  source: Pick<ReportSource, "events">,
  environment: EnvironmentId,
  { identity, data, homes, contested, moment }: Contest,
): Promise<void> {
  const { accounts, numbersOf } = identity;
  const numberOf = new Map(accounts.map((id, account) => [id, account]));
  const latest = new Map<number, { readonly account: string; readonly at: number }>();
  const people = [...contested].flatMap((person) =>
    (numbersOf[person] ?? []).flatMap((number) => {
      const { userId = null, anonymousId = null } = data.people.ids[number] ?? {};
      return userId ?? anonymousId ?? [];
    }),
  );
  const from = Math.floor(moment / QUARTER_MS) * QUARTER_MS;
  const ids = [...new Set(people)];
  for (let begin = 0; begin < ids.length; begin += AT_ONCE) {
    const some = ids.slice(begin, begin + AT_ONCE);
    for await (const records of source.events(environment, { people: some, from, to: moment }))
      for (const { userId, anonymousId, accountId: account, at } of records) {
        const person = identity.find(userId, anonymousId);
        // What has come since the columns were read may name somebody, or something, that they do not know.
        if (person === undefined || account === null || !contested.has(person) || !numberOf.has(account))
          continue;
        const other = latest.get(person);
        if (other === undefined || at > other.at || (at === other.at && account > other.account))
          latest.set(person, { account, at });
      }
  }
  for (const [person, { account }] of latest) homes[person] = numberOf.get(account) as number;
}

function withHomes(identity: Identity, ids: readonly (PersonIds | undefined)[], homes: Int32Array): Identity {
  if (homes.every((account, person) => account === identity.accountOfPerson[person])) return identity;
  const accountOf = identity.accountOf.map((account, number) => {
    const person = identity.personOf[number] as number;
    return person === -1 || (ids[number]?.accountId ?? null) !== null ? account : (homes[person] as number);
  });
  return { ...identity, accountOf, accountOfPerson: homes, kept: new Map() };
}
