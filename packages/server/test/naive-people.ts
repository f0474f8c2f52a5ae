/**
 * What the naive reports share. They are the reports once more, straight from their definitions in docs/metrics.md and from nothing but the lines of
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

/** A condition about attributes as they were at some moment. */
export type Test = (user: Traits | undefined, account: Traits | undefined, now: number) => boolean | null;
type Traits = { readonly [name: string]: unknown };

const Z = 1.959963984540054;
const moments = new WeakMap<Line, number>();
export const at = (line: Line): number => {
  const moment = moments.get(line) ?? Date.parse(line.timestamp);
  moments.set(line, moment);
  return moment;
};
const named = (line: Line) => (line.type === "group" ? line.groupId : line.context?.groupId);

function isZone(name: string): boolean {
  try {
    return new Date(0).toLocaleString("en", { timeZone: name }) !== "";
  } catch {
    return false;
  }
}

/**
 * Who is who, asked anew for every question; whose account, by what was said before the report's end.
 *
 * @param homesAt whose account by what was said before another moment: what a report would be that got this wrong
 */
export function naivePeople(lines: readonly Line[], exclude: Test, to: number, homesAt = to) {
  const person = (line: Line): string => {
    if (line.userId !== undefined) return `user ${line.userId}`;
    const links = lines.filter((l) => l.anonymousId === line.anonymousId && l.userId !== undefined);
    links.sort((a, b) => at(a) - at(b) || ((a.userId as string) < (b.userId as string) ? -1 : 1));
    return links[0] === undefined ? `anonymous ${line.anonymousId}` : `user ${links[0].userId}`;
  };
  const whose = new Map(lines.map((line) => [line, person(line)]));
  const own = (who: string) => lines.filter((line) => whose.get(line) === who);
  const accountOfPerson = (who: string, before: number) =>
    own(who)
      .filter((line) => named(line) !== undefined && at(line) < before)
      .sort((a, b) => at(b) - at(a) || ((named(a) as string) > (named(b) as string) ? -1 : 1))
      .map(named)[0];
  const fold = (list: readonly Line[], before: number) =>
    list
      .filter((line) => at(line) < before)
      .sort((a, b) => at(a) - at(b) || (a.messageId < b.messageId ? -1 : 1))
      .reduce<Traits>((traits, line) => Object.assign(traits, line.traits), {});
  const identified = new Map<string, readonly Line[]>();
  const userTraits = (who: string, before = Number.POSITIVE_INFINITY) => {
    if (!identified.has(who))
      identified.set(
        who,
        own(who).filter((line) => line.type === "identify"),
      );
    return fold(identified.get(who) as readonly Line[], before);
  };
  const groups = lines.filter((line) => line.type === "group");
  const accountTraits = (account: string, before = Number.POSITIVE_INFINITY) =>
    fold(
      groups.filter((line) => line.groupId === account),
      before,
    );
  const homesBefore = (moment: number) =>
    new Map([...new Set(whose.values())].map((who) => [who, accountOfPerson(who, moment)]));
  const homes = homesBefore(homesAt);
  const accountKnown = (who: string, before = Number.POSITIVE_INFINITY) => {
    const account = homes.get(who);
    return account === undefined ? undefined : accountTraits(account, before);
  };
  /** The time zone that an account names, if there is such a zone. */
  const accountZone = (account: string | undefined, before: number) => {
    const zone = account === undefined ? undefined : accountTraits(account, before).timezone;
    return typeof zone === "string" && isZone(zone) ? zone : undefined;
  };
  // Excluded is who is known to be so today, whenever it was said, and whosever they were then.
  const excluded = new Map(
    [...homesBefore(Infinity)].map(([who, account]) => {
      const traits = account === undefined ? undefined : accountTraits(account);
      return [who, exclude(userTraits(who), traits, Infinity) === true];
    }),
  );
  const counts = (line: Line) => excluded.get(whose.get(line) as string) === false;
  const accountOf = (line: Line) => {
    const account = named(line) ?? homes.get(whose.get(line) as string);
    return account === undefined || exclude(undefined, accountTraits(account), Infinity) === true
      ? undefined
      : account;
  };
  return {
    lines: lines.filter(counts),
    person: (line: Line) => whose.get(line) as string,
    accountOf,
    userTraits,
    accountTraits,
    accountKnown,
    accountOfPerson: (who: string) => homes.get(who),
    accountZone,
    personZone: (who: string, before: number) => accountZone(homes.get(who), before),
    isActive: (line: Line) =>
      line.type === "page" ||
      (line.type === "track" && (!line.event?.startsWith("cairn.") || line.event === "cairn.feature.used")),
  };
}

/** A share, with Wilson's interval as the roots of (p − value)² = z² p (1 − p) / n. */
export const share = (numerator: number, n: number) => {
  if (n === 0) return null;
  const value = numerator / n;
  const [a, b, c] = [1 + (Z * Z) / n, -(2 * value + (Z * Z) / n), value * value];
  const root = Math.sqrt(b * b - 4 * a * c);
  const round = (x: number) => Math.round(x * 1e9) / 1e9;
  return { numerator, n, low: round((-b - root) / (2 * a)), high: round((-b + root) / (2 * a)) };
};
