import { type Condition, resolveSettings, type Segment } from "@cairn/flow-schema";
import type { ReportData } from "../storage/report-store.ts";
import type { Definitions } from "../storage/storage.ts";
import { type Known, truthOf } from "./condition-truth.ts";
import { type Identity, identityOf, type UnitLevel } from "./identity.ts";
import { holdsBefore, type KnownSpells, looksAtClock, type Spells, spellsOf } from "./spells.ts";

export type { UnitLevel } from "./identity.ts";

/** All units of one level; whoever is excluded has no place in them. */
export interface Units {
  readonly level: UnitLevel;
  /** By number of ids: the unit; -1 for nobody that counts. */
  readonly of: Int32Array;
  readonly names: readonly string[];
  /** By unit: the first message, epoch milliseconds; `Infinity` for a unit that does not count. */
  readonly first: Float64Array;
  /** The numbers of ids that are unit `u`'s: `numbers[starts[u]]` up to `numbers[starts[u + 1]]`. */
  readonly members: { readonly starts: Int32Array; readonly numbers: Int32Array };
  /** Units in the order in which they were first seen; only those that count. */
  readonly order: Int32Array;
}

/** Everybody that a report counts. */
export interface People {
  readonly persons: Units;
  readonly accounts: Units;
  /** By unit: when the condition was known to be true, since it was first seen. */
  spells(level: UnitLevel, condition: Condition | undefined): Spells;
  /** By unit: 1 where the condition is known to be true at the report's end. */
  matching(level: UnitLevel, condition: Condition): Uint8Array;
  /** By unit: whether the condition is false for all that is known at the report's end. */
  contradicts(level: UnitLevel, condition: Condition): (unit: number) => boolean;
  /**
   * By unit: an attribute by its path, such as `account.plan`, at the report's end; `undefined` where there is no such
   * value.
   */
  attribute(level: UnitLevel, path: string): (unit: number) => unknown;
  readonly identity: Identity;
}

/** The id that people outside know a person by. */
export function displayId(person: string): string {
  return person.slice(2);
}

/**
 * Who is who, and who is excluded, by all that is known today; attributes as they were.
 *
 * @param now the report's end, and the moment for `$ago` and `$ahead`
 * @param identity the same people in other accounts than today's; who is excluded is asked of today's all the same
 */
export function readPeople(
  { people }: ReportData,
  definitions: Definitions,
  now: number,
  identity = identityOf(people),
): People {
  const today = identityOf(people);
  const segments = definitions.segments.map((row) => row.body);
  const { exclude } = resolveSettings(definitions.settings?.body);
  const excludedOf = (level: UnitLevel) =>
    exclude === null ? undefined : truthsAt(today, level, exclude, segments, now);
  const excluding = timeless(exclude, segments, now);
  const persons = kept(today, `persons ${excluding}`, () =>
    toUnits("user", today.persons, countedOf(today.personOf, excludedOf("user")), people.first),
  );
  const accounts = kept(identity, `accounts ${excluding}`, () => {
    const counted = countedOf(identity.accountOf, excludedOf("account"), persons.of);
    return toUnits("account", identity.accounts, counted, people.first);
  });
  const unitsOf = (level: UnitLevel) => (level === "user" ? persons : accounts);
  const spells = (level: UnitLevel, condition: Condition | undefined) => {
    const name = `spells ${level} ${withSegments(condition, segments)} ${excluding}`;
    const spellsIn = (whose: Identity, known?: KnownSpells) =>
      kept(whose, name, () => spellsOf(whose, unitsOf(level), condition, segments, known));
    if (identity === today || level === "account") return spellsIn(identity);
    // Mostly few people were in another account than today.
    const hold = (person: number) => identity.accountOfPerson[person] === today.accountOfPerson[person];
    return spellsIn(identity, { spells: spellsIn(today), hold });
  };
  return {
    persons,
    accounts,
    identity,
    spells,
    matching(level, condition) {
      const own = spells(level, condition);
      return Uint8Array.from(own.since, (_, unit) => (holdsBefore(own, unit, now) ? 1 : 0));
    },
    contradicts(level, condition) {
      const all = truthsAt(identity, level, condition, segments, now, now);
      return (unit) => all[unit] === 0;
    },
    attribute: (level, path) => attributeIn(identity, level, path, now),
  };
}

