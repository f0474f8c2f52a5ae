import type { ReportPeople, StampedTraits } from "../storage/report-store.ts";
import { courseOf, joinTraits, joinTraitsBefore, type TraitsSince } from "../storage/trait-table.ts";

type Traits = Readonly<Record<string, unknown>>;
export type UnitLevel = "user" | "account";

/**
 * Who stands behind the ids of messages. An anonymous id belongs to the first user that a message names together with
 * it; a person's account is the one that their latest message with one names, of all or of those before a moment.
 * Persons and accounts are numbered.
 */
export interface Identity {
  /** Who a message with these ids is about; `undefined` for somebody who was never seen. */
  find(userId: string | null, anonymousId: string | null): number | undefined;
  /** By number of ids: the person; -1 for ids that no stored message has. */
  readonly personOf: Int32Array;
  /** By number of ids: the account of such a message, else that person's; -1 for none. */
  readonly accountOf: Int32Array;
  /** By person: `u:` and the user id, or `a:` and the anonymous id of somebody who was never identified. */
  readonly persons: readonly string[];
  readonly accounts: readonly string[];
  /** By person: their account, -1 for none. */
  readonly accountOfPerson: Int32Array;
  /** The latest, or with a moment the latest said before it. */
  personTraits(person: number, before?: number): Traits;
  accountTraits(account: number, before?: number): Traits;
  /** How those keys of a unit that matter came to be as they are. */
  course(level: UnitLevel, unit: number, matters: (name: string) => boolean): readonly TraitsSince[];
  /** Accounts of which this trait was ever said. */
  accountsSaying(name: string): readonly number[];
  /** When traits were last said, of anybody. */
  readonly lastTraitsAt: number;
  /** When an account was last named, by anybody. */
  readonly lastNamedAt: number;
  /** By person: the numbers of their ids. */
  readonly numbersOf: readonly (readonly number[])[];
  /** Answers worked out once for these people; whoever keeps something here names it. */
  readonly kept: Map<string, unknown>;
}

const identities = new WeakMap<ReportPeople, Identity>();

/** Worked out once for everybody as they are; the object is a new one whenever somebody changed. */
export function identityOf(people: ReportPeople): Identity {
  let identity = identities.get(people);
  if (identity === undefined) {
    identity = workOut(people);
    identities.set(people, identity);
  }
  return identity;
}

function workOut({ ids, first, last, userTraits, accountTraits }: ReportPeople): Identity {
  const owners = ownersOf(ids, first);
  const persons: string[] = [];
  const accounts: string[] = [];
  const numbersOf: number[][] = [];
  const personNumbers = new Map<string, number>();
  const accountNumbers = new Map<string, number>();
  const personOf = new Int32Array(ids.length).fill(-1);
  const accountOf = new Int32Array(ids.length).fill(-1);
  const keyOf = (userId: string | null, anonymousId: string | null): string => {
    const user = userId ?? (anonymousId === null ? undefined : owners.get(anonymousId)?.userId);
    return user === undefined ? `a:${anonymousId}` : `u:${user}`;
  };
  const latest: { account: number; name: string; at: number }[] = [];
  let lastNamedAt = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < ids.length; i++) {
    const one = ids[i];
    // Ids that only a repeated message had were never seen.
    if (one === undefined || !((first[i] as number) < Number.POSITIVE_INFINITY)) continue;
    const { userId, anonymousId, accountId } = one;
    const key = keyOf(userId, anonymousId);
    let person = personNumbers.get(key);
    if (person === undefined) {
      person = persons.push(key) - 1;
      personNumbers.set(key, person);
      numbersOf.push([]);
    }
    personOf[i] = person;
    (numbersOf[person] as number[]).push(i);
    if (accountId === null) continue;
    let account = accountNumbers.get(accountId);
    if (account === undefined) {
      account = accounts.push(accountId) - 1;
      accountNumbers.set(accountId, account);
    }
    accountOf[i] = account;
    const at = last[i] as number;
    lastNamedAt = Math.max(lastNamedAt, at);
    const known = latest[person];
    if (known === undefined || at > known.at || (at === known.at && accountId > known.name))
      latest[person] = { account, name: accountId, at };
  }
  const accountOfPerson = Int32Array.from(persons, (_, person) => latest[person]?.account ?? -1);
  for (let i = 0; i < ids.length; i++) {
    const person = personOf[i] as number;
    if (person >= 0 && accountOf[i] === -1) accountOf[i] = accountOfPerson[person] as number;
  }
  const saidBy = (level: UnitLevel, unit: number): readonly StampedTraits[] =>
    level === "user"
      ? (numbersOf[unit] ?? []).flatMap((number) => userTraits.get(number) ?? [])
      : [accountTraits.get(accounts[unit] ?? "") ?? []].flat();
  let lastTraitsAt = Number.NEGATIVE_INFINITY;
  for (const table of [userTraits, accountTraits])
    for (const { said } of table.values()) lastTraitsAt = Math.max(lastTraitsAt, said.at(-1)?.at ?? 0);
  const traitsOf = (level: UnitLevel) => {
    const latest = remember((unit: number) => joinTraits(saidBy(level, unit)));
    return (unit: number, before = Number.POSITIVE_INFINITY) =>
      before > lastTraitsAt ? latest(unit) : joinTraitsBefore(saidBy(level, unit), before);
  };
  return {
    find: (userId, anonymousId) => personNumbers.get(keyOf(userId, anonymousId)),
    personOf,
    accountOf,
    persons,
    accounts,
    accountOfPerson,
    personTraits: traitsOf("user"),
    accountTraits: traitsOf("account"),
    accountsSaying: (name) =>
      accounts.flatMap((id, account) => (accountTraits.get(id)?.latest.has(name) ? [account] : [])),
    course: (level, unit, matters) => courseOf(saidBy(level, unit), matters),
    lastTraitsAt,
    lastNamedAt,
    numbersOf,
    kept: new Map(),
  };
}

/** Of every anonymous id, the user it was first seen with. */
function ownersOf(ids: ReportPeople["ids"], first: Float64Array) {
  const owners = new Map<string, { readonly userId: string; readonly at: number }>();
  for (let i = 0; i < ids.length; i++) {
    const { userId = null, anonymousId = null } = ids[i] ?? {};
    const at = first[i] as number;
    if (userId === null || anonymousId === null || !(at < Number.POSITIVE_INFINITY)) continue;
    const known = owners.get(anonymousId);
    if (known === undefined || at < known.at || (at === known.at && userId < known.userId))
      owners.set(anonymousId, { userId, at });
  }
  return owners;
}

function remember<T>(ask: (number: number) => T): (number: number) => T {
  const answers: T[] = [];
  return (number) => {
    const known = answers[number];
    if (known !== undefined) return known;
    const answer = ask(number);
    answers[number] = answer;
    return answer;
  };
}
