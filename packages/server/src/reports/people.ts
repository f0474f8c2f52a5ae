import { type Condition, resolveSettings } from "@cairn/flow-schema";
import type { ActiveRow, ActivityRow, EnvironmentId, EventRecord, Storage } from "../storage/storage.ts";
import { type Known, truthOf } from "./condition-truth.ts";

/** A person: `u:` and the user id, or `a:` and the anonymous id of somebody who has not been identified. */
export type PersonKey = string;

type Traits = { readonly [name: string]: unknown };
type Named = Pick<EventRecord, "userId" | "anonymousId" | "accountId">;

/**
 * Who stands behind the ids of stored events. An anonymous id belongs to the first user that a message names together
 * with it; a person's account is the one named last; traits are merged key by key, in order of time. `exclude`d
 * people are left out of everything here.
 */
export interface People {
  /** Who did this; `undefined` for excluded people. */
  personOf(event: Named): PersonKey | undefined;
  /** The account of this event: the one it names, else that person's; `undefined` for none, or excluded. */
  accountOf(event: Named): string | undefined;
  /** Every person, with the moment they were first seen. */
  readonly persons: ReadonlyMap<PersonKey, number>;
  /** Every account with at least one person, with the moment it was first seen. */
  readonly accounts: ReadonlyMap<string, number>;
  /** Activity rows of those who are counted. */
  readonly rows: readonly ActivityRow[];
  /** Every id that is this person's: user id and anonymous ids. */
  idsOf(person: PersonKey): readonly string[];
  knownOfPerson(person: PersonKey): Known;
  knownOfAccount(account: string): Known;
}

/** The id that people outside know a person by. */
export function displayId(person: PersonKey): string {
  return person.slice(2);
}

/** Reads everything about people that reports need. `now`: the moment for `$ago` and `$ahead`. */
export async function readPeople(storage: Storage, environment: EnvironmentId, now: number): Promise<People> {
  const [rows, definitions] = await Promise.all([
    storage.activity(environment),
    storage.definitions(environment),
  ]);
  const owners = ownersOf(rows);
  const keyOf = ({ userId, anonymousId }: Pick<ActiveRow, "userId" | "anonymousId">): PersonKey => {
    const user = userId ?? (anonymousId === null ? undefined : owners.get(anonymousId)?.userId);
    return user === undefined ? `a:${anonymousId}` : `u:${user}`;
  };
  const latestAccount = latestAccounts(rows, keyOf);
  const { users, accounts: accountTraits } = await readTraits(storage, environment, keyOf);

  const segments = definitions.segments.map((row) => row.body);
  const { exclude } = resolveSettings(definitions.settings?.body);
  const knownOfPerson = (person: PersonKey): Known => {
    const account = latestAccount.get(person)?.account;
    return {
      user: users.get(person) ?? {},
      account: account === undefined ? undefined : (accountTraits.get(account) ?? {}),
      segments,
      now,
    };
  };
  const knownOfAccount = (account: string): Known => ({
    user: undefined,
    account: accountTraits.get(account) ?? {},
    segments,
    now,
  });
  const isExcluded = remember((person: PersonKey) => excludes(exclude, knownOfPerson(person)));
  const isExcludedAccount = remember((account: string) => excludes(exclude, knownOfAccount(account)));

  const personOf = (event: Named): PersonKey | undefined => {
    const person = keyOf(event);
    return isExcluded(person) ? undefined : person;
  };
  const accountOf = (event: Named): string | undefined => {
    const person = personOf(event);
    if (person === undefined) return undefined;
    const account = event.accountId ?? latestAccount.get(person)?.account;
    return account === undefined || isExcludedAccount(account) ? undefined : account;
  };

  const persons = new Map<PersonKey, number>();
  const accounts = new Map<string, number>();
  const ids = new Map<PersonKey, Set<string>>();
  const counted: ActivityRow[] = [];
  for (const row of rows) {
    const person = personOf(row);
    if (person === undefined) continue;
    counted.push(row);
    keepEarliest(persons, person, row.first);
    const account = accountOf(row);
    if (account !== undefined) keepEarliest(accounts, account, row.first);
    const own = ids.get(person) ?? new Set([displayId(person)]);
    // A row with a user and an anonymous id that is another user's says nothing about the latter.
    if (row.anonymousId !== null && keyOf({ userId: null, anonymousId: row.anonymousId }) === person)
      own.add(row.anonymousId);
    ids.set(person, own);
  }
  return {
    personOf,
    accountOf,
    persons,
    accounts,
    rows: counted,
    idsOf: (person) => [...(ids.get(person) ?? [displayId(person)])],
    knownOfPerson,
    knownOfAccount,
  };
}

function excludes(exclude: Condition | null, known: Known): boolean {
  return exclude !== null && truthOf(exclude, known) === true;
}

/** Of every anonymous id, the user it was first seen with. */
function ownersOf(rows: readonly ActivityRow[]) {
  const owners = new Map<string, { readonly userId: string; readonly at: number }>();
  for (const { userId, anonymousId, first } of rows) {
    if (userId === null || anonymousId === null) continue;
    const known = owners.get(anonymousId);
    if (known === undefined || first < known.at || (first === known.at && userId < known.userId))
      owners.set(anonymousId, { userId, at: first });
  }
  return owners;
}

/** Of every person, the account that their latest message with one names. */
function latestAccounts(rows: readonly ActivityRow[], keyOf: (row: ActivityRow) => PersonKey) {
  const latest = new Map<PersonKey, { readonly account: string; readonly at: number }>();
  for (const row of rows) {
    if (row.accountId === null) continue;
    const person = keyOf(row);
    const known = latest.get(person);
    if (
      known === undefined ||
      row.last > known.at ||
      (row.last === known.at && row.accountId > known.account)
    )
      latest.set(person, { account: row.accountId, at: row.last });
  }
  return latest;
}

async function readTraits(storage: Storage, environment: EnvironmentId, keyOf: (event: Named) => PersonKey) {
  const users = new Map<PersonKey, Traits>();
  const accounts = new Map<string, Traits>();
  for await (const chunk of storage.events(environment, { names: ["$identify", "$group"] })) {
    for (const record of chunk) {
      const { traits } = JSON.parse(record.body) as { traits?: Traits | null };
      if (traits === undefined || traits === null) continue;
      if (record.type === "identify") merge(users, keyOf(record), traits);
      else if (record.type === "group" && record.accountId !== null)
        merge(accounts, record.accountId, traits);
    }
  }
  return { users, accounts };
}

function merge(known: Map<string, Traits>, id: string, traits: Traits): void {
  known.set(id, { ...known.get(id), ...traits });
}

function keepEarliest(known: Map<string, number>, id: string, at: number): void {
  const before = known.get(id);
  if (before === undefined || at < before) known.set(id, at);
}

function remember<T>(ask: (id: string) => T): (id: string) => T {
  const answers = new Map<string, T>();
  return (id) => {
    const known = answers.get(id);
    if (known !== undefined) return known;
    const answer = ask(id);
    answers.set(id, answer);
    return answer;
  };
}
