/**
 * The reports once more, straight from their definitions in docs/metrics.md and from nothing but the lines of
 * `GET /v1/events`. Slow on purpose, and without a line of the server's own code.
 */
export interface Line {
  readonly type: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly groupId?: string;
  readonly event?: string;
  readonly properties?: { readonly [name: string]: unknown };
  readonly traits?: { readonly [name: string]: unknown };
  readonly context?: {
    readonly groupId?: string;
    readonly app?: { readonly version?: string };
    readonly cairn?: { readonly seq?: number; readonly run?: string };
  };
}

type Test = (user: Traits | undefined, account: Traits | undefined) => boolean | null;
type Traits = { readonly [name: string]: unknown };

export interface NaiveFeature {
  readonly id: string;
  readonly account: boolean;
  readonly isUse: (line: Line) => boolean;
  readonly count: number;
  readonly within: number;
  readonly lapsed: number;
  readonly available: Test;
}

const DAY = 86_400_000;
const Z = 1.959963984540054;
const at = (line: Line) => Date.parse(line.timestamp);
const named = (line: Line) => (line.type === "group" ? line.groupId : line.context?.groupId);

/** Who is who, asked anew for every question. */
export function naivePeople(lines: readonly Line[], exclude: Test) {
  const person = (line: Line): string => {
    if (line.userId !== undefined) return `user ${line.userId}`;
    const links = lines.filter((l) => l.anonymousId === line.anonymousId && l.userId !== undefined);
    links.sort((a, b) => at(a) - at(b) || ((a.userId as string) < (b.userId as string) ? -1 : 1));
    return links[0] === undefined ? `anonymous ${line.anonymousId}` : `user ${links[0].userId}`;
  };
  const whose = new Map(lines.map((line) => [line, person(line)]));
  const own = (who: string) => lines.filter((line) => whose.get(line) === who);
  const accountOfPerson = (who: string) =>
    own(who)
      .filter((line) => named(line) !== undefined)
      .sort((a, b) => at(b) - at(a) || ((named(a) as string) > (named(b) as string) ? -1 : 1))
      .map(named)[0];
  const fold = (list: readonly Line[]) =>
    [...list]
      .sort((a, b) => at(a) - at(b) || (a.messageId < b.messageId ? -1 : 1))
      .reduce<Traits>((traits, line) => Object.assign(traits, line.traits), {});
  const userTraits = (who: string) => fold(own(who).filter((line) => line.type === "identify"));
  const accountTraits = (account: string) =>
    fold(lines.filter((line) => line.type === "group" && line.groupId === account));
  const accountKnown = (who: string) => {
    const account = accountOfPerson(who);
    return account === undefined ? undefined : accountTraits(account);
  };
  const excluded = new Map(
    [...new Set(whose.values())].map((who) => [who, exclude(userTraits(who), accountKnown(who)) === true]),
  );
  const counts = (line: Line) => excluded.get(whose.get(line) as string) === false;
  const accountOf = (line: Line) => {
    const account = named(line) ?? accountOfPerson(whose.get(line) as string);
    return account === undefined || exclude(undefined, accountTraits(account)) === true ? undefined : account;
  };
  return {
    lines: lines.filter(counts),
    person: (line: Line) => whose.get(line) as string,
    accountOf,
    userTraits,
    accountTraits,
    accountKnown,
    accountOfPerson,
    isActive: (line: Line) =>
      line.type === "page" ||
      (line.type === "track" && (!line.event?.startsWith("cairn.") || line.event === "cairn.feature.used")),
  };
}

/** A share, with Wilson's interval as the roots of (p − value)² = z² p (1 − p) / n. */
const share = (numerator: number, n: number) => {
  if (n === 0) return null;
  const value = numerator / n;
  const [a, b, c] = [1 + (Z * Z) / n, -(2 * value + (Z * Z) / n), value * value];
  const root = Math.sqrt(b * b - 4 * a * c);
  const round = (x: number) => Math.round(x * 1e9) / 1e9;
  return { numerator, n, low: round((-b - root) / (2 * a)), high: round((-b + root) / (2 * a)) };
};

