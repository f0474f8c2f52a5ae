import { matchesRule } from "@cairn/engine";
import type { Feature, FeatureUse } from "@cairn/flow-schema";
import type { EventMatch, Moments, ReportData, ReportQuestion } from "../storage/report-store.ts";

/**
 * What has to be read for the uses of these features. A use by an event counts from the event itself, and is in the
 * rollups by its name; where only some of its events count (`where`), their messages have to be looked at. A click,
 * hover, focus or input counts from the `cairn.feature.used` that the SDK recorded.
 */
export function questionOf(features: readonly Feature[]): Required<Omit<ReportQuestion, "flows">> {
  const events = new Set<string>();
  const clicked = new Set<string>();
  const matching = new Map<string, EventMatch>();
  for (const feature of features) {
    const { plain, filtered, interactive } = sortedUses(feature);
    for (const event of plain) events.add(event);
    if (interactive) clicked.add(feature.id);
    for (const match of filtered) matching.set(match.key, match);
  }
  return { events: [...events], features: [...clicked], matching: [...matching.values()] };
}

/** The columns whose moments are the uses of a feature; none of them holds a use that another holds too. */
export function columnsOf(
  feature: Feature,
  data: Pick<ReportData, "events" | "features" | "matching">,
): readonly Moments[] {
  const { plain, filtered, interactive } = sortedUses(feature);
  return [
    ...plain.map((event) => data.events.get(event)),
    ...filtered.map(({ key }) => data.matching.get(key)),
    interactive ? data.features.get(feature.id) : undefined,
  ].filter((column) => column !== undefined);
}

/** A message that matches two uses is one use: per event there is one column, made by all of its rules. */
function sortedUses({ uses }: Feature) {
  const rules = new Map<string, Extract<FeatureUse, { event: string }>[]>();
  let interactive = false;
  for (const use of uses) {
    if (!("event" in use)) interactive = true;
    else rules.set(use.event, [...(rules.get(use.event) ?? []), use]);
  }
  const plain: string[] = [];
  const filtered: EventMatch[] = [];
  for (const [event, own] of rules) {
    const wheres = own.map(({ where }) => where);
    if (wheres.some((where) => where === undefined)) plain.push(event);
    else
      filtered.push({
        key: JSON.stringify([event, ...wheres]),
        event,
        test: (properties, at) => wheres.some((where) => where && matchesRule(properties, where, at)),
      });
  }
  return { plain, filtered, interactive };
}
