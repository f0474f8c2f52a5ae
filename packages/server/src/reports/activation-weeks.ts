import type { FeatureQuestion } from "./feature-activation.ts";
import { COHORT_MS } from "./population.ts";
import type { ActivationWeek } from "./report-schemas.ts";
import { holdsBefore } from "./spells.ts";
import type { Clock } from "./unit-weeks.ts";
import { wilson } from "./wilson.ts";

/**
 * The numbers of one feature, week by week. In flat lists: this is the innermost loop of all reports.
 *
 * @param activations where in its uses each unit activated; the end of them where it has not
 */
export function activationWeeks(question: FeatureQuestion, activations: Int32Array): ActivationWeek[] {
  const { uses, rule, population, activity, calendar, to } = question;
  const { weeks, clocks, clockOf } = calendar;
  const { since, turns } = population.spells;
  const { lapsedAfter } = rule;
  const { inWeek } = activity;
  const count = weeks.length;
  const list = () => new Int32Array(count + 1);
  const add = (counts: Int32Array, week: number, more: number) => {
    counts[week] = (counts[week] as number) + more;
  };
  /** Of a stretch of weeks only where it begins (+1) and ends (-1) is kept. */
  const [tried, lapsed] = [list(), list()];
  const [activatedNow, newly, retained, activeActivated, inTime] = [list(), list(), list(), list(), list()];

  for (let i = 0; i < uses.count; i++) {
    const unit = uses.units[i] as number;
    const { starts, ends, weekOf } = clocks[clockOf === null ? 0 : (clockOf[unit] as number)] as Clock;
    const start = starts[0] ?? to;
    const times = uses.times[i] as Float64Array;
    const end = uses.ends[i] as number;
    let use = activations[i] as number;
    const entitled = since[unit] as number;
    const activated = use < end ? (times[use] as number) : Number.POSITIVE_INFINITY;
    if (entitled >= start && activated - entitled <= COHORT_MS && to - entitled >= COHORT_MS)
      add(inTime, weekOf(entitled), 1);
    const earliest = Math.max(times[uses.starts[i] as number] as number, entitled);
    const firstWeek = earliest < start ? 0 : weekOf(earliest);
    const ofActivation = activated < start ? -1 : activated < to ? weekOf(activated) : count;
    const comesAndGoes = turns.has(unit);
    const counts = (week: number) =>
      !comesAndGoes || holdsBefore(population.spells, unit, ends[week] as number);
    if (comesAndGoes) {
      for (let week = firstWeek; week < Math.min(ofActivation, count); week++)
        if (counts(week)) {
          add(tried, week, 1);
          add(tried, week + 1, -1);
        }
    } else if (ofActivation > firstWeek) {
      add(tried, firstWeek, 1);
      add(tried, ofActivation, -1);
    }
    if (ofActivation === count) continue;
    // Whoever had activated before they were entitled counts from then on.
    if (ofActivation >= firstWeek && counts(ofActivation)) add(newly, ofActivation, 1);
    const row = unit * count;
    for (let week = Math.max(ofActivation, firstWeek); week < count; week++) {
      const weekEnd = ends[week] as number;
      while (use < end && (times[use] as number) < weekEnd) use++;
      if (comesAndGoes && !counts(week)) continue;
      const last = times[use - 1] as number;
      if (week > ofActivation && last >= (starts[week] as number)) add(retained, week, 1);
      if (weekEnd - last >= lapsedAfter) {
        add(lapsed, week, 1);
        // No use is left: lapsed for good.
        if (use === end && !comesAndGoes) break;
        add(lapsed, week + 1, -1);
      } else {
        add(activatedNow, week, 1);
        if (inWeek[row + week] === 1) add(activeActivated, week, 1);
      }
    }
  }

  let trying = 0;
  let away = 0;
  return weeks.map(({ name, complete, end }, week) => {
    const of = (counts: ArrayLike<number>) => counts[week] ?? 0;
    trying += of(tried);
    away += of(lapsed);
    return {
      week: name,
      complete,
      entitled: of(population.entitled),
      active: of(population.active),
      tried: trying,
      activated: of(activatedNow),
      lapsed: away,
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
}
