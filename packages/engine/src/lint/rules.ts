import { CONDITION_RULES } from "./rules-conditions.ts";
import { CONTENT_RULES } from "./rules-content.ts";
import { FLOW_RULES } from "./rules-flows.ts";
import { THEME_RULES } from "./rules-theme.ts";

export type Severity = "error" | "warning" | "info";

/** One kind of finding. */
export interface Rule<Code extends string = string> {
  readonly code: Code;
  /** How grave it usually is; a finding may say otherwise. */
  readonly severity: Severity;
  /** What is wrong, in a few words. */
  readonly title: string;
  /** Why it matters and what to do. */
  readonly help: string;
}

/** Every finding there is, in the order of docs/lint.md; SARIF's rules are made from it. */
export const RULES = [
  ...CONDITION_RULES,
  ...FLOW_RULES,
  ...CONTENT_RULES,
  ...THEME_RULES,
] as const satisfies readonly Rule[];
export type RuleCode = (typeof RULES)[number]["code"];
