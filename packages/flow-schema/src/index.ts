export { assertNever } from "./assert-never.ts";
export type { Bounds } from "./bounds.ts";
export { FORBIDDEN_KEYS, LIMITS } from "./bounds.ts";
export type * from "./condition.ts";
export { ATTRIBUTE_OPERATORS, LEAF_KEYS } from "./condition.ts";
export type * from "./config.ts";
export { AA_CONTRAST, contrast } from "./contrast.ts";
export { parseDate } from "./date.ts";
export type * from "./duration.ts";
export { DURATION_PATTERN, parseDuration, parseShare, SHARE_PATTERN } from "./duration.ts";
export type * from "./event.ts";
export { MESSAGE_TYPES, RECORDED_EVENTS, RESERVED_PREFIX } from "./event.ts";
export type * from "./feature.ts";
export type * from "./flow.ts";
export { FLOW_KINDS, SCHEMA_VERSION } from "./flow.ts";
export type * from "./ids.ts";
export { ID_MAX_LENGTH, ID_PATTERN, parseId, toId } from "./ids.ts";
export type * from "./problem.ts";
export { formatProblem, PROBLEM_CODES } from "./problem.ts";
export type * from "./segment.ts";
export type * from "./settings.ts";
export { resolveSettings } from "./settings.ts";
export type * from "./target.ts";
export { targetKey } from "./target.ts";
export type * from "./text.ts";
export type * from "./theme.ts";
export { DARK_COLOURS, LIGHT_COLOURS } from "./theme.ts";
export { upgradeFlow } from "./upgrade.ts";
export type { KnownIds } from "./references.ts";
export type { DefinitionName, ValidateOptions, Validation } from "./validate.ts";
export {
  validateConfig,
  validateFeature,
  validateFlow,
  validateSegment,
  validateSettings,
} from "./validate.ts";
export { pointer } from "./json-type.ts";