/** Mondays by the clocks of a zone, found by looking at the clock every quarter of an hour. */
function mondays(timezone: string, from: number, to: number) {
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
    const unitOf = (line: Line) => (feature.account ? people.accountOf(line) : people.person(line));
    const units: Unit[] = [...new Set(people.lines.map(unitOf))]
      .filter((unit) => unit !== undefined)
      .filter((unit) =>
        feature.account
          ? feature.available(undefined, people.accountTraits(unit))
          : feature.available(people.userTraits(unit), people.accountKnown(unit)),
      )
      .map((unit) => {
        const lines = people.lines.filter((line) => unitOf(line) === unit);
        return {
          id: unit,
          first: Math.min(...lines.map(at)),
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
    const entitledAt = (moment: number, among = units) => among.filter((unit) => unit.first < moment);
    const within = (times: readonly number[], start: number, end: number) =>
      times.some((t) => t >= start && t < end);
    const activatedBefore = ({ uses }: Unit, moment: number) => (activation(uses) ?? Infinity) < moment;
    const kept = (among: readonly Unit[], start: number, end: number) =>
      among.filter((unit) => activatedBefore(unit, start) && within(unit.uses, start, end)).length;

    const summary = (among: readonly Unit[]) => {
      const now = entitledAt(to, [...among]);
      const states = now.map((unit) => stateAt(unit, to));
      const active = now.filter((unit) => within(unit.active, from, to));
      const started = now.filter((unit) => unit.first >= from);
      const waits = started
        .filter((unit) => activatedBefore(unit, to))
        .map((unit) => (activation(unit.uses) as number) - unit.first);
      const censored = started.filter((unit) => !activatedBefore(unit, to)).map((unit) => to - unit.first);
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
            const observed = started.filter((unit) => to - unit.first >= days * DAY);
            const arrived = observed.filter(
              (unit) =>
                activatedBefore(unit, to) && (activation(unit.uses) as number) - unit.first <= days * DAY,
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
        const cohort = units.filter((unit) => unit.first >= start && unit.first < end);
        const mature = cohort.filter((unit) => to - unit.first >= 14 * DAY);
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
              mature.filter((unit) => (activation(unit.uses) ?? Infinity) - unit.first <= 14 * DAY).length,
              mature.length,
            ),
            immature: end + 14 * DAY > to,
          },
        };
      });

    const groups = () => {
      if (by === undefined || (feature.account && by.of === "user")) return null;
      const groupOf = ({ id }: Unit) => {
        const account = feature.account ? people.accountTraits(id) : people.accountKnown(id);
        return ((by.of === "user" ? people.userTraits(id) : account)?.[by.name] ?? null) as string | null;
      };
      const now = entitledAt(to);
      const values = [...new Set(now.map(groupOf))];
      return values
        .map((value) => ({
          value,
          other: false,
          ...summary(now.filter((unit) => groupOf(unit) === value)),
        }))
        .sort((a, b) => b.entitled - a.entitled || ((a.value ?? "") < (b.value ?? "") ? -1 : 1));
    };
    return { id: feature.id, ...summary(units), weeks, groups: groups() };
  });
}

/** Recorded events about a flow that are no preview's, in order: time, `seq`, then the order of a flow's life. */
function realEvents(people: ReturnType<typeof naivePeople>, flow: string, from: number, to: number) {
  const about = people.lines.filter(
    (line) =>
      at(line) >= from && at(line) < to && line.properties?.flow === flow && line.event?.startsWith("cairn."),
  );
  const forced = about
    .filter((line) => line.properties?.start === "forced")
    .map((line) => line.context?.cairn?.run);
  return about
    .filter((line) => line.properties?.start !== "forced")
    .filter((line) => line.context?.cairn?.run === undefined || !forced.includes(line.context.cairn.run));
}

const LIFE = [
  "held",
  "withheld",
  "shown",
  "",
  "step.shown",
  "step.completed",
  "goal.reached",
  "completed",
  "dismissed",
];

export interface NaiveFlow {
  readonly id: string;
  readonly steps: readonly string[];
  readonly goalWithin: number;
  readonly audience: Test;
}

