import { at, type Line, naivePeople, share, type Test } from "./naive-people.ts";

export interface NaiveFeature {
  readonly id: string;
  readonly account: boolean;
  readonly isUse: (line: Line) => boolean;
  readonly count: number;
  readonly within: number;
  readonly lapsed: number;
  readonly available: Test;
  /** Moments, beside those of messages, at which `available` may change its answer. */
  readonly turns?: readonly number[];
}

const DAY = 86_400_000;

type Monday = { readonly start: number; readonly name: string; readonly next: number };
const known = new Map<string, readonly Monday[]>();

/**
 * Mondays by the clocks of a zone, found by looking at the clock every quarter of an hour. It need not be looked at
 * further than 16 hours from a Monday's beginning in UTC.
 */
export function mondays(timezone: string, from: number, to: number): readonly Monday[] {
  const asked = `${timezone} ${from} ${to}`;
  const again = known.get(asked);
  if (again !== undefined) return again;
  const clock = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const look = (moment: number) => {
    const parts = Object.fromEntries(clock.formatToParts(moment).map(({ type, value }) => [type, value]));
    return { weekday: parts.weekday, date: `${parts.year}-${parts.month}-${parts.day}` };
  };
  const found: { start: number; name: string }[] = [];
  const quarter = 900_000;
  for (let day = Math.floor(from / DAY) * DAY - 10 * DAY; day <= to + 10 * DAY; day += DAY) {
    if (new Date(day).getUTCDay() !== 1) continue;
    const times = Array.from({ length: 129 }, (_, i) => day + (i - 64) * quarter);
    const start = times.find(
      (t) => look(t).weekday?.startsWith("Mon") && !look(t - 1).weekday?.startsWith("Mon"),
    );
    if (start !== undefined) found.push({ start, name: look(start).date });
  }
  const weeks = found.map(({ start, name }, index) => ({
    start,
    name,
    next: found[index + 1]?.start ?? Number.POSITIVE_INFINITY,
  }));
  known.set(asked, weeks);
  return weeks;
}

/**
 * The rows of a report: the weeks of the zone that was asked for. Each unit's own week is the one of that name by its
 * own clocks.
 *
 * @param zones of everybody who was seen before `to`
 */
export function naiveWeeks(
  { from, to, timezone }: Pick<NaiveQuestion, "from" | "to" | "timezone">,
  zones: readonly (string | undefined)[],
) {
  return mondays(timezone, from, to)
    .filter(({ start, next }) => start < to && next > from)
    .map(({ name }) => {
      const own = (zone: string | undefined) => {
        const week = mondays(zone ?? timezone, from, to).find((one) => one.name === name) as Monday;
        return { start: week.start, next: week.next, end: Math.min(week.next, to) };
      };
      const all = [...new Set([undefined, ...zones])].map(own);
      return { name, own, complete: all.every(({ next }) => next <= to), all };
    });
}

interface Unit {
  readonly id: string;
  /** The time zone of its account, where it has one. */
  readonly zone: string | undefined;
  readonly first: number;
  /** When it became entitled, for the first time. */
  readonly since: number;
  /** Whether it was entitled just before a moment. */
  readonly entitled: (moment: number) => boolean;
  readonly active: readonly number[];
  readonly uses: readonly number[];
}

export interface NaiveQuestion {
  readonly from: number;
  readonly to: number;
  readonly timezone: string;
  /** As {@link naivePeople} has it. */
  readonly homesAt?: number;
  /** What groups are made by. */
  readonly by?: { readonly of: "user" | "account"; readonly name: string };
}

