import { SCHEMA_VERSION } from "./flow.ts";
import { isObject } from "./json-type.ts";

/** Turns a flow of version n into one of version n + 1; may assume that it is well-formed for n, no more. */
export type UpgradeStep = (flow: { readonly [field: string]: unknown }) => {
  readonly [field: string]: unknown;
};

/** Step n leads from version n to n + 1. Version 1 is the first, so there is none yet. */
const STEPS: { readonly [from: number]: UpgradeStep } = {};

/**
 * Brings a flow of an older format up to the present one; a present one comes back as it is. What has no
 * version, or one from the future, comes back untouched too: {@link validateFlow} then says so
 * (`missing-field` or `unsupported-version` at `/schemaVersion`). Never throws.
 */
export function upgradeFlow(value: unknown): unknown {
  return upgradeWith(STEPS, SCHEMA_VERSION, value);
}

/** The mechanism, with its table and target open to tests. */
export function upgradeWith(
  steps: { readonly [from: number]: UpgradeStep },
  current: number,
  value: unknown,
): unknown {
  if (!isObject(value)) return value;
  const from = Object.hasOwn(value, "schemaVersion") ? value.schemaVersion : undefined;
  if (typeof from !== "number" || !Number.isInteger(from) || from < 1 || from >= current) return value;
  let flow: { readonly [field: string]: unknown } = value;
  for (let version = from; version < current; version++) {
    const step = Object.hasOwn(steps, version) ? steps[version] : undefined;
    if (step === undefined) return value;
    try {
      flow = { ...step(flow), schemaVersion: version + 1 };
    } catch {
      // A flow that is malformed for its own version: the validator explains it better than a stack trace.
      return value;
    }
  }
  return flow;
}
