import { activatedAt, type FeatureRule, stateBefore } from "./feature-state.ts";
import { type Activity, type Cell, COHORT_MS, type Population, type Span, weekFinder } from "./population.ts";
import type { ActivationGroup, ActivationSummary, ActivationWeek } from "./report-schemas.ts";
import { type Arrivals, timeToActivate } from "./time-to-activate.ts";
import type { UsesByUnit } from "./uses-by-unit.ts";
import { wilson } from "./wilson.ts";
import type { Week } from "./zoned-time.ts";

/** Below this many nobody draws a trend. */
const ENOUGH = 30;

export interface FeatureQuestion extends Span {
  readonly uses: UsesByUnit;
  readonly rule: FeatureRule;
  readonly population: Population;
  readonly activity: Activity;
  /** By unit: when it was first seen. */
  readonly first: Float64Array;
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

/** The numbers of one feature. Only those who used it are looked at one by one. */
export function answerFeature(question: FeatureQuestion): FeatureAnswer {
  const { uses, rule, population, activity, first, weeks, from, to } = question;
  const cells = Array.from({ length: population.groups.length + 1 }, createUsers);
  const grouped = population.groups.length > 0;
  const rows = weeks.map(() => ({
    tried: 0,
    activated: 0,
    lapsed: 0,
    newlyActivated: 0,
    retained: 0,
    activeActivated: 0,
    inTime: 0,
  }));
  const start = weeks[0]?.start ?? to;
  const weekOf = weekFinder(weeks);
  const { starts, times } = uses;
  for (let unit = 0; unit < population.members.length; unit++) {
    const firstUse = starts[unit] as number;
    const end = starts[unit + 1] as number;
    if (end === firstUse || population.members[unit] === 0) continue;
    const seen = first[unit] as number;
    const activated = activatedAt(uses, unit, rule);
    const lastUse = times[end - 1] as number;
    const state = stateBefore(lastUse, activated, rule, to);
    const add = (users: Users) => {
      if (state !== "untried") users[state] += 1;
      if (state === "activated" && activity.inRange[unit] === 1) users.activeActivated += 1;
      if (activated < from) users.before += 1;
      if (activated < from && lastUse >= from) users.kept += 1;
      if (seen < from || activated >= to) return;
      users.arrivals.waits.push(activated - seen);
      users.arrivals.observed.push(to - seen);
    };
    add(cells[0] as Users);
    if (grouped) for (const group of population.groupsOf(unit)) add(cells[group + 1] as Users);

    if (seen >= start && activated - seen <= COHORT_MS && to - seen >= COHORT_MS) {
      const row = rows[weekOf(seen)];
      if (row !== undefined) row.inTime += 1;
    }
    const earliest = times[firstUse] as number;
    let use = firstUse;
    for (let w = earliest < start ? 0 : weekOf(earliest); w < weeks.length; w++) {
      const week = weeks[w] as Week;
      while (use < end && (times[use] as number) < week.end) use++;
      const row = rows[w] as (typeof rows)[number];
      const last = times[use - 1] as number;
      if (activated >= week.end) row.tried += 1;
      else if (week.end - last >= rule.lapsedAfter) row.lapsed += 1;
      else {
        row.activated += 1;
        row.activeActivated += activity.inWeek[unit * weeks.length + w] as number;
      }
      if (activated < week.start) {
        if (last >= week.start) row.retained += 1;
      } else if (activated < week.end) row.newlyActivated += 1;
    }
  }
  return {
    total: summaryOf(population.all, cells[0] as Users),
    groups: population.groups.map(({ value, other, cell }, index) => ({
      value,
      other,
      ...summaryOf(cell, cells[index + 1] as Users),
    })),
    weeks: weeks.map(({ name, complete, end }, w) => {
      const { activeActivated, inTime, ...row } = rows[w] as (typeof rows)[number];
      const active = population.active[w] ?? 0;
      return {
        week: name,
        complete,
        entitled: population.entitled[w] ?? 0,
        active,
        ...row,
        rate: wilson(activeActivated, active),
        cohort: {
          started: population.started[w] ?? 0,
          rate: wilson(inTime, population.mature[w] ?? 0),
          immature: end + COHORT_MS > to,
        },
      };
    }),
  };
}

function createUsers(): Users {
  const arrivals = { waits: [], observed: [] };
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
