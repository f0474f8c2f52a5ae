import { type NaiveFeature, type NaiveQuestion, naiveWeeks } from "./naive-activation.ts";
import { at, type Line, naivePeople, share, type Test } from "./naive-people.ts";

const DAY = 86_400_000;

/** Breadth, depth and frequency of every account, account by account and week by week, as docs/metrics.md has them. */
export function naiveAdoption(
  all: readonly Line[],
  features: readonly (NaiveFeature & { readonly expectedEvery?: number })[],
  exclude: Test,
  { from, to, timezone, segment, homesAt }: NaiveQuestion & { readonly segment?: Test },
) {
  const people = naivePeople(all, exclude, to, homesAt);
  const linesOf = (account: string) => people.lines.filter((line) => people.accountOf(line) === account);
  const everybody = [...new Set(people.lines.map(people.person))];
  const firstOf = (lines: readonly Line[]) => Math.min(...lines.map(at));
  const accounts = [...new Set(people.lines.map(people.accountOf))]
    .filter((account) => account !== undefined)
    .filter((id) => segment === undefined || segment(undefined, people.accountTraits(id, to), to) === true)
    .sort()
    .map((id) => ({
      id,
      lines: linesOf(id),
      zone: people.accountZone(id, to),
      homed: everybody
        .filter((who) => people.accountOfPerson(who) === id)
        .map((who) => ({ who, first: firstOf(people.lines.filter((line) => people.person(line) === who)) })),
    }));

  const accountAt = ({ id, lines, homed }: (typeof accounts)[number], moment: number) => {
    const traits = people.accountTraits(id, moment);
    const available = features.filter(
      ({ available }) =>
        available(undefined, traits, moment - 1) === true ||
        homed.some(
          ({ who, first }) =>
            first < moment && available(people.userTraits(who, moment), traits, moment - 1) === true,
        ),
    );
    const found = available.map(({ isUse, count, within, lapsed, expectedEvery = 7 * DAY }) => {
      const uses = lines
        .filter(isUse)
        .map(at)
        .filter((t) => t < moment)
        .sort((a, b) => a - b);
      const activation =
        uses.find((t) => uses.filter((use) => use > t - within && use <= t).length >= count) ?? Infinity;
      const stretch = Math.max(expectedEvery, 7 * DAY);
      const expected = [1, 2, 3, 4]
        .map((k) => ({ start: moment - k * stretch, end: moment - (k - 1) * stretch }))
        .filter(({ end }) => activation < end);
      return {
        activated: activation < Infinity && moment - Math.max(...uses) < lapsed,
        expected: expected.length,
        active: expected.filter(({ start, end }) => uses.some((t) => t >= start && t < end)).length,
      };
    });
    const recent = lines.filter(
      (line) => people.isActive(line) && at(line) >= moment - 28 * DAY && at(line) < moment,
    );
    const users = new Set(recent.map(people.person)).size;
    const seats =
      Number.isInteger(traits.seats) && (traits.seats as number) > 0 ? (traits.seats as number) : null;
    const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
    const divided = (numerator: number, n: number | null) => {
      if (n === null || n === 0) return null;
      return numerator > n ? { numerator, n, low: null, high: null } : share(numerator, n);
    };
    return {
      id,
      immature: moment - firstOf(lines) < 28 * DAY,
      users,
      seats,
      breadth: divided(found.filter(({ activated }) => activated).length, available.length),
      depth: divided(users, seats),
      frequency: divided(sum(found.map(({ active }) => active)), sum(found.map(({ expected }) => expected))),
    };
  };

  type Divided = { readonly numerator: number; readonly n: number } | null;
  const quotient = (one: Divided) => (one === null ? undefined : one.numerator / one.n);
  const figure = (shares: readonly Divided[]) => {
    const values = shares.map(quotient);
    const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
    /** The least value that so many per cent of the accounts do not exceed. */
    const quartile = (percent: number) =>
      known.find((value) => known.filter((one) => one <= value).length * 100 >= percent * known.length) ??
      null;
    const n = known.length;
    return {
      n,
      missing: values.length - n,
      quartiles: { p25: quartile(25), median: quartile(50), p75: quartile(75) },
      none: share(known.filter((value) => value === 0).length, n),
      full: share(known.filter((value) => value >= 1).length, n),
    };
  };
  const told = (momentOf: (zone: string | undefined) => number) => {
    const rows = accounts
      .filter(({ lines, zone }) => firstOf(lines) < momentOf(zone))
      .map((account) => accountAt(account, momentOf(account.zone)));
    const mature = rows.filter(({ immature }) => !immature);
    const depths = mature.map(({ depth }) => depth);
    return {
      rows,
      summary: {
        accounts: rows.length,
        immature: rows.length - mature.length,
        breadth: figure(mature.map(({ breadth }) => breadth)),
        depth: { ...figure(depths), over: depths.filter((depth) => (quotient(depth) ?? 0) > 1).length },
        frequency: figure(mature.map(({ frequency }) => frequency)),
      },
    };
  };
  const end = told(() => to);
  const zones = accounts.filter(({ lines }) => firstOf(lines) < to).map(({ zone }) => zone);
  return {
    ...end.summary,
    weeks: naiveWeeks({ from, to, timezone }, zones).map(({ name, own, complete }) => ({
      week: name,
      complete,
      ...told((zone) => own(zone).end).summary,
    })),
    perAccount: end.rows,
  };
}