/**
 * By unit: 1 true, 0 false, -1 unknown.
 *
 * @param before attributes said before this moment; all of them where none is given
 */
function truthsAt(
  identity: Identity,
  level: UnitLevel,
  condition: Condition,
  segments: readonly Segment[],
  now: number,
  before = Number.POSITIVE_INFINITY,
): Int8Array {
  const asOf = before > identity.lastTraitsAt ? "latest" : before;
  return kept(identity, `truths ${level} ${timeless(condition, segments, now)} ${asOf}`, () => {
    const { persons, accounts, accountOfPerson, personTraits, accountTraits } = identity;
    const known = (unit: number): Known => {
      const account = level === "account" ? unit : (accountOfPerson[unit] as number);
      return {
        user: level === "account" ? undefined : personTraits(unit, before),
        account: account === -1 ? undefined : accountTraits(account, before),
        segments,
        now,
      };
    };
    const size = (level === "user" ? persons : accounts).length;
    const truths = new Int8Array(size);
    for (let unit = 0; unit < size; unit++) {
      const truth = truthOf(condition, known(unit));
      truths[unit] = truth === null ? -1 : truth ? 1 : 0;
    }
    return truths;
  });
}

/** By number of ids: the unit, -1 where it is excluded, or where nobody `among` these has this number. */
function countedOf(of: Int32Array, excluded: Int8Array | undefined, among = of): Int32Array {
  return of.map((unit, number) =>
    unit === -1 || among[number] === -1 || excluded?.[unit] === 1 ? -1 : unit,
  );
}

function toUnits(level: UnitLevel, names: readonly string[], of: Int32Array, firstSeen: Float64Array): Units {
  const first = new Float64Array(names.length).fill(Number.POSITIVE_INFINITY);
  for (let number = 0; number < of.length; number++) {
    const unit = of[number] as number;
    if (unit >= 0) first[unit] = Math.min(first[unit] as number, firstSeen[number] as number);
  }
  const starts = new Int32Array(names.length + 1);
  for (const unit of of) if (unit >= 0) starts[unit + 1] = (starts[unit + 1] as number) + 1;
  for (let unit = 0; unit < names.length; unit++)
    starts[unit + 1] = (starts[unit + 1] as number) + (starts[unit] as number);
  const numbers = new Int32Array(starts[names.length] as number);
  const next = starts.slice();
  for (let number = 0; number < of.length; number++) {
    const unit = of[number] as number;
    if (unit < 0) continue;
    numbers[next[unit] as number] = number;
    next[unit] = (next[unit] as number) + 1;
  }
  const counted = names.flatMap((_, unit) =>
    (first[unit] as number) < Number.POSITIVE_INFINITY ? [unit] : [],
  );
  const order = Int32Array.from(counted.sort((a, b) => (first[a] as number) - (first[b] as number)));
  return { level, of, names, first, members: { starts, numbers }, order };
}

function attributeIn(
  { personTraits, accountTraits, accountOfPerson }: Identity,
  level: UnitLevel,
  path: string,
  before: number,
): (unit: number) => unknown {
  const [whose, ...keys] = path.split(".");
  const inside = (traits: unknown) => {
    let value = traits;
    for (const key of keys) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    return value;
  };
  if (whose === "user") return (unit) => (level === "user" ? inside(personTraits(unit, before)) : undefined);
  return (unit) => {
    const account = level === "account" ? unit : (accountOfPerson[unit] as number);
    return account === -1 ? undefined : inside(accountTraits(account, before));
  };
}

/** A name for a condition's answers: the moment belongs to it only where the condition looks at the clock. */
function timeless(condition: Condition | null, segments: readonly Segment[], now: number): string {
  const whole = withSegments(condition, segments);
  return looksAtClock(whole) ? `${whole} ${now}` : whole;
}

function withSegments(condition: Condition | null | undefined, segments: readonly Segment[]): string {
  const text = JSON.stringify(condition ?? null);
  return text.includes('"segment"') ? `${text} ${JSON.stringify(segments)}` : text;
}

/** Most answers kept for one state of the people. */
const KEPT = 200;

export function kept<T>({ kept: answers }: Identity, name: string, make: () => T): T {
  const known = answers.get(name);
  if (known !== undefined) return known as T;
  if (answers.size >= KEPT) answers.clear();
  const made = make();
  answers.set(name, made);
  return made;
}
