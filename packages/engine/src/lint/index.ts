export type { Catalog, Finding, LintInput, Size, Sources } from "./finding.ts";
export { lint } from "./lint.ts";
export type { Rule, RuleCode, Severity } from "./rules.ts";
export { RULES } from "./rules.ts";
