import type { FeatureState } from "@cairn/flow-schema";
import { activatedAt, type FeatureRule, stateBefore } from "./feature-state.ts";
import type { Units } from "./people.ts";
import { type Activity, type Cell, COHORT_MS, type Population, type Span, weekFinder } from "./population.ts";
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
  readonly units: Units;
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
  readonly seen: number;
  readonly activated: number;
  readonly lastUse: number;
}

/** The numbers of one feature. Only those who used it are looked at one by one. */
export function answerFeature(question: FeatureQuestion): FeatureAnswer {
  const { uses, rule, population, activity, units, from, to } = question;
  const all = createUsers(population.all);
  const groups = population.groups.map(({ cell }) => createUsers(cell));
  const weeks = createWeekTally(question);
  // In the order of their start: so those who arrive stand in the order of how long they were observed.
  for (const unit of units.order) {
    if (population.members[unit] === 0) continue;
    uses.move(unit);
    const { times, start, end } = uses;
    if (start === end) continue;
    const seen = units.first[unit] as number;
    const activated = activatedAt(uses, rule);
    const lastUse = times[end - 1] as number;
    const state = stateBefore(lastUse, activated, rule, to);
    const user = { state, active: activity.inRange[unit] === 1, seen, activated, lastUse };
    addUser(all, user, from, to);
    if (groups.length > 0)
      for (const group of population.groupsOf(unit)) addUser(groups[group] as Users, user, from, to);
    weeks.add(unit, uses, seen, activated);
  }
  return {
    total: summaryOf(population.all, all),
    groups: population.groups.map(({ value, other, cell }, index) => ({
      value,
      other,
      ...summaryOf(cell, groups[index] as Users),
    })),
    weeks: weeks.result(),
  };
}

function addUser(
  users: Users,
  { state, active, seen, activated, lastUse }: User,
  from: number,
  to: number,
): void {
  if (state !== "untried") users[state] += 1;
  if (state === "activated" && active) users.activeActivated += 1;
  if (activated < from) users.before += 1;
  if (activated < from && lastUse >= from) users.kept += 1;
  if (seen < from || activated >= to) return;
  const { arrivals } = users;
  arrivals.waits[arrivals.count] = activated - seen;
  arrivals.observed[arrivals.count] = to - seen;
  arrivals.count += 1;
}

/** The weeks' numbers, in flat lists: this is the innermost loop of all reports. */
function createWeekTally({ rule, population, activity, weeks, to }: FeatureQuestion) {
  const { lapsedAfter } = rule;
  const count = weeks.length;
  const starts = Float64Array.from(weeks, ({ start }) => start);
  const ends = Float64Array.from(weeks, ({ end }) => end);
  const list = () => new Int32Array(count + 1);
  const [tried, activatedNow, lapsed] = [list(), list(), list()];
  const [newly, retained, activeActivated, inTime] = [list(), list(), list(), list()];
  const start = starts[0] ?? to;
  const weekOf = weekFinder(weeks);
  const more = (counts: Int32Array, week: number) => {
    counts[week] = (counts[week] as number) + 1;
  };
  return {
    add(unit: number, { times, start: firstUse, end }: Uses, seen: number, activated: number): void {
      if (seen >= start && activated - seen <= COHORT_MS && to - seen >= COHORT_MS)
        more(inTime, weekOf(seen));
      const earliest = times[firstUse] as number;
      const firstWeek = earliest < start ? 0 : weekOf(earliest);
      const ofActivation = activated < start ? -1 : activated < to ? weekOf(activated) : count;
      // Tried in every week from the first use up to the one of activation: kept as where it begins and ends.
      if (ofActivation > firstWeek) {
        more(tried, firstWeek);
        tried[ofActivation] = (tried[ofActivation] as number) - 1;
      }
      if (ofActivation === count) return;
      if (ofActivation >= 0) more(newly, ofActivation);
      let use = firstUse;
      const row = unit * count;
      for (let week = Math.max(ofActivation, 0); week < count; week++) {
        const weekEnd = ends[week] as number;
        while (use < end && (times[use] as number) < weekEnd) use++;
        const last = times[use - 1] as number;
        if (weekEnd - last >= lapsedAfter) more(lapsed, week);
        else {
          more(activatedNow, week);
          if (activity.inWeek[row + week] === 1) more(activeActivated, week);
        }
        if (week > ofActivation && last >= (starts[week] as number)) more(retained, week);
      }
    },
    result(): ActivationWeek[] {
      let trying = 0;
      return weeks.map(({ name, complete, end }, week) => {
        const of = (counts: ArrayLike<number>) => counts[week] ?? 0;
        trying += of(tried);
        return {
          week: name,
          complete,
          entitled: of(population.entitled),
          active: of(population.active),
          tried: trying,
          activated: of(activatedNow),
          lapsed: of(lapsed),
          newlyActivated: of(newly),
          retained: of(retained),
          rate: wilson(of(activeActivated), of(population.active)),
          cohort: {
            started: of(population.started),
            rate: wilson(of(inTime), of(population.mature)),
            immature: end + COHORT_MS > to,
          },
        };
      });
    },
  };
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
