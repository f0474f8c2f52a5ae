import { type Bounds, CONFIG_BOUNDS, checkBounds, DEFINITION_BOUNDS } from "./bounds.ts";
import { checkShape } from "./check-shape.ts";
import { CHECKS } from "./checks/table.ts";
import type { Config } from "./config.ts";
import type { Feature } from "./feature.ts";
import flowSchema from "./flow.schema.json" with { type: "json" };
import type { Flow } from "./flow.ts";
import { isObject } from "./json-type.ts";
import type { Problem } from "./problem.ts";
import { checkCycles, checkReferences, checkSelfReference, type KnownIds } from "./references.ts";
import { type Run, report } from "./run.ts";
import { compileSchema, type RawSchema, type SchemaNode } from "./schema-node.ts";
import type { Segment } from "./segment.ts";
import type { Settings } from "./settings.ts";

/** A checked value, or everything that is wrong with it (at most 100 problems, in the order of the text). */
export type Validation<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface ValidateOptions {
  /** Name of the file or source, for the problems. @default the kind of definition, such as "flow" */
  readonly file?: string;
  /** Ids that exist; without them references to other definitions are not checked. */
  readonly known?: KnownIds;
}

export const DEFINITION_NAMES = ["flow", "feature", "segment", "settings", "config"] as const;
export type DefinitionName = (typeof DEFINITION_NAMES)[number];

const NODES: ReadonlyMap<string, SchemaNode> = /* @__PURE__ */ compileSchema(
  flowSchema as unknown as { readonly $defs: { readonly [name: string]: RawSchema } },
  DEFINITION_NAMES,
);

/** Checks a flow: shape, ids, texts, addresses, limits; references too where `known` ids are given. Never throws. */
export function validateFlow(value: unknown, options: ValidateOptions = {}): Validation<Flow> {
  return validate<Flow>("flow", value, DEFINITION_BOUNDS, options, (flow, run) => {
    checkReferences(run, options.known ?? {}, { kind: "flow", id: flow.id });
  });
}

/** Checks a feature. Never throws. */
export function validateFeature(value: unknown, options: ValidateOptions = {}): Validation<Feature> {
  return validate<Feature>("feature", value, DEFINITION_BOUNDS, options, (feature, run) => {
    checkReferences(run, options.known ?? {}, { kind: "feature", id: feature.id });
    checkSelfReference(run, "feature", feature.id);
  });
}

/** Checks a segment. Never throws. */
export function validateSegment(value: unknown, options: ValidateOptions = {}): Validation<Segment> {
  return validate<Segment>("segment", value, DEFINITION_BOUNDS, options, (segment, run) => {
    checkReferences(run, options.known ?? {}, { kind: "segment", id: segment.id });
    checkSelfReference(run, "segment", segment.id);
  });
}

/** Checks the settings of an environment. Never throws. */
export function validateSettings(value: unknown, options: ValidateOptions = {}): Validation<Settings> {
  return validate<Settings>("settings", value, DEFINITION_BOUNDS, options, (_, run) => {
    checkReferences(run, options.known ?? {});
  });
}

/**
 * Checks everything that is published together, and that the definitions name only each other: a flow,
 * feature or segment that is not in the configuration is a dangling reference. Never throws.
 */
export function validateConfig(value: unknown, options: { readonly file?: string } = {}): Validation<Config> {
  return validate<Config>("config", value, CONFIG_BOUNDS, options, (config, run) => {
    const { flows, features = [], segments = [] } = config;
    for (const [index, flow] of flows.entries()) checkBounds(flow, DEFINITION_BOUNDS, `/flows/${index}`, run);
    const ids = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);
    checkReferences(run, { flows: ids(flows), features: ids(features), segments: ids(segments) });
    checkCycles(run, { features, segments });
  });
}

/** The shape alone, without what lies beyond it: what another JSON Schema validator would say. */
export function validateShape(name: DefinitionName, value: unknown): Validation<unknown> {
  const run: Run = { file: name, problems: [], references: [], checks: {} };
  checkShape(NODES.get(name) as SchemaNode, value, "", run);
  return run.problems.length === 0 ? { ok: true, value } : { ok: false, problems: run.problems };
}

function validate<T>(
  name: DefinitionName,
  value: unknown,
  bounds: Bounds,
  { file = name }: ValidateOptions,
  finish: (value: T, run: Run) => void,
): Validation<T> {
  const run: Run = { file, problems: [], references: [], checks: CHECKS };
  try {
    if (!isObject(value)) {
      const fix = `write an object, {…}, that holds the ${name}`;
      report(run, "", "wrong-type", `found ${value === undefined ? "nothing" : describeRoot(value)}`, fix);
    } else if (
      checkBounds(value, bounds, "", run) &&
      checkShape(NODES.get(name) as SchemaNode, value, "", run)
    ) {
      finish(value as T, run);
    }
  } catch {
    // Plain data cannot come here; a proxy or a getter of a host object can.
    report(run, "", "not-json", "the value throws when it is read", "write plain JSON");
  }
  return run.problems.length === 0 ? { ok: true, value: value as T } : { ok: false, problems: run.problems };
}

function describeRoot(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return value === null ? "null" : `a ${typeof value}`;
}
