import type { Config, Flow, JsonObject, Settings } from "@cairn/flow-schema";
import type { Surroundings } from "../flows/flow-api.ts";

/**
 * A configuration with one flow that begins at the step one looks at. The steps are turned round, so that Next
 * and Back lead where they would; what could hold the step back in real life is left out.
 */
export function previewConfig(flow: Flow, step: string | undefined, surroundings?: Surroundings): Config {
  const settings: Settings = { ...surroundings?.settings, enabled: true, budget: null };
  return {
    schemaVersion: 1,
    flows: [beginningAt(flow, step)],
    features: surroundings?.features ?? [],
    segments: surroundings?.segments ?? [],
    settings,
  };
}

function beginningAt(flow: Flow, step: string | undefined): Flow {
  const { schedule: _schedule, expires: _expires, variants: _variants, ...rest } = flow as Flow & object;
  const open = { ...rest, enabled: true } as Flow;
  if (open.kind === "checklist") return open;
  const start = Math.max(
    0,
    open.steps.findIndex(({ id }) => id === step),
  );
  const steps = [...open.steps.slice(start), ...open.steps.slice(0, start)];
  return { ...open, steps: steps.map(({ showWhen: _condition, ...each }) => each) };
}

/** Where a step stands in the flow as it is written, from 0. */
export function stepIndex(flow: Flow, step: string): number {
  return flow.kind === "checklist" ? 0 : flow.steps.findIndex(({ id }) => id === step);
}

/** The traits that really arrived, each with its example: `{"user.name": …}` in a text has something to say. */
export function exampleTraits(
  attributes: readonly { readonly path: string; readonly example: unknown }[],
): JsonObject {
  const traits: Record<string, unknown> = {};
  for (const { path, example } of attributes) {
    const keys = path.split(".");
    const last = keys.pop();
    if (last === undefined || [...keys, last].some((key) => key === "__proto__")) continue;
    let at = traits;
    for (const key of keys) {
      const inner = at[key];
      const next = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
      at[key] = next;
      at = next;
    }
    at[last] = example;
  }
  return traits as JsonObject;
}