export function naiveFunnel(
  all: readonly Line[],
  { id, steps, goalWithin, audience }: NaiveFlow,
  exclude: Test,
  { from, to }: Pick<NaiveQuestion, "from" | "to">,
) {
  const people = naivePeople(all, exclude);
  const stage = (line: Line) => {
    const name = (line.event ?? "").replace(/^cairn\.(flow\.)?/, "");
    return LIFE.indexOf(name === "decided" ? String(line.properties?.outcome) : name);
  };
  const step = (line: Line) => {
    const index = steps.indexOf(line.properties?.step as string);
    return index < 0 ? steps.length : index;
  };
  const real = realEvents(people, id, from, to).sort(
    (a, b) =>
      at(a) - at(b) ||
      (a.context?.cairn?.seq ?? 0) - (b.context?.cairn?.seq ?? 0) ||
      stage(a) - stage(b) ||
      step(a) - step(b),
  );
  const everyone = [...new Set(real.map(people.person))];
  const peopleWith = (test: (line: Line) => boolean) =>
    everyone.filter((who) => real.some((line) => people.person(line) === who && test(line)));
  const decided = (outcome: string) => (line: Line) =>
    line.event === `cairn.flow.${outcome}` ||
    (line.event === "cairn.flow.decided" && line.properties?.outcome === outcome);
  const reasons = [...new Set(real.filter(decided("held")).map((line) => line.properties?.reason as string))];
  const heldFor = (reason: string) => (line: Line) =>
    decided("held")(line) && line.properties?.reason === reason;
  /** How far somebody came: the longest row of steps, each found after the one before. */
  const walk = (who: string) => {
    let rest = real.filter((line) => people.person(line) === who);
    const found: Line[] = [];
    for (const step of steps) {
      const index = rest.findIndex(
        (line) => line.event === "cairn.step.shown" && line.properties?.step === step,
      );
      if (index < 0) break;
      found.push(rest[index] as Line);
      rest = rest.slice(index + 1);
    }
    return found;
  };
  const paths = everyone.map((who) => ({ who, found: walk(who) })).filter(({ found }) => found.length > 0);
  const afterAnchor = (event: string, within = Number.POSITIVE_INFINITY) =>
    paths.filter(({ who, found }) => {
      const anchor = found[0] as Line;
      const own = real.filter((line) => people.person(line) === who);
      return own
        .slice(own.indexOf(anchor) + 1)
        .some((line) => line.event === event && at(line) - at(anchor) <= within);
    }).length;
  const triggered = peopleWith((line) =>
    ["shown", "held", "withheld"].some((outcome) => decided(outcome)(line)),
  );
  const active = people.lines
    .filter((line) => people.isActive(line) && at(line) >= from && at(line) < to)
    .map(people.person)
    .filter((who) => audience(people.userTraits(who), people.accountKnown(who)) !== false);
  const ofExposed = (n: number) => share(n, paths.length);
  const [completed, dismissed, goal] = [
    afterAnchor("cairn.flow.completed"),
    afterAnchor("cairn.flow.dismissed"),
    afterAnchor("cairn.goal.reached", goalWithin),
  ];
  return {
    eligible: new Set([...active, ...triggered]).size,
    triggered: triggered.length,
    decided: {
      shown: peopleWith(decided("shown")).length,
      withheld: peopleWith(decided("withheld")).length,
      held: Object.fromEntries(reasons.map((reason) => [reason, peopleWith(heldFor(reason)).length])),
      holds: Object.fromEntries(
        reasons.map((reason) => [
          reason,
          real
            .filter(heldFor(reason))
            .reduce((sum, line) => sum + ((line.properties?.count as number | undefined) ?? 1), 0),
        ]),
      ),
    },
    exposed: paths.length,
    steps: steps.map((_, index) => {
      const users = paths.filter(({ found }) => found.length > index).length;
      return { users, share: ofExposed(users) };
    }),
    completed,
    completedShare: ofExposed(completed),
    dismissed,
    dismissedShare: ofExposed(dismissed),
    goal: { users: goal, share: ofExposed(goal) },
  };
}

export function naiveTargets(
  all: readonly Line[],
  { id, steps }: Pick<NaiveFlow, "id" | "steps">,
  exclude: Test,
  { from, to }: Pick<NaiveQuestion, "from" | "to">,
) {
  const people = naivePeople(all, exclude);
  const real = realEvents(people, id, from, to);
  const looking = ["cairn.step.shown", "cairn.target.missing", "cairn.target.fallback"];
  const release = (line: Line) => line.context?.app?.version ?? null;
  const run = (line: Line) => line.context?.cairn?.run ?? people.person(line);
  const health = (lines: readonly Line[]) => {
    const keys = [...new Set(lines.map((line) => JSON.stringify([run(line), release(line)])))];
    const looks = keys.map((key) =>
      lines.filter((line) => JSON.stringify([run(line), release(line)]) === key),
    );
    const isMissing = (look: readonly Line[]) => look.some(({ event }) => event === "cairn.target.missing");
    const rank = (look: readonly Line[]) =>
      Math.max(
        0,
        ...look
          .filter(({ event }) => event === "cairn.target.fallback")
          .map(({ properties }) => properties?.rank as number),
      );
    const missing = looks.filter(isMissing).length;
    const ranks = looks.filter((look) => !isMissing(look)).map(rank);
    const fallbacks = [1, 2, 3]
      .map((wanted) => ({ rank: wanted, runs: ranks.filter((one) => one === wanted).length }))
      .filter(({ runs }) => runs > 0);
    return {
      looked: looks.length,
      found: ranks.filter((one) => one === 0).length,
      fallbacks,
      missing,
      reached: share(looks.length - missing, looks.length),
    };
  };
  const waiting = new Set(
    real
      .filter(
        ({ event, properties }) => event === "cairn.flow.held" && properties?.reason === "target-missing",
      )
      .map(people.person),
  );
  return steps.map((step, index) => {
    const own = real.filter((line) => looking.includes(line.event ?? "") && line.properties?.step === step);
    const releases = [...new Set(own.map(release))].sort((a, b) => ((a ?? "") < (b ?? "") ? -1 : 1));
    return {
      step,
      ...health(own),
      waiting: index === 0 ? waiting.size : 0,
      releases: releases.map((one) => ({
        release: one,
        ...health(own.filter((line) => release(line) === one)),
      })),
    };
  });
}
