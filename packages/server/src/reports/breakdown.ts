import type { Segment } from "@cairn/flow-schema";
import type { People, UnitLevel } from "./people.ts";

/** Most groups that are told apart; the smaller ones are one group then. */
const GROUPS = 20;

export interface GroupName {
  /** Text, or JSON for a value that is none; `null` where there is no value (or for the others). */
  readonly value: string | null;
  /** Whether these are all the values that are too many to tell apart. */
  readonly other: boolean;
}
export interface Breakdown {
  readonly names: readonly GroupName[];
  /** In which groups a unit stands: one for an attribute, any number for segments. */
  readonly groupsOf: (unit: number) => readonly number[];
}

/**
 * Groups of units by an attribute (`account.plan`) or by segment, largest first. `undefined` where nobody asked, or
 * where units of this level have no such attribute: an account has no role.
 */
export function createBreakdown(
  people: People,
  level: UnitLevel,
  by: string | undefined,
  segments: readonly Segment[],
): ((ever: Uint8Array, members: Uint8Array) => Breakdown) | undefined {
  if (by === undefined || (level === "account" && by.startsWith("user."))) return undefined;
  if (by === "segment") {
    const inside = segments.map(({ id }) => people.matching(level, { segment: id }));
    const names = segments.map(({ id }) => ({ value: id as string, other: false }));
    const groupsOf = (unit: number) => inside.flatMap((units, index) => (units[unit] === 1 ? [index] : []));
    return () => ({ names, groupsOf });
  }
  const attribute = people.attribute(level, by);
  return (ever, members) => byValue(ever, members, attribute);
}

/** Every value that somebody has who was ever entitled; how large a group is, only those say who still are. */
function byValue(ever: Uint8Array, members: Uint8Array, attribute: (unit: number) => unknown): Breakdown {
  const sizes = new Map<string | null, number>();
  const values: (string | null)[] = [];
  for (let unit = 0; unit < ever.length; unit++) {
    if (ever[unit] === 0) continue;
    const value = nameOf(attribute(unit));
    values[unit] = value;
    sizes.set(value, (sizes.get(value) ?? 0) + (members[unit] as number));
  }
  const sorted = [...sizes].sort(([a, m], [b, n]) => n - m || ((a ?? "") < (b ?? "") ? -1 : 1));
  const told = sorted.slice(0, GROUPS).map(([value]) => ({ value, other: false }));
  const names = sorted.length > GROUPS ? [...told, { value: null, other: true }] : told;
  const numbers = new Map(told.map(({ value }, index) => [value, index]));
  return {
    names,
    groupsOf: (unit) => [numbers.get(values[unit] ?? null) ?? names.length - 1],
  };
}

function nameOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
