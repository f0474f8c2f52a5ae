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

const WEEK = 7 * 86_400_000;
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
  };
}

export function naiveActivation(
  all: readonly Line[],
  features: readonly NaiveFeature[],
  exclude: Test,
  from: number,
  to: number,
) {
  const people = naivePeople(all, exclude);
  const isActive = (line: Line) =>
    line.type === "page" ||
    (line.type === "track" && (!line.event?.startsWith("cairn.") || line.event === "cairn.feature.used"));
  return features.map((feature) => {
    const unitOf = (line: Line) => (feature.account ? people.accountOf(line) : people.person(line));
    const units = [...new Set(people.lines.map(unitOf))]
      .filter((unit) => unit !== undefined)
      .filter((unit) =>
        feature.account
          ? feature.available(undefined, people.accountTraits(unit))
          : feature.available(people.userTraits(unit), people.accountKnown(unit)),
      )
      .map((unit) => {
        const lines = people.lines.filter((line) => unitOf(line) === unit);
        return {
          first: Math.min(...lines.map(at)),
          active: lines.filter(isActive).map(at),
          uses: lines
            .filter((line) => feature.isUse(line))
            .map(at)
            .filter((t) => t < to)
            .sort((a, b) => a - b),
        };
      });
    const firstActivated = (uses: readonly number[]) =>
      uses.find((t) => uses.filter((u) => u > t - feature.within && u <= t).length >= feature.count);
    /** At several uses in one millisecond the last of them is the one that activates; the moment is the same. */
    const stateAt = (uses: readonly number[], moment: number) => {
      const until = uses.filter((t) => t < moment);
      if (until.length === 0) return "untried";
      if (firstActivated(until) === undefined) return "tried";
      return moment - Math.max(...until) >= feature.lapsed ? "lapsed" : "activated";
    };
    const count = (list: readonly unknown[], wanted: unknown) => list.filter((one) => one === wanted).length;
    const entitledAt = (moment: number) => units.filter((unit) => unit.first < moment);
    const now = entitledAt(to);
    const states = now.map((unit) => stateAt(unit.uses, to));
    const activeNow = now.filter((unit) => unit.active.some((t) => t >= from && t < to));
    const monday = Date.parse("2024-01-01T00:00:00Z");
    const weeks = [];
    for (let start = monday; start < to; start += WEEK) {
      if (start + WEEK <= from) continue;
      const end = Math.min(start + WEEK, to);
      const entitled = entitledAt(end);
      const then = entitled.map((unit) => stateAt(unit.uses, end));
      weeks.push({
        week: new Date(start).toISOString().slice(0, 10),
        complete: start + WEEK <= to,
        entitled: entitled.length,
        active: entitled.filter((unit) => unit.active.some((t) => t >= start && t < end)).length,
        tried: count(then, "tried"),
        activated: count(then, "activated"),
        lapsed: count(then, "lapsed"),
        newlyActivated: entitled.filter((unit) => {
          const moment = firstActivated(unit.uses);
          return moment !== undefined && moment >= start && moment < end;
        }).length,
      });
    }
    return {
      id: feature.id,
      entitled: now.length,
      states: {
        untried: count(states, "untried"),
        tried: count(states, "tried"),
        activated: count(states, "activated"),
        lapsed: count(states, "lapsed"),
      },
      rate: {
        numerator: activeNow.filter((unit) => stateAt(unit.uses, to) === "activated").length,
        n: activeNow.length,
      },
      weeks,
    };
  });
}

export function naiveFunnel(
  all: readonly Line[],
  flow: string,
  steps: readonly string[],
  goalWithin: number,
  exclude: Test,
  from: number,
  to: number,
) {
  const people = naivePeople(all, exclude);
  const about = people.lines.filter(
    (line) =>
      at(line) >= from && at(line) < to && line.properties?.flow === flow && line.event?.startsWith("cairn."),
  );
  const forced = about
    .filter((line) => line.properties?.start === "forced")
    .map((line) => line.context?.cairn?.run);
  const real = about
    .filter((line) => line.properties?.start !== "forced")
    .filter((line) => line.context?.cairn?.run === undefined || !forced.includes(line.context.cairn.run))
    .sort(
      (a, b) =>
        at(a) - at(b) ||
        (a.context?.cairn?.seq ?? 0) - (b.context?.cairn?.seq ?? 0) ||
        (a.messageId < b.messageId ? -1 : 1),
    );
  const everyone = [...new Set(real.map(people.person))];
  const peopleWith = (test: (line: Line) => boolean) =>
    everyone.filter((who) => real.some((line) => people.person(line) === who && test(line))).length;
  const decided = (outcome: string) => (line: Line) =>
    line.event === `cairn.flow.${outcome}` ||
    (line.event === "cairn.flow.decided" && line.properties?.outcome === outcome);
  const reasons = [...new Set(real.filter(decided("held")).map((line) => line.properties?.reason as string))];
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
  return {
    decided: {
      shown: peopleWith(decided("shown")),
      withheld: peopleWith(decided("withheld")),
      held: Object.fromEntries(
        reasons.map((reason) => [
          reason,
          peopleWith((line) => decided("held")(line) && line.properties?.reason === reason),
        ]),
      ),
    },
    exposed: paths.length,
    steps: steps.map((_, index) => paths.filter(({ found }) => found.length > index).length),
    completed: afterAnchor("cairn.flow.completed"),
    dismissed: afterAnchor("cairn.flow.dismissed"),
    goal: afterAnchor("cairn.goal.reached", goalWithin),
  };
}
