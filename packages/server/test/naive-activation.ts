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

/** Mondays by the clocks of a zone, found by looking at the clock every quarter of an hour. */
export function mondays(timezone: string, from: number, to: number) {
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
  for (let t = Math.floor(from / quarter) * quarter - 8 * DAY; t <= to + 8 * DAY; t += quarter) {
    const now = look(t);
    if (now.weekday?.startsWith("Mon") && !look(t - 1).weekday?.startsWith("Mon"))
      found.push({ start: t, name: now.date });
  }
  return found.map(({ start, name }, index) => ({
    start,
    name,
    next: found[index + 1]?.start ?? Number.POSITIVE_INFINITY,
  }));
}

interface Unit {
  readonly id: string;
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
  /** What groups are made by. */
  readonly by?: { readonly of: "user" | "account"; readonly name: string };
}

export function naiveActivation(
  all: readonly Line[],
  features: readonly NaiveFeature[],
  exclude: Test,
  { from, to, timezone, by }: NaiveQuestion,
) {
  const people = naivePeople(all, exclude);
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

    const weeks = mondays(timezone, from, to)
      .filter(({ start, next }) => start < to && next > from)
      .map(({ start, next, name }) => {
        const end = Math.min(next, to);
        const entitled = entitledAt(end);
        const states = entitled.map((unit) => stateAt(unit, end));
        const active = entitled.filter((unit) => within(unit.active, start, end));
        const cohort = units.filter((unit) => unit.since >= start && unit.since < end);
        const mature = cohort.filter((unit) => to - unit.since >= 14 * DAY);
        return {
          week: name,
          complete: next <= to,
          entitled: entitled.length,
          active: active.length,
          tried: count(states, "tried"),
          activated: count(states, "activated"),
          lapsed: count(states, "lapsed"),
          newlyActivated: entitled.filter((unit) => {
            const moment = activation(unit.uses);
            return moment !== undefined && moment >= start && moment < end;
          }).length,
          retained: kept(entitled, start, end),
          rate: share(active.filter((unit) => stateAt(unit, end) === "activated").length, active.length),
          cohort: {
            started: cohort.length,
            rate: share(
              mature.filter((unit) => (activation(unit.uses) ?? Infinity) - unit.since <= 14 * DAY).length,
              mature.length,
            ),
            immature: end + 14 * DAY > to,
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
