import type { Moments } from "../storage/report-store.ts";
import type { People } from "./people.ts";
import { activityOf } from "./population.ts";

/** Moments in order, as many by each of some clocks. */
export interface MomentsByClock {
  readonly byClock: readonly Float64Array[];
  /** By account: which clock it has; `null` where all have the first. */
  readonly clockOf: Uint16Array | null;
}

/**
 * How many people of each account were active in the `window` before each moment. A person who was active in two
 * accounts counts in both, once each.
 *
 * @returns at `account * width + moment`, where `width` is how many moments each clock has
 */
export function activeUsers(
  activity: Moments,
  people: People,
  { byClock, clockOf }: MomentsByClock,
  window: number,
): Int32Array {
  const users = new Int32Array(people.accounts.names.length * (byClock[0]?.length ?? 0));
  /** Who was counted there last: people come one after the other, each with all their ids. */
  const countedLast = new Int32Array(users.length).fill(-1);
  for (const [clock, moments] of byClock.entries()) {
    const has = (account: number) => account >= 0 && (clockOf === null || clockOf[account] === clock);
    addActiveUsers({ users, countedLast, has }, activity, people, moments, window);
  }
  return users;
}

interface Counts {
  readonly users: Int32Array;
  readonly countedLast: Int32Array;
  /** Whether an account is to be counted. */
  readonly has: (account: number) => boolean;
}

function addActiveUsers(
  { users, countedLast, has }: Counts,
  activity: Moments,
  { persons, accounts }: People,
  moments: Float64Array,
  window: number,
): void {
  const width = moments.length;
  // Activity is told apart only where a window begins or ends.
  const bounds = [...new Set([...moments].flatMap((moment) => [moment - window, moment]))].sort(
    (a, b) => a - b,
  );
  const to = bounds.pop() ?? 0;
  const slots = bounds.length;
  const starts = bounds.map((start) => ({ start }));
  const { inWeek: inSlot } = activityOf(activity, accounts.of.length, starts, bounds[0] ?? to, to);
  const placeOf = (moment: number) => (moment === to ? slots : bounds.indexOf(moment));
  const firstSlot = Array.from(moments, (moment) => placeOf(moment - window));
  const endSlot = Array.from(moments, placeOf);
  for (const person of persons.order) {
    const { starts, numbers } = persons.members;
    for (let i = starts[person] as number; i < (starts[person + 1] as number); i++) {
      const number = numbers[i] as number;
      const account = accounts.of[number] as number;
      if (!has(account)) continue;
      for (let m = 0, slot = 0, last = -1; m < width; m++) {
        for (; slot < (endSlot[m] as number); slot++) if (inSlot[number * slots + slot] === 1) last = slot;
        const place = account * width + m;
        if (last < (firstSlot[m] as number) || countedLast[place] === person) continue;
        countedLast[place] = person;
        (users[place] as number)++;
      }
    }
  }
}
