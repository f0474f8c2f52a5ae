import { rateColumns, tableOf } from "./csv.ts";
import type { ActivationReport, ActivationSummary } from "./report-schemas.ts";
import { SHARES_AT } from "./time-to-activate.ts";

const COLUMNS: readonly string[] = [
  "feature",
  "name",
  "level",
  "unit",
  "row",
  "week",
  "complete",
  "value",
  "other",
  "entitled",
  "active",
  ...["untried", "tried", "activated", "lapsed"].map((state) => `states.${state}`),
  "newlyActivated",
  ...rateColumns("rate"),
  "retainedUnits",
  ...rateColumns("retained"),
  "timeToActivate.started",
  "timeToActivate.activated",
  ...["p25", "median", "p75"].map((quartile) => `timeToActivate.quartiles.${quartile}`),
  ...SHARES_AT.flatMap((days) => [
    ...rateColumns(`timeToActivate.within.${days}`),
    `timeToActivate.within.${days}.immature`,
  ]),
  "cohort.started",
  ...rateColumns("cohort.rate"),
  "cohort.immature",
  "trend",
];

/** Rows of three kinds: `all` of a feature, each `week`, and with `by` each `group`. */
export function activationCsv({ features }: ActivationReport): string {
  return tableOf(
    COLUMNS,
    features.flatMap(({ id, name, level, unit, weeks, groups, ...total }) => {
      const feature = { feature: id, name, level, unit };
      return [
        { ...feature, row: "all", ...cellsOf(total) },
        ...weeks.map(({ tried, activated, lapsed, retained, ...week }) => ({
          ...feature,
          row: "week",
          ...week,
          states: { tried, activated, lapsed },
          retainedUnits: retained,
        })),
        ...(groups ?? []).map(({ value, other, ...group }) => ({
          ...feature,
          row: "group",
          value,
          other,
          ...cellsOf(group),
        })),
      ];
    }),
  );
}

function cellsOf({ timeToActivate, ...summary }: ActivationSummary) {
  const within = timeToActivate.within.map(({ days, rate, immature }) => [days, { ...rate, immature }]);
  return {
    ...summary,
    active: summary.rate?.n ?? 0,
    timeToActivate: { ...timeToActivate, within: Object.fromEntries(within) },
  };
}
