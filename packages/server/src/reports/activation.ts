import type { Feature, FeatureState } from "@cairn/flow-schema";
import { resolveSettings } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";
import { weekStart } from "../storage/event-store.ts";
import type { ActiveRow, EnvironmentId, Storage } from "../storage/storage.ts";
import { truthOf } from "./condition-truth.ts";
import { toCsv } from "./csv.ts";
import { activatedAt, type FeatureRule, ruleOf, stateBefore } from "./feature-state.ts";
import { readUses, type UsesByUnit } from "./feature-uses.ts";
import { type People, readPeople } from "./people.ts";
import type { ActivationReport, ActivationWeek, FeatureActivation } from "./report-schemas.ts";
import { wilson } from "./wilson.ts";
import { words } from "./words.ts";

const WEEK_MS = 604_800_000;

/**
 * Who tried, activated, kept or lost each feature, by week.
 *
 * Unit: the person, or the account where the feature's level says so. **Entitled** at a moment: matches `availableTo`
 * (latest traits) and was seen before that moment. **State** at a moment: the pure function of the uses before it
 * (product: untried, tried, activated, lapsed). **Active** in a week: sent a page view, a host event or a feature's
 * use. **Rate**: of the entitled units active in `[from, to)`, those whose state at `to` is activated. Weeks begin on
 * Monday 00:00 UTC; states are those at the week's end, or at `to` in a week that is not complete.
 */
export async function activationReport(
  storage: Storage,
  environment: EnvironmentId,
  {
    from,
    to,
    feature,
  }: { readonly from: number; readonly to: number; readonly feature?: string | undefined },
): Promise<ActivationReport> {
  const definitions = await storage.definitions(environment);
  const features = definitions.features
    .map((row) => row.body)
    .filter(({ id }) => feature === undefined || id === feature);
  if (feature !== undefined && features.length === 0)
    throw httpError("not-found", `There is no feature "${feature}".`);

  const people = await readPeople(storage, environment, to);
  const uses = await readUses(storage, environment, features, people, to);
  const weeks = weeksOf(from, to);
  const activity = {
    range: await storage.activeBetween(environment, from, to),
    weeks: await activityByWeek(storage, environment, people, weeks),
  };
  const { locale } = resolveSettings(definitions.settings?.body);
  return {
    from: iso(from),
    to: iso(to),
    timezone: "UTC",
    features: features.map((one) =>
      activationOf(one, uses.get(one.id) ?? new Map(), people, activity, weeks, to, locale),
    ),
  };
}

interface Week {
  readonly start: number;
  /** The week's end, or `to` where that comes first. */
  readonly end: number;
  readonly complete: boolean;
}
interface Activity {
  readonly range: readonly ActiveRow[];
  /** Beside each week, who was active in it. */
  readonly weeks: readonly (readonly ActiveRow[])[];
}

function weeksOf(from: number, to: number): readonly Week[] {
  const weeks: Week[] = [];
  for (let start = weekStart(from); start < to; start += WEEK_MS)
    weeks.push({ start, end: Math.min(start + WEEK_MS, to), complete: start + WEEK_MS <= to });
  return weeks;
}

async function activityByWeek(
  storage: Storage,
  environment: EnvironmentId,
  people: People,
  weeks: readonly Week[],
): Promise<Activity["weeks"]> {
  const whole = new Map<number, ActiveRow[]>();
  for (const row of people.rows) {
    if (!row.active) continue;
    const rows = whole.get(row.week);
    if (rows === undefined) whole.set(row.week, [row]);
    else rows.push(row);
  }
  return await Promise.all(
    weeks.map(({ start, end, complete }) =>
      complete ? (whole.get(start) ?? []) : storage.activeBetween(environment, start, end),
    ),
  );
}

function activationOf(
  feature: Feature,
  uses: UsesByUnit,
  people: People,
  activity: Activity,
  weeks: readonly Week[],
  to: number,
  locale: string,
): FeatureActivation {
  const byAccount = feature.level === "account";
  const rule = ruleOf(feature);
  const units = entitledUnits(feature, people, byAccount, uses, rule);
  const activeIn = (rows: readonly ActiveRow[]): ReadonlySet<string> => {
    const active = new Set<string>();
    for (const row of rows) {
      const unit = byAccount ? people.accountOf(row) : people.personOf(row);
      if (unit !== undefined) active.add(unit);
    }
    return active;
  };
  const states = { untried: 0, tried: 0, activated: 0, lapsed: 0 };
  const active = activeIn(activity.range);
  let activeUnits = 0;
  let activatedUnits = 0;
  for (const unit of units) {
    if (unit.firstSeen >= to) continue;
    const state = stateBefore(unit.uses, unit.activated, rule, to);
    states[state] += 1;
    if (!active.has(unit.id)) continue;
    activeUnits += 1;
    if (state === "activated") activatedUnits += 1;
  }
  const level = feature.level ?? "user";
  return {
    id: feature.id,
    name: words(feature.name, locale),
    level,
    unit: level,
    entitled: states.untried + states.tried + states.activated + states.lapsed,
    states,
    rate: wilson(activatedUnits, activeUnits),
    weeks: weeks.map((week, index) => weekOf(week, units, rule, activeIn(activity.weeks[index] ?? []))),
  };
}

interface Unit {
  readonly id: string;
  readonly firstSeen: number;
  readonly uses: readonly number[];
  readonly activated: number | undefined;
}

function entitledUnits(
  { availableTo }: Feature,
  people: People,
  byAccount: boolean,
  uses: UsesByUnit,
  rule: FeatureRule,
): readonly Unit[] {
  const units: Unit[] = [];
  for (const [id, firstSeen] of byAccount ? people.accounts : people.persons) {
    const known = byAccount ? people.knownOfAccount(id) : people.knownOfPerson(id);
    if (availableTo !== undefined && truthOf(availableTo, known) !== true) continue;
    const own = uses.get(id) ?? [];
    units.push({ id, firstSeen, uses: own, activated: activatedAt(own, rule) });
  }
  return units;
}

function weekOf(
  { start, end, complete }: Week,
  units: readonly Unit[],
  rule: FeatureRule,
  active: ReadonlySet<string>,
): ActivationWeek {
  const states: { [state in FeatureState]: number } = { untried: 0, tried: 0, activated: 0, lapsed: 0 };
  let entitled = 0;
  let activeUnits = 0;
  let newlyActivated = 0;
  for (const unit of units) {
    if (unit.firstSeen >= end) continue;
    entitled += 1;
    states[stateBefore(unit.uses, unit.activated, rule, end)] += 1;
    if (active.has(unit.id)) activeUnits += 1;
    if (unit.activated !== undefined && unit.activated >= start && unit.activated < end) newlyActivated += 1;
  }
  const { tried, activated, lapsed } = states;
  return {
    week: iso(start).slice(0, 10),
    complete,
    entitled,
    active: activeUnits,
    tried,
    activated,
    lapsed,
    newlyActivated,
  };
}

export function activationCsv({ features }: ActivationReport): string {
  const columns = ["feature", "name", "unit", "week", "complete", "entitled", "active", "tried", "activated"];
  return toCsv(
    [...columns, "lapsed", "newlyActivated"],
    features.flatMap(({ id, name, unit, weeks }) =>
      weeks.map((w) => [
        id,
        name,
        unit,
        w.week,
        w.complete,
        w.entitled,
        w.active,
        w.tried,
        w.activated,
        w.lapsed,
        w.newlyActivated,
      ]),
    ),
  );
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
