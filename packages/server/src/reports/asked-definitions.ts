import type { Feature, Segment } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";
import type { Definitions } from "../storage/storage.ts";

interface Asked {
  readonly feature?: string | undefined;
  readonly segment?: string | undefined;
}

/** The features that a report is about, all or the one asked for, and every segment; 404 for one that is not there. */
export function askedDefinitions(
  definitions: Definitions,
  { feature, segment }: Asked,
): { readonly features: readonly Feature[]; readonly segments: readonly Segment[] } {
  const features = definitions.features
    .map((row) => row.body)
    .filter(({ id }) => feature === undefined || id === feature);
  if (feature !== undefined && features.length === 0)
    throw httpError("not-found", `There is no feature "${feature}".`);
  const segments = definitions.segments.map((row) => row.body);
  if (segment !== undefined && !segments.some(({ id }) => id === segment))
    throw httpError("not-found", `There is no segment "${segment}".`);
  return { features, segments };
}
