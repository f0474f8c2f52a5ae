import { type Condition, parseDuration, type Segment } from "@cairn/flow-schema";
import type { TraitsSince } from "../storage/trait-table.ts";
import { truthOf } from "./condition-truth.ts";
import type { Identity } from "./identity.ts";
import type { Units } from "./people.ts";

/** When units matched a condition. Before a unit was first seen it matches nothing. */
export interface Spells {
  /** By unit: the first moment at which it was known to match, epoch milliseconds; `Infinity`: never. */
  readonly since: Float64Array;
  /** Of units that did not match from then on for good: from when they did, then did not, then did again, and so on. */
  readonly turns: ReadonlyMap<number, readonly number[]>;
  /** Units that ever matched, in the order in which they came to. */
  readonly order: Int32Array;
}

/** Whether a unit matched just before a moment. */
export function holdsBefore({ since, turns }: Spells, unit: number, moment: number): boolean {
  if (!((since[unit] as number) < moment)) return false;
  const own = turns.get(unit);
  if (own === undefined) return true;
  let holds = false;
  for (const turn of own) {
    if (turn >= moment) break;
    holds = !holds;
  }
  return holds;
}

/** Spells that were worked out already, and for which units they are right. */
export interface KnownSpells {
  readonly spells: Spells;
  readonly hold: (unit: number) => boolean;
}

/** Without a condition every unit matches from when it was first seen. */
export function spellsOf(
  identity: Identity,
  { level, first, order }: Pick<Units, "level" | "first" | "order">,
  condition: Condition | undefined,
  segments: readonly Segment[],
  known?: KnownSpells,
): Spells {
  if (condition === undefined) return { since: first, turns: new Map(), order };
  const since = new Float64Array(first.length).fill(Number.POSITIVE_INFINITY);
  const turns = new Map<number, readonly number[]>();
  const matters = keysIn(condition, segments);
  const clock = clockOf(condition, segments);
  const ofAccounts: (readonly TraitsSince[])[] = [];
  const courseOfAccount = (account: number) => {
    ofAccounts[account] ??= identity.course("account", account, (name) => matters.account.has(name));
    return ofAccounts[account] as readonly TraitsSince[];
  };
  const courseOfUser = (unit: number) =>
    matters.user.size === 0 ? [] : identity.course("user", unit, (name) => matters.user.has(name));
  for (const unit of order) {
    if (known?.hold(unit)) {
      const own = known.spells.turns.get(unit);
      since[unit] = known.spells.since[unit] as number;
      if (own !== undefined) turns.set(unit, own);
      continue;
    }
    const account = level === "account" ? unit : (identity.accountOfPerson[unit] as number);
    const user = level === "account" ? undefined : courseOfUser(unit);
    const own = turnsOf(first[unit] as number, user, account === -1 ? undefined : courseOfAccount(account));
    const [start] = own;
    if (start === undefined) continue;
    since[unit] = start;
    if (own.length > 1) turns.set(unit, own);
  }
  const ever = order.filter((unit) => (since[unit] as number) < Number.POSITIVE_INFINITY);
  return { since, turns, order: ever.sort((a, b) => (since[a] as number) - (since[b] as number)) };

  function turnsOf(
    seen: number,
    user: readonly TraitsSince[] | undefined,
    account: readonly TraitsSince[] | undefined,
  ): readonly number[] {
    const own: number[] = [];
    let holds = false;
    for (const at of momentsOf(seen, user, account)) {
      const known = { user: traitsAt(user, at), account: traitsAt(account, at), segments, now: at };
      if ((truthOf(condition as Condition, known) === true) === holds) continue;
      holds = !holds;
      own.push(at);
    }
    return own;
  }

  /** Every moment, from the first on, at which the answer may be another one. */
  function momentsOf(seen: number, ...courses: (readonly TraitsSince[] | undefined)[]): readonly number[] {
    const moments = new Set([seen]);
    for (const course of courses)
      for (const { at, traits } of course ?? []) {
        if (at > seen) moments.add(at);
        if (clock !== undefined)
          for (const value of textsAndNumbers(traits))
            for (const turn of clock(value)) if (turn > seen) moments.add(turn);
      }
    return moments.size === 1 ? [seen] : [...moments].sort((a, b) => a - b);
  }
}

/** `undefined` stays: nothing can be known of an account that is none. */
function traitsAt(course: readonly TraitsSince[] | undefined, at: number): object | undefined {
  if (course === undefined) return undefined;
  let i = course.length - 1;
  while (i >= 0 && (course[i] as TraitsSince).at > at) i--;
  return course[i]?.traits ?? {};
}

/** The attributes, by the first part of their paths, that a condition looks at. */
function keysIn(condition: Condition, segments: readonly Segment[]) {
  const keys = { user: new Set<string>(), account: new Set<string>() };
  const ofRule = (rule: unknown, into: Set<string>): void => {
    if (Array.isArray(rule)) for (const one of rule) ofRule(one, into);
    else if (typeof rule === "object" && rule !== null)
      for (const [key, inner] of Object.entries(rule)) {
        if (key.startsWith("$")) ofRule(inner, into);
        else into.add(key.split(".", 1)[0] as string);
      }
  };
  const seen = new Set<string>();
  const walk = (one: Condition): void => {
    if ("all" in one) one.all.forEach(walk);
    else if ("any" in one) one.any.forEach(walk);
    else if ("not" in one) walk(one.not);
    else if ("user" in one) ofRule(one.user, keys.user);
    else if ("account" in one) ofRule(one.account, keys.account);
    else if ("segment" in one && !seen.has(one.segment)) {
      seen.add(one.segment);
      const segment = segments.find(({ id }) => id === one.segment);
      if (segment !== undefined) walk(segment.where);
    }
  };
  walk(condition);
  return keys;
}

/** Whether a condition looks at attributes of people: of an account as a whole these are unknown. */
export function looksAtUsers(condition: Condition, segments: readonly Segment[]): boolean {
  return keysIn(condition, segments).user.size > 0;
}

/** Whether a condition, as text, may change its answer by nothing but time. */
export function looksAtClock(text: string): boolean {
  return /"\$(?:ago|ahead)"/.test(text);
}

/** For a value that may be a date: the moments at which time alone may change the answer. */
function clockOf(condition: Condition, segments: readonly Segment[]) {
  const text = JSON.stringify([condition, segments]);
  if (!looksAtClock(text)) return undefined;
  const durations = [...new Set(text.match(/"\d+[smhdw]"/g))].map(
    (one) => parseDuration(one.slice(1, -1)) ?? 0,
  );
  const distances = [0, ...durations, ...durations.map((one) => -one)];
  return (value: unknown): readonly number[] => {
    const at = typeof value === "number" ? value : Date.parse(value as string);
    if (Number.isNaN(at)) return [];
    return distances.flatMap((distance) => {
      const turn = Math.ceil(at + distance);
      // Some rules hold up to this moment, some from it on.
      return [turn, turn + 1];
    });
  };
}

function textsAndNumbers(value: unknown): readonly unknown[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsAndNumbers);
  return typeof value === "string" || typeof value === "number" ? [value] : [];
}
