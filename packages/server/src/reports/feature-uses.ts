import { matchesRule } from "@cairn/engine";
import type { Feature, JsonObject } from "@cairn/flow-schema";
import type { EnvironmentId, EventRecord, Storage } from "../storage/storage.ts";
import type { People } from "./people.ts";

const FEATURE_USED = "cairn.feature.used";

/** Of every unit (person, or account where the feature pools by account), the moments of use, in order. */
export type UsesByUnit = ReadonlyMap<string, readonly number[]>;

/**
 * Reads the uses of these features before `to`. An event counts from the event itself; a click, hover, focus or input
 * from the `cairn.feature.used` that the SDK recorded. One event is at most one use of a feature.
 */
export async function readUses(
  storage: Storage,
  environment: EnvironmentId,
  features: readonly Feature[],
  people: People,
  to: number,
): Promise<ReadonlyMap<string, UsesByUnit>> {
  const uses = new Map(features.map(({ id }) => [id as string, new Map<string, number[]>()]));
  const byName = new Map<string, Feature[]>();
  const listen = (name: string, feature: Feature) => {
    const listeners = byName.get(name) ?? [];
    if (!listeners.includes(feature)) byName.set(name, [...listeners, feature]);
  };
  for (const feature of features)
    for (const use of feature.uses) listen("event" in use ? use.event : FEATURE_USED, feature);

  for await (const chunk of storage.events(environment, { names: [...byName.keys()], to })) {
    for (const record of chunk) {
      if (record.type !== "track") continue;
      for (const feature of byName.get(record.name) ?? []) {
        if (!isUse(feature, record)) continue;
        const unit = feature.level === "account" ? people.accountOf(record) : people.personOf(record);
        const units = uses.get(feature.id);
        if (unit === undefined || units === undefined) continue;
        const moments = units.get(unit);
        if (moments === undefined) units.set(unit, [record.at]);
        else moments.push(record.at);
      }
    }
  }
  return uses;
}

function isUse(feature: Feature, { name, at, body }: EventRecord): boolean {
  let properties: JsonObject | undefined;
  const read = () => {
    properties ??= (JSON.parse(body) as { properties?: JsonObject | null }).properties ?? {};
    return properties;
  };
  return feature.uses.some((use) => {
    if (!("event" in use)) return name === FEATURE_USED && read().feature === feature.id;
    if (use.event !== name) return false;
    return use.where === undefined || matchesRule(read(), use.where, at);
  });
}
