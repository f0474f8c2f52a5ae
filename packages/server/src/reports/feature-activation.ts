import type { FeatureState } from "@cairn/flow-schema";
import { activationWeeks } from "./activation-weeks.ts";
import { activationIn, type FeatureRule, stateBefore } from "./feature-state.ts";
import type { Activity, Cell, Population, Span } from "./population.ts";
import type { ActivationGroup, ActivationSummary, ActivationWeek } from "./report-schemas.ts";
import { type Arrivals, createArrivals, timeToActivate } from "./time-to-activate.ts";
import type { Uses } from "./uses-by-unit.ts";
import { wilson } from "./wilson.ts";

/** Below this many nobody draws a trend. */
const ENOUGH = 30;

export interface FeatureQuestion extends Span {
  readonly uses: Uses;
  readonly rule: FeatureRule;
  readonly population: Population;
  readonly activity: Activity;
}

export interface FeatureAnswer {
  readonly total: ActivationSummary;
  readonly weeks: ActivationWeek[];
  readonly groups: ActivationGroup[];
}

/** What those who used the feature add to a cell; whoever did not is there already. */
interface Users {
  tried: number;
  activated: number;
  lapsed: number;
  activeActivated: number;
  before: number;
  kept: number;
  readonly arrivals: Arrivals;
}

/** One unit that used the feature. */
interface User {
  readonly state: FeatureState;
  readonly active: boolean;
  /** Whether it is entitled at `to`. */
  readonly isMember: boolean;
  /** When it became entitled. */
  readonly since: number;
  readonly activated: number;
  readonly lastUse: number;
}

/** The numbers of one feature. Only those who used it are looked at one by one. */
export function answerFeature(question: FeatureQuestion): FeatureAnswer {
  const { uses, rule, population, activity, from, to } = question;
  const { since } = population.spells;
  const all = createUsers(population.all);
  const groups = population.groups.map(({ cell }) => createUsers(cell));
  const activations = activationsOf(uses, rule);
  // In the order in which they became entitled: so those who arrive stand in the order of how long they were observed.
  for (let i = 0; i < uses.count; i++) {
    const unit = uses.units[i] as number;
    const times = uses.times[i] as Float64Array;
    const end = uses.ends[i] as number;
    const activation = activations[i] as number;
    const activated = activation < end ? (times[activation] as number) : Number.POSITIVE_INFINITY;
    const lastUse = times[end - 1] as number;
    const state = stateBefore(lastUse, activated, rule, to);
    const active = activity.inRange[unit] === 1;
    const isMember = population.members[unit] === 1;
    const user = { state, active, isMember, since: since[unit] as number, activated, lastUse };
    addUser(all, user, from, to);
    if (groups.length > 0)
      for (const group of population.groupsOf(unit)) addUser(groups[group] as Users, user, from, to);
  }
  return {
    total: summaryOf(population.all, all),
    groups: population.groups.map(({ value, other, cell }, index) => ({
      value,
      other,
      ...summaryOf(cell, groups[index] as Users),
    })),
    weeks: activationWeeks(question, activations),
  };
}

/** Where in its uses each unit activated; the end of them where it has not. */
function activationsOf({ count, times, starts, ends }: Uses, rule: FeatureRule): Int32Array {
  const activations = new Int32Array(count);
  for (let i = 0; i < count; i++)
    activations[i] = activationIn(times[i] as Float64Array, starts[i] as number, ends[i] as number, rule);
  return activations;
}

function addUser(
  users: Users,
  { state, active, isMember, since, activated, lastUse }: User,
  from: number,
  to: number,
): void {
  if (isMember) {
    if (state === "tried") users.tried += 1;
    else if (state === "lapsed") users.lapsed += 1;
    else {
      users.activated += 1;
      if (active) users.activeActivated += 1;
    }
    if (activated < from) {
      users.before += 1;
      if (lastUse >= from) users.kept += 1;
    }
  }
  if (since < from || activated >= to) return;
  const { arrivals } = users;
  // Who had activated before that arrives at once.
  arrivals.waits[arrivals.count] = Math.max(activated - since, 0);
  arrivals.observed[arrivals.count] = to - since;
  arrivals.count += 1;
}

function createUsers({ starters }: Cell): Users {
  const arrivals = createArrivals(starters.observed.length);
  return { tried: 0, activated: 0, lapsed: 0, activeActivated: 0, before: 0, kept: 0, arrivals };
}

function summaryOf({ size, active, starters }: Cell, users: Users): ActivationSummary {
  const { tried, activated, lapsed, activeActivated, before, kept, arrivals } = users;
  return {
    entitled: size,
    states: { untried: size - tried - activated - lapsed, tried, activated, lapsed },
    rate: wilson(activeActivated, active),
    retained: wilson(kept, before),
    timeToActivate: timeToActivate(starters, arrivals),
    trend: active >= ENOUGH,
  };
}
