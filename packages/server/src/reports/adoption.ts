import { parseDuration, resolveSettings } from "@cairn/flow-schema";
import type { EnvironmentId } from "../storage/storage.ts";
import { identityBefore } from "./accounts-before.ts";
import type { ActivationQuery } from "./activation.ts";
import { entitledAccounts } from "./adoption-entitled.ts";
import type { AccountAdoption, AdoptionReport } from "./adoption-schema.ts";
import { seatsOf } from "./adoption-seats.ts";
import { shareOf, summariseAdoption } from "./adoption-summary.ts";
import { activeUsers } from "./adoption-users.ts";
import { countFeature, createFeatureCounts } from "./adoption-uses.ts";
import { askedDefinitions } from "./asked-definitions.ts";
import { ruleOf } from "./feature-state.ts";
import { columnsOf, questionOf } from "./feature-uses.ts";
import { readPeople } from "./people.ts";
import type { ReportSource } from "./report-source.ts";
import { unitWeeks } from "./unit-weeks.ts";
import { usesOf } from "./uses-by-unit.ts";
import { words } from "./words.ts";
import { createZone, weeksOf } from "./zoned-time.ts";

/** How far a figure looks back. */
const WINDOW_MS = 28 * 86_400_000;
/** Once a week, where a feature does not say how often. */
const EXPECTED_EVERY = "1w";
/** Weeks that are worked out together: what bounds the memory of a report over many years. */
const TOGETHER = 26;

/** With `feature`, this one alone, key or not; with `segment`, only accounts of it. */
export interface AdoptionQuery extends Omit<ActivationQuery, "by"> {
  /** Most accounts that are told one by one. */
  readonly limit: number;
}

/**
 * How far accounts have taken the product up, in three figures that are never made one, over the 28 days before a
 * moment: the end of each week of the range, and `to`.
 *
 * Unit: the account. **Breadth**: of the key features it may use, those in state activated, uses pooled over its people.
 * **Depth**: its people active in the 28 days ÷ its trait `seats` as it was then. **Frequency**: of the last four
 * expected weeks of each key feature that it has activated, those with a use. A figure with nothing to divide by is
 * `null` and counted as `missing`. An account first seen less than 28 days before the moment is **immature**: in no
 * quartile and in no share.
 */
export async function adoptionReport(
  source: ReportSource,
  environment: EnvironmentId,
  { from, to, timezone, feature, segment, limit }: AdoptionQuery,
): Promise<AdoptionReport> {
  const definitions = await source.definitions(environment);
  const asked = askedDefinitions(definitions, { feature, segment });
  const features = asked.features.filter(({ key }) => feature !== undefined || key !== false);
  const data = await source.reportData(environment, questionOf(features));
  const identity = await identityBefore(source, environment, data, to);
  const people = readPeople(data, definitions, to, identity);
  const { accounts } = people;
  const inside =
    segment === undefined
      ? new Uint8Array(accounts.names.length).fill(1)
      : people.matching("account", { segment } as never);
  const units = [...accounts.order].filter((unit) => inside[unit] === 1);
  const uses = features.map((one) => ({
    every: parseDuration(one.expectedEvery ?? EXPECTED_EVERY) ?? 0,
    rule: ruleOf(one),
    availableTo: one.availableTo,
    uses: usesOf(columnsOf(one, data), accounts, accounts.order, inside, to),
  }));

  const calendar = unitWeeks(
    people,
    "account",
    { weeks: weeksOf(from, to, createZone(timezone)), to, timezone },
    inside,
  );
  const { weeks, clocks, clockOf } = calendar;

  /** What is known of each account at each of some moments; by clock, the moments of those accounts that have it. */
  const figuresAt = (byClock: readonly Float64Array[]): readonly (readonly AccountAdoption[])[] => {
    const momentsOf = (unit: number) => byClock[clockOf?.[unit] ?? 0] as Float64Array;
    const width = byClock[0]?.length ?? 0;
    const counts = createFeatureCounts(accounts.names.length * width);
    const entitlements = new Map<string | undefined, Uint8Array>();
    for (const { every, availableTo, ...one } of uses) {
      const name = JSON.stringify(availableTo);
      const entitled =
        entitlements.get(name) ?? entitledAccounts(people, availableTo, asked.segments, width, momentsOf);
      entitlements.set(name, entitled);
      countFeature(counts, { ...one, entitled }, every, width, momentsOf);
    }
    const users = activeUsers(data.activity, people, { byClock, clockOf }, WINDOW_MS);
    const figures = Array.from({ length: width }, (): AccountAdoption[] => []);
    for (const unit of units) {
      const moments = momentsOf(unit);
      const first = accounts.first[unit] as number;
      const seats = seatsOf(people.identity, unit, moments);
      for (let m = 0; m < width; m++) {
        const age = (moments[m] as number) - first;
        if (age <= 0) continue;
        const at = (of: ArrayLike<number>) => of[unit * width + m] as number;
        figures[m]?.push({
          id: accounts.names[unit] as string,
          immature: age < WINDOW_MS,
          users: at(users),
          seats: seats[m] ?? null,
          breadth: shareOf(at(counts.activated), at(counts.entitled)),
          depth: shareOf(at(users), seats[m] ?? null),
          frequency: shareOf(at(counts.active), at(counts.expected)),
        });
      }
    }
    return figures;
  };

  const told: AdoptionReport["weeks"] = [];
  let last: readonly AccountAdoption[] = [];
  for (let begin = 0; begin < weeks.length; begin += TOGETHER) {
    const some = weeks.slice(begin, begin + TOGETHER);
    const ends = clocks.map(({ ends }) => ends.subarray(begin, begin + TOGETHER));
    // Further east the last week may have ended before `to`, which the figures over all are of.
    const isOver = begin + TOGETHER >= weeks.length && ends.some((own) => own.at(-1) !== to);
    const figures = figuresAt(isOver ? ends.map((own) => Float64Array.of(...own, to)) : ends);
    for (const [i, { name, complete }] of some.entries())
      told.push({ week: name, complete, ...summariseAdoption(figures[i] ?? []) });
    last = figures.at(-1) ?? [];
  }
  const { locale } = resolveSettings(definitions.settings?.body);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    timezone,
    segment: segment ?? null,
    unit: "account",
    features: features.map(({ id, name, expectedEvery = EXPECTED_EVERY }) => ({
      id,
      name: words(name, locale),
      expectedEvery,
    })),
    ...summariseAdoption(last),
    weeks: told,
    perAccount: last.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit),
  };
}
