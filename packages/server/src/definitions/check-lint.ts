import { type Finding, lint } from "@cairn/engine/lint";
import type { Problem } from "@cairn/flow-schema";
import { applyChanges } from "../storage/apply-changes.ts";
import type { DefinitionChange, Definitions, EnvironmentId } from "../storage/storage.ts";
import { fileOf } from "./check.ts";
import { toConfig } from "./live-config.ts";
import { refusal } from "./refusal.ts";

/**
 * What lint says of everything that is published, as these changes leave it; throws 422 where they bring an error into
 * it. What it said before is no reason to refuse something else.
 */
export function checkLint(
  environment: EnvironmentId,
  before: Definitions,
  changes: readonly DefinitionChange[],
  now: number,
): readonly Finding[] {
  const today = new Date(now).toISOString();
  const look = (definitions: Definitions) => {
    const { flows, features = [], segments = [], settings = {} } = toConfig(environment, definitions);
    return lint({ flows, features, segments, settings, today });
  };
  const after = look(applyChanges(before, [], changes, now).definitions);
  const errors = after.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    const known = new Set(look(before).map(nameOf));
    const fresh = errors.filter((finding) => !known.has(nameOf(finding)));
    if (fresh.length > 0) throw refusal(fresh.map(toProblem));
  }
  return after;
}

const nameOf = ({ code, flow, feature, segment, path, message }: Finding) =>
  JSON.stringify([code, flow, feature, segment, path, message]);

function toProblem({ flow, feature, segment, path, code, message, fix }: Finding): Problem {
  const file =
    flow !== undefined
      ? fileOf("flow", flow)
      : feature !== undefined
        ? fileOf("feature", feature)
        : segment !== undefined
          ? fileOf("segment", segment)
          : "settings";
  // Codes of lint beside those of the validator: to whoever mends it, both are problems.
  return { file, path, code: code as Problem["code"], message, fix };
}
