import type { FeatureState } from "@cairn/flow-schema";
import { activatedAt, type FeatureRule, stateBefore } from "./feature-state.ts";
import type { Activity, Population } from "./population.ts";
import { weekFinder } from "./population.ts";
import type { ActivationSummary, ActivationWeek } from "./report-schemas.ts";
import { type TimeTally, tallyTimes } from "./time-to-activate.ts";
import type { UsesByUnit } from "./uses-by-unit.ts";
import { wilson } from "./wilson.ts";
import type { Week } from "./zoned-time.ts";

/** A cohort has this long to activate. */
export const COHORT_DAYS = 14;
const COHORT_MS = COHORT_DAYS * 86_400_000;
/** Below this many nobody draws a trend. */
const ENOUGH = 30;

export interface FeatureQuestion {
  readonly uses: UsesByUnit;
  readonly rule: FeatureRule;
  readonly population: Population;
  readonly activity: Activity;
  /** By unit: when it was first seen. */
  readonly first: Float64Array;
  readonly weeks: readonly Week[];
  readonly from: number;
  readonly to: number;
}

interface Tally {
  readonly states: { [state in FeatureState]: number };
  active: number;
  activeActivated: number;
  before: number;
  kept: number;
  readonly times: TimeTally;
}

/**
 * The numbers of one feature; those of the whole population, of each week, and of groups of units where `groupOf`
 * names them (-1: in none).
 */
export function answerFeature(
  question: FeatureQuestion,
  groups: { readonly count: number; readonly groupsOf: (unit: number) => readonly number[] },
): {
  readonly total: ActivationSummary;
  readonly weeks: readonly ActivationWeek[];
  readonly groups: readonly ActivationSummary[];
} {
  const { uses, rule, population, activity, first, weeks, from, to } = question;
  const tallies = Array.from({ length: groups.count + 1 }, () => createTally(to));
  const rows = weeks.map(() => ({
    tried: 0,
    activated: 0,
    lapsed: 0,
    newlyActivated: 0,
    retained: 0,
    activeActivated: 0,
    started: 0,
    mature: 0,
    inTime: 0,
  }));
  const start = weeks[0]?.start ?? to;
  const weekOf = weekFinder(weeks);
  for (let unit = 0; unit < population.members.length; unit++) {
    if (population.members[unit] === 0) continue;
    const firstUse = uses.starts[unit] as number;
    const end = uses.starts[unit + 1] as number;
    const seen = first[unit] as number;
    const hasUse = end > firstUse;
    const activated = hasUse ? activatedAt(uses, unit, rule) : Number.POSITIVE_INFINITY;
    const lastUse = hasUse ? (uses.times[end - 1] as number) : Number.NEGATIVE_INFINITY;
    const state = stateBefore(lastUse, activated, rule, to);
    const isActive = activity.inRange[unit] === 1;
    const keptUsing = activated < from && lastUse >= from;
    const add = (tally: Tally) => {
      tally.states[state] += 1;
      if (isActive) tally.active += 1;
      if (isActive && state === "activated") tally.activeActivated += 1;
      if (activated < from) tally.before += 1;
      if (keptUsing) tally.kept += 1;
      if (seen >= from) tally.times.add(seen, activated);
    };
    add(tallies[0] as Tally);
    if (groups.count > 0) for (const group of groups.groupsOf(unit)) add(tallies[group + 1] as Tally);

    if (seen >= start) {
      const row = rows[weekOf(seen)];
      if (row !== undefined) {
        row.started += 1;
        if (to - seen >= COHORT_MS) row.mature += 1;
        if (to - seen >= COHORT_MS && activated - seen <= COHORT_MS) row.inTime += 1;
      }
    }
    if (!hasUse) continue;
    let use = firstUse;
    for (let w = 0; w < weeks.length; w++) {
      const week = weeks[w] as Week;
      const before = use;
      while (use < end && (uses.times[use] as number) < week.end) use++;
      if (use === firstUse) continue;
      const row = rows[w] as (typeof rows)[number];
      const last = uses.times[use - 1] as number;
      if (activated >= week.end) row.tried += 1;
      else if (week.end - last >= rule.lapsedAfter) row.lapsed += 1;
      else {
        row.activated += 1;
        if (activity.inWeek[unit * weeks.length + w] === 1) row.activeActivated += 1;
      }
      if (activated >= week.start && activated < week.end) row.newlyActivated += 1;
      // Before the first week every earlier use is passed over at once.
      const usedInWeek = w === 0 ? last >= week.start : use > before;
      if (activated < week.start && usedInWeek) row.retained += 1;
    }
  }
  return {
    total: summaryOf(tallies[0] as Tally),
    groups: tallies.slice(1).map(summaryOf),
    weeks: weeks.map(({ name, complete, end }, w) => {
      const { activeActivated, started, mature, inTime, ...row } = rows[w] as (typeof rows)[number];
      const active = population.active[w] ?? 0;
      return {
        week: name,
        complete,
        entitled: population.entitled[w] ?? 0,
        active,
        ...row,
        rate: wilson(activeActivated, active),
        cohort: { started, rate: wilson(inTime, mature), immature: end + COHORT_MS > to },
      };
    }),
  };
}

function createTally(to: number): Tally {
  return {
    states: { untried: 0, tried: 0, activated: 0, lapsed: 0 },
    active: 0,
    activeActivated: 0,
    before: 0,
    kept: 0,
    times: tallyTimes(to),
  };
}

function summaryOf({ states, active, activeActivated, before, kept, times }: Tally): ActivationSummary {
  return {
    entitled: states.untried + states.tried + states.activated + states.lapsed,
    states,
    rate: wilson(activeActivated, active),
    retained: wilson(kept, before),
    timeToActivate: times.result(),
    trend: active >= ENOUGH,
  };
}
