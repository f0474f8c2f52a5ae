import { lintAttributes } from "./attribute-traps.ts";
import { lintBehaviour } from "./behaviour.ts";
import { lintCatalog } from "./catalog-names.ts";
import { createContext, type LintContext } from "./context.ts";
import { lintCycles } from "./cycles.ts";
import type { Finding, LintInput } from "./finding.ts";
import { lintFrequency } from "./frequency.ts";
import { lintGoals } from "./goals.ts";
import { lintHoldouts } from "./holdouts.ts";
import { lintLengths } from "./lengths.ts";
import { lintLinks } from "./links.ts";
import { lintLocales } from "./locales.ts";
import { lintConditions } from "./never-and-always.ts";
import { lintOwnership } from "./ownership.ts";
import { lintPriorityTies } from "./priority-ties.ts";
import { lintReachableFlows } from "./reachable-flows.ts";
import { lintRoutes } from "./routes.ts";
import { lintTheme } from "./theme.ts";
import { lintTone } from "./tone.ts";
import { lintVariables } from "./variables.ts";
import { lintWakes } from "./wakes.ts";

const FAMILIES: readonly ((context: LintContext) => void)[] = [
  lintConditions,
  lintAttributes,
  lintWakes,
  lintReachableFlows,
  lintRoutes,
  lintCycles,
  lintGoals,
  lintFrequency,
  lintPriorityTies,
  lintBehaviour,
  lintHoldouts,
  lintLocales,
  lintVariables,
  lintLinks,
  lintLengths,
  lintTone,
  lintOwnership,
  lintCatalog,
  lintTheme,
];

/**
 * Finds what the validator cannot: definitions that are well formed and do not do what their author meant. Reads no
 * file and no clock; equal input gives equal findings, ordered by definition, place and code.
 *
 * Definitions must have passed the validator. An `error` is proven: what it names can never work.
 */
export function lint(input: LintInput): readonly Finding[] {
  const findings: Finding[] = [];
  const context = createContext(input, findings);
  for (const family of FAMILIES) family(context);
  const order = orderOf(input);
  return findings
    .map((finding, i) => ({ finding, i, at: order(finding) }))
    .sort(
      (a, b) =>
        a.at - b.at ||
        compare(a.finding.path, b.finding.path) ||
        compare(a.finding.code, b.finding.code) ||
        a.i - b.i,
    )
    .map(({ finding }) => finding);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Flows as they were given, then features, segments, settings. */
function orderOf({ flows, features = [], segments = [] }: LintInput): (finding: Finding) => number {
  const names = [
    ...flows.map(({ id }) => `flow ${id}`),
    ...features.map(({ id }) => `feature ${id}`),
    ...segments.map(({ id }) => `segment ${id}`),
  ];
  const places = new Map(names.map((name, i) => [name, i]));
  return ({ flow, feature, segment }) => {
    const name =
      flow !== undefined
        ? `flow ${flow}`
        : feature !== undefined
          ? `feature ${feature}`
          : `segment ${segment}`;
    return places.get(name) ?? names.length;
  };
}
