import { type Feature, resolveSettings } from "@cairn/flow-schema";
import type { EnvironmentId } from "../storage/storage.ts";
import { identityBefore } from "./accounts-before.ts";
import { askedDefinitions } from "./asked-definitions.ts";
import { createBreakdown } from "./breakdown.ts";
import { answerFeature } from "./feature-activation.ts";
import { ruleOf } from "./feature-state.ts";
import { columnsOf, questionOf } from "./feature-uses.ts";
import { readPeople, type UnitLevel } from "./people.ts";
import {
  type Activity,
  activityByClock,
  activityOf,
  type Population,
  pooled,
  populationOf,
} from "./population.ts";
import type { ActivationReport, FeatureActivation } from "./report-schemas.ts";
import type { ReportSource } from "./report-source.ts";
import { unitWeeks } from "./unit-weeks.ts";
import { usesOf } from "./uses-by-unit.ts";
import type { Verified } from "./verified-source.ts";
import { words } from "./words.ts";
import { createZone, weeksOf } from "./zoned-time.ts";

export interface ActivationQuery {
  /** Epoch milliseconds, inclusive. */
  readonly from: number;
  /** Epoch milliseconds, exclusive. */
  readonly to: number;
  /** IANA name. */
  readonly timezone: string;
  readonly feature?: string | undefined;
  /** `user.…` or `account.…` and an attribute's path, or `segment`. */
  readonly by?: string | undefined;
  /** Only units of this segment. */
  readonly segment?: string | undefined;
  /** Which messages count. @default "all" */
  readonly verified?: Verified | undefined;
}

/**
 * Who tried, activated, kept or lost each feature, by week, and how long it took them.
 *
 * Unit: the person, or the account where the feature's level says so. **Entitled** at a moment: was seen before it and
 * matched `availableTo` then. **Cohorts** and times count from when a unit became entitled for the first time. **State**
 * at a moment: the pure function of the uses before it.
 * **Active** in a week: sent a page view, a host event or a feature's use. **Rate**: of the entitled units active in
 * `[from, to)`, those whose state at `to` is activated. **Retained**: of those activated before, who used it again.
 * Weeks begin on Monday 00:00 by the clocks of the account's time zone, else of the one asked for; states are those at
 * the week's end, or at `to` where that comes first.
 */
export async function activationReport(
  source: ReportSource,
  environment: EnvironmentId,
  { from, to, timezone, feature, by, segment }: ActivationQuery,
): Promise<ActivationReport> {
  const definitions = await source.definitions(environment);
  const { features, segments } = askedDefinitions(definitions, { feature, segment });

  const data = await source.reportData(environment, questionOf(features));
  const identity = await identityBefore(source, environment, data, to);
  const people = readPeople(data, definitions, to, identity);
  const unitsOf = (level: UnitLevel) => (level === "user" ? people.persons : people.accounts);
  const insideBy = once((level: UnitLevel) =>
    segment === undefined ? undefined : people.matching(level, { segment } as never),
  );
  const weeks = weeksOf(from, to, createZone(timezone));
  const calendarBy = once((level: UnitLevel) =>
    unitWeeks(people, level, { weeks, to, timezone }, insideBy(level)),
  );
  /** What both levels begin with, where nobody has a zone of their own. */
  const ofNumbers = once((same: typeof weeks) =>
    activityOf(data.activity, data.people.ids.length, same, from, to),
  );
  const activityBy = once((level: UnitLevel): Activity => {
    const calendar = calendarBy(level);
    return calendar.clockOf === null
      ? pooled(ofNumbers(weeks), unitsOf(level), weeks.length)
      : activityByClock(data.activity, unitsOf(level), calendar, from, to);
  });
  /** Features of one entitlement share their population. */
  const populations = new Map<string, Population>();
  const populationBy = (level: UnitLevel, availableTo: Feature["availableTo"]): Population => {
    const name = `${level} ${JSON.stringify(availableTo)}`;
    let population = populations.get(name);
    if (population === undefined) {
      const breakdown = createBreakdown(people, level, by, segments);
      const spells = people.spells(level, availableTo);
      population = populationOf(spells, insideBy(level), activityBy(level), breakdown, {
        calendar: calendarBy(level),
        from,
        to,
      });
      populations.set(name, population);
    }
    return population;
  };
  const { locale } = resolveSettings(definitions.settings?.body);
  return {
    from: iso(from),
    to: iso(to),
    timezone,
    by: by ?? null,
    segment: segment ?? null,
    features: features.map((one): FeatureActivation => {
      const level = one.level ?? "user";
      const units = unitsOf(level);
      const population = populationBy(level, one.availableTo);
      const answer = answerFeature({
        uses: usesOf(columnsOf(one, data), units, population.spells.order, population.ever, to),
        rule: ruleOf(one),
        population,
        activity: activityBy(level),
        calendar: calendarBy(level),
        from,
        to,
      });
      return {
        id: one.id,
        name: words(one.name, locale),
        level,
        unit: level,
        ...answer.total,
        weeks: answer.weeks,
        // An account has no role: there is nothing to group it by.
        groups: by === undefined || (level === "account" && by.startsWith("user.")) ? null : answer.groups,
      };
    }),
  };
}

function once<Key, T>(make: (key: Key) => T): (key: Key) => T {
  const made = new Map<Key, T>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key) as T;
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
