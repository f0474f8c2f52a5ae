import type { Feature, Flow, ResolvedSettings, Segment } from "@cairn/flow-schema";
import { resolveSettings } from "@cairn/flow-schema";
import { parseMoment } from "../moment.ts";
import type { Catalog, Finding, LintInput } from "./finding.ts";
import { createProver, type Prover } from "./prover.ts";
import { RULES, type RuleCode, type Severity } from "./rules.ts";

/** The definition that a finding is about. */
export interface Subject {
  readonly flow?: string;
  readonly feature?: string;
  readonly segment?: string;
}

/** What every rule is given. */
export interface LintContext extends Prover {
  readonly flows: readonly Flow[];
  readonly featureList: readonly Feature[];
  readonly segmentList: readonly Segment[];
  readonly settings: ResolvedSettings;
  readonly catalog: Catalog | undefined;
  /** Epoch ms. */
  readonly today: number | undefined;
  report(
    code: RuleCode,
    subject: Subject,
    path: string,
    message: string,
    fix: string,
    severity?: Severity,
  ): void;
}

/** Makes the context of one run; what is reported ends up in `findings`. */
export function createContext(input: LintInput, findings: Finding[]): LintContext {
  const { flows, features = [], segments = [], sources = {}, catalog } = input;
  const byCode = new Map(RULES.map((rule) => [rule.code, rule.severity]));
  const fileOf = ({ flow, feature, segment }: Subject) => {
    if (flow !== undefined) return sources.flows?.[flow];
    if (feature !== undefined) return sources.features?.[feature];
    return segment === undefined ? sources.settings : sources.segments?.[segment];
  };
  const vocabulary = {
    features: new Map(features.map((one) => [one.id, one])),
    segments: new Map(segments.map((one) => [one.id, one])),
  };
  return {
    ...createProver(vocabulary),
    flows,
    featureList: features,
    segmentList: segments,
    settings: resolveSettings(input.settings),
    catalog,
    today: input.today === undefined ? undefined : parseMoment(input.today),
    report(code, subject, path, message, fix, severity = byCode.get(code) ?? "warning") {
      const file = fileOf(subject);
      findings.push({ code, severity, ...(file !== undefined && { file }), ...subject, path, message, fix });
    },
  };
}

/** Steps of the flow and of its variants, each list with its place. */
export function stepLists(flow: Flow): readonly { readonly path: string; readonly steps: Steps }[] {
  if (flow.kind === "checklist") return [];
  const variants = (flow.variants ?? []).flatMap(({ steps }, i) =>
    steps ? [{ path: `/variants/${i}/steps`, steps }] : [],
  );
  return [{ path: "/steps", steps: flow.steps }, ...variants];
}
type Steps = Extract<Flow, { readonly steps: unknown }>["steps"];

/** A definition's part as short JSON, for messages. */
export function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