export function naiveActivation(
  all: readonly Line[],
  features: readonly NaiveFeature[],
  exclude: Test,
  { from, to, timezone, by, homesAt }: NaiveQuestion,
) {
  const people = naivePeople(all, exclude, to, homesAt);
  return features.map((feature) => {
    const turns = [...new Set([...all.map(at), ...(feature.turns ?? [])])];
    const unitOf = (line: Line) => (feature.account ? people.accountOf(line) : people.person(line));
    /** Whether this unit is entitled by what was said before a moment. */
    const matches = (unit: string, before: number) =>
      (feature.account
        ? feature.available(undefined, people.accountTraits(unit, before), before - 1)
        : feature.available(
            people.userTraits(unit, before),
            people.accountKnown(unit, before),
            before - 1,
          )) === true;
    const units: Unit[] = [...new Set(people.lines.map(unitOf))]
      .filter((unit) => unit !== undefined)
      .map((unit) => {
        const lines = people.lines.filter((line) => unitOf(line) === unit);
        const first = Math.min(...lines.map(at));
        return {
          id: unit,
          zone: feature.account ? people.accountZone(unit, to) : people.personZone(unit, to),
          first,
          // The answer can change when somebody says something, and when a date in it comes or goes.
          since:
            turns
              .filter((t) => t >= first)
              .sort((a, b) => a - b)
              .find((t) => matches(unit, t + 1)) ?? Number.POSITIVE_INFINITY,
          entitled: (moment: number) => first < moment && matches(unit, moment),
          active: lines.filter(people.isActive).map(at),
          uses: lines
            .filter((line) => feature.isUse(line))
            .map(at)
            .filter((t) => t < to)
            .sort((a, b) => a - b),
        };
      });
    const activation = (uses: readonly number[]) =>
      uses.find((t) => uses.filter((u) => u > t - feature.within && u <= t).length >= feature.count);
    /** At several uses in one millisecond the last of them is the one that activates; the moment is the same. */
    const stateAt = ({ uses }: Unit, moment: number) => {
      const until = uses.filter((t) => t < moment);
      if (until.length === 0) return "untried";
      if (activation(until) === undefined) return "tried";
      return moment - Math.max(...until) >= feature.lapsed ? "lapsed" : "activated";
    };
    const count = (list: readonly unknown[], wanted: unknown) => list.filter((one) => one === wanted).length;
    const entitledAt = (moment: number, among: readonly Unit[] = units) =>
      among.filter((unit) => unit.entitled(moment));
    const within = (times: readonly number[], start: number, end: number) =>
      times.some((t) => t >= start && t < end);
    const activatedBefore = ({ uses }: Unit, moment: number) => (activation(uses) ?? Infinity) < moment;
    const kept = (among: readonly Unit[], start: number, end: number) =>
      among.filter((unit) => activatedBefore(unit, start) && within(unit.uses, start, end)).length;

    const summary = (among: readonly Unit[]) => {
      const now = entitledAt(to, among);
      const states = now.map((unit) => stateAt(unit, to));
      const active = now.filter((unit) => within(unit.active, from, to));
      const started = among.filter((unit) => unit.since >= from && unit.since < to);
      const waits = started
        .filter((unit) => activatedBefore(unit, to))
        .map((unit) => Math.max((activation(unit.uses) as number) - unit.since, 0));
      const censored = started.filter((unit) => !activatedBefore(unit, to)).map((unit) => to - unit.since);
      /** Kaplan–Meier: the first moment at which at most `1 − p` have not arrived. */
      const quantile = (p: number) => {
        let left = 1;
        for (const t of [...new Set(waits)].sort((a, b) => a - b)) {
          const atRisk = [...waits, ...censored].filter((time) => time >= t).length;
          left *= 1 - count(waits, t) / atRisk;
          if (left <= 1 - p + 1e-9) return t / DAY;
        }
        return null;
      };
      return {
        entitled: now.length,
        states: {
          untried: count(states, "untried"),
          tried: count(states, "tried"),
          activated: count(states, "activated"),
          lapsed: count(states, "lapsed"),
        },
        rate: share(active.filter((unit) => stateAt(unit, to) === "activated").length, active.length),
        retained: share(kept(now, from, to), now.filter((unit) => activatedBefore(unit, from)).length),
        timeToActivate: {
          started: started.length,
          activated: waits.length,
          quartiles: { p25: quantile(0.25), median: quantile(0.5), p75: quantile(0.75) },
          within: [7, 14, 30].map((days) => {
            const observed = started.filter((unit) => to - unit.since >= days * DAY);
            const arrived = observed.filter(
              (unit) =>
                activatedBefore(unit, to) && (activation(unit.uses) as number) - unit.since <= days * DAY,
            );
            return {
              days,
              rate: share(arrived.length, observed.length),
              immature: started.length - observed.length,
            };
          }),
        },
        trend: active.length >= 30,
      };
    };

    const zones = units.filter(({ first }) => first < to).map(({ zone }) => zone);
    const weeks = naiveWeeks({ from, to, timezone }, zones).map(({ name, own, complete, all }) => {
      const endOf = ({ zone }: Unit) => own(zone).end;
      /** Whether one of these moments lies in the week, by the clocks of the unit. */
      const during = (unit: Unit, times: readonly number[]) =>
        within(times, own(unit.zone).start, endOf(unit));
      const entitled = units.filter((unit) => unit.entitled(endOf(unit)));
      const states = entitled.map((unit) => stateAt(unit, endOf(unit)));
      const active = entitled.filter((unit) => during(unit, unit.active));
      const cohort = units.filter((unit) => during(unit, [unit.since]));
      const mature = cohort.filter((unit) => to - unit.since >= 14 * DAY);
      return {
        week: name,
        complete,
        entitled: entitled.length,
        active: active.length,
        tried: count(states, "tried"),
        activated: count(states, "activated"),
        lapsed: count(states, "lapsed"),
        newlyActivated: entitled.filter((unit) => during(unit, [activation(unit.uses) ?? Infinity])).length,
        retained: entitled.filter(
          (unit) => activatedBefore(unit, own(unit.zone).start) && during(unit, unit.uses),
        ).length,
        rate: share(
          active.filter((unit) => stateAt(unit, endOf(unit)) === "activated").length,
          active.length,
        ),
        cohort: {
          started: cohort.length,
          rate: share(
            mature.filter((unit) => (activation(unit.uses) ?? Infinity) - unit.since <= 14 * DAY).length,
            mature.length,
          ),
          immature: all.some(({ end }) => end + 14 * DAY > to),
        },
      };
    });

    const groups = () => {
      if (by === undefined || (feature.account && by.of === "user")) return null;
      const groupOf = ({ id }: Unit) => {
        const account = feature.account ? people.accountTraits(id, to) : people.accountKnown(id, to);
        const traits = by.of === "user" ? people.userTraits(id, to) : account;
        return (traits?.[by.name] ?? null) as string | null;
      };
      const ever = units.filter((unit) => unit.since < to);
      const values = [...new Set(ever.map(groupOf))];
      return values
        .map((value) => ({
          value,
          other: false,
          ...summary(ever.filter((unit) => groupOf(unit) === value)),
        }))
        .sort((a, b) => b.entitled - a.entitled || ((a.value ?? "") < (b.value ?? "") ? -1 : 1));
    };
    return { id: feature.id, ...summary(units), weeks, groups: groups() };
  });
}
