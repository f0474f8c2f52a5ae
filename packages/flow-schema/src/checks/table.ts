import type { Check } from "../run.ts";
import { checkAttributes } from "./attributes.ts";
import { checkCounts, checkOwnEventName, checkSignal } from "./condition.ts";
import { checkFlowSteps, checkUniqueIds } from "./ids.ts";
import { checkDate, checkPeriod, checkTimeZone, checkZoneName } from "./moment.ts";
import { checkPagePattern } from "./page-pattern.ts";
import { checkSelector, checkTarget } from "./target.ts";
import { checkText } from "./text.ts";
import { checkLinkUrl, checkMediaUrl, checkPageUrl } from "./url.ts";

/** The checks that the schema names with `x-check`. */
export const CHECKS: { readonly [name: string]: Check } = {
  attributes: checkAttributes,
  counts: checkCounts,
  date: checkDate,
  "flow-steps": checkFlowSteps,
  "link-url": checkLinkUrl,
  "media-url": checkMediaUrl,
  "own-event-name": checkOwnEventName,
  "page-pattern": checkPagePattern,
  "page-url": checkPageUrl,
  period: checkPeriod,
  selector: checkSelector,
  signal: checkSignal,
  target: checkTarget,
  text: checkText,
  "time-zone": checkTimeZone,
  "unique-ids": checkUniqueIds,
  "zone-name": (value, path, run) => checkZoneName(value, path, run),
};
