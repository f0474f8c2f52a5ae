import { kept, type People, type UnitLevel } from "./people.ts";
import { createZone, isTimezone, sameWeeksIn, type Week } from "./zoned-time.ts";

/** Weeks of the same names by the clocks of some zones that agree about them. */
export interface Clock {
  readonly starts: Float64Array;
  /** Each week's end, or `to` where that comes first. */
  readonly ends: Float64Array;
  /** Which week a moment lies in, that is not before the first; their number, where it lies behind the last. */
  readonly weekOf: (at: number) => number;
}

/** The weeks of a report, for each unit by its own clocks. */
export interface UnitWeeks {
  /**
   * One row for each week of the zone that was asked for; `complete` where it had ended by all clocks, and `end` is
   * when it had, or `to`.
   */
  readonly weeks: readonly Week[];
  /** The first is that of the zone that was asked for. */
  readonly clocks: readonly Clock[];
  /** By unit: which of the clocks is its own; `null` where all have the first. */
  readonly clockOf: Uint16Array | null;
}

/** What was asked for. */
export interface AskedWeeks {
  readonly weeks: readonly Week[];
  readonly to: number;
  /** IANA name: the zone of these weeks, and of every unit that has none of its own. */
  readonly timezone: string;
}

/**
 * Most names of zones that are looked up for one report, in the order in which units were first seen. There are some
 * six hundred; more are no names, and anybody can send those: each that is looked up in vain takes its while.
 */
const MOST_NAMES = 1_000;

/**
 * The weeks that were asked for, and weeks of the same names where an account's trait `timezone`, as it was said last
 * before `to`, names another zone. It is the account's, and that of the people whose account it is.
 *
 * @param inside by unit: 1 for those that are asked about; all, where none is given
 */
export function unitWeeks(
  people: People,
  level: UnitLevel,
  { weeks, to, timezone }: AskedWeeks,
  inside?: Uint8Array,
): UnitWeeks {
  const zones = zonesOfAccounts(people, to);
  if (zones.size === 0) return { weeks, clocks: [clockOf(weeks)], clockOf: null };

  const told = [weeks];
  /** Which of them a zone has: zones that agree about all of these weeks are one. */
  const numbers = new Map([[edgesOf(weeks), 0]]);
  const numberOf = new Map([[timezone.toLowerCase(), 0]]);
  const numberIn = (said: string): number => {
    // Names of zones may be written in capitals or not.
    const zone = said.toLowerCase();
    let number = numberOf.get(zone);
    if (number !== undefined) return number;
    if (numberOf.size > MOST_NAMES) return 0;
    const own = isTimezone(zone) ? sameWeeksIn(weeks, to, createZone(zone)) : weeks;
    const edges = edgesOf(own);
    number = numbers.get(edges) ?? told.push(own) - 1;
    numbers.set(edges, number);
    numberOf.set(zone, number);
    return number;
  };
  const { first, order, names } = level === "user" ? people.persons : people.accounts;
  const own = new Uint16Array(names.length);
  for (const unit of order) {
    if ((first[unit] as number) >= to) break;
    if (inside !== undefined && inside[unit] === 0) continue;
    const account = level === "account" ? unit : (people.identity.accountOfPerson[unit] as number);
    const zone = zones.get(account);
    if (zone !== undefined) own[unit] = numberIn(zone);
  }
  if (told.length === 1) return { weeks, clocks: [clockOf(weeks)], clockOf: null };
  return {
    weeks: weeks.map((week, i) => {
      const same = told.map((one) => one[i] as Week);
      return {
        ...week,
        end: Math.max(...same.map(({ end }) => end)),
        complete: same.every(({ complete }) => complete),
      };
    }),
    clocks: told.map(clockOf),
    clockOf: own,
  };
}

/** By account: what its trait `timezone` was just before a moment, where that was a text. */
function zonesOfAccounts({ identity }: People, before: number): ReadonlyMap<number, string> {
  const zones = new Map<number, string>();
  for (const account of kept(identity, "accounts with a zone", () => identity.accountsSaying("timezone"))) {
    const zone = identity
      .course("account", account, (name) => name === "timezone")
      .findLast(({ at }) => at < before)?.traits.timezone;
    if (typeof zone === "string") zones.set(account, zone);
  }
  return zones;
}

const edgesOf = (weeks: readonly Week[]): string =>
  weeks.map(({ start, end, complete }) => `${start} ${end} ${complete}`).join();

const WEEK_MS = 604_800_000;

function clockOf(weeks: readonly Week[]): Clock {
  const starts = Float64Array.from(weeks, ({ start }) => start);
  const ends = Float64Array.from(weeks, ({ end }) => end);
  const first = starts[0] ?? 0;
  const end = ends.at(-1) ?? 0;
  return {
    starts,
    ends,
    weekOf(at) {
      if (at >= end) return starts.length;
      // Weeks are an hour off where clocks change, so the guess is at most one off.
      let week = Math.min(Math.floor((at - first) / WEEK_MS), starts.length - 1);
      if (at < (starts[week] as number)) week -= 1;
      else if (week + 1 < starts.length && at >= (starts[week + 1] as number)) week += 1;
      return week;
    },
  };
}
