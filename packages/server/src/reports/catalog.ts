import type { Json } from "@cairn/flow-schema";
import { compareText } from "../storage/compare-text.ts";
import type { CatalogList, EnvironmentId, Storage } from "../storage/storage.ts";
import type { Catalog } from "./report-schemas.ts";

/**
 * What really arrived: names of events, attributes of users and accounts (as dotted paths), anchors and pages, with
 * how often, when last, and an example. Authors complete from it; lint warns of what was never seen. Counted as
 * events come in (`ingest/sightings.ts`), so that asking costs nothing that grows with them.
 */
export async function catalog(storage: Storage, environment: EnvironmentId): Promise<Catalog> {
  const [events, rows] = await Promise.all([storage.eventCounts(environment), storage.catalog(environment)]);
  const listOf = (list: CatalogList) =>
    rows
      .filter((row) => row.list === list)
      .sort((a, b) => compareText(a.name, b.name))
      .map(({ name, count, lastAt, example }) => ({ name, count, lastSeen: iso(lastAt), example }));
  const attributesOf = (list: "user" | "account") =>
    listOf(list).map(({ name, example, ...seen }) => ({
      path: name,
      ...seen,
      example: example === null ? null : (JSON.parse(example) as Json),
    }));
  return {
    events: events
      .filter(({ name }) => !name.startsWith("$"))
      .map(({ name, count, lastAt, example }) => ({
        name,
        count,
        lastSeen: iso(lastAt),
        example: propertiesOf(example),
      })),
    attributes: { user: attributesOf("user"), account: attributesOf("account") },
    anchors: listOf("anchor").map(({ example: _, ...seen }) => seen),
    pages: listOf("page").map(({ name, example: _, ...seen }) => ({ path: name, ...seen })),
  };
}

/** An event's properties are what authors write conditions about. */
function propertiesOf(body: string): Json {
  const { properties } = JSON.parse(body) as { properties?: Json };
  return properties ?? {};
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
