import type { AttributeRule, Json } from "@cairn/flow-schema";
import { pointer } from "@cairn/flow-schema";
import { matchesRule } from "../attribute.ts";
import { attributeFormula } from "./attribute-formula.ts";
import type { AttributeOwner } from "./claim.ts";
import { brief, type LintContext } from "./context.ts";
import { and, not } from "./formula.ts";
import { allPlaces, leavesOf, type Place } from "./places.ts";

const DEVICE = ["width", "height", "touch"];
const COMPARISONS = ["$lt", "$lte", "$gt", "$gte"];

/**
 * Where GrowthBook's semantics, which are kept, surprise: codes `missing-fits`, `loose-match`; and attributes that no
 * device has: `unknown-device-attribute`.
 */
export function lintAttributes(context: LintContext): void {
  for (const place of allPlaces(context))
    for (const { leaf, path, negated } of leavesOf(place.condition, place.path)) {
      for (const owner of ["user", "account", "device"] as const) {
        const rule = (leaf as unknown as { readonly [owner: string]: AttributeRule | undefined })[owner];
        if (rule && typeof rule === "object")
          lintRule(context, place, owner, rule, `${path}/${owner}`, negated);
      }
      if ("event" in leaf && leaf.where)
        lintRule(context, place, "event", leaf.where, `${path}/where`, negated);
    }
}

function lintRule(
  context: LintContext,
  place: Place,
  owner: AttributeOwner,
  rule: AttributeRule,
  path: string,
  negated: boolean,
): void {
  for (const [key, test] of Object.entries(rule)) {
    const at = pointer(path, key);
    if (key.startsWith("$")) {
      const turned = key === "$nor" || key === "$not" ? !negated : negated;
      for (const [i, one] of ([test].flat() as AttributeRule[]).entries())
        lintRule(context, place, owner, one, Array.isArray(test) ? `${at}/${i}` : at, turned);
      continue;
    }
    if (owner === "device") {
      if (!DEVICE.includes(key))
        context.report(
          "unknown-device-attribute",
          place.subject,
          at,
          `a device has no attribute "${key}", so it is always missing`,
          `write one of ${DEVICE.join(", ")}`,
        );
      continue;
    }
    if (negated) continue;
    if (comparesNull(test)) {
      if (onlyWithout(context, place, owner, key, rule)) continue;
      const surprise = test === 0 ? "0 equals null" : "null counts as 0";
      context.report(
        "missing-fits",
        place.subject,
        at,
        `people without ${owner}.${key} fit ${brief(test)} too, because ${surprise}`,
        'add "$exists": true if they are not meant',
      );
    } else if (typeof test === "number")
      context.report(
        "loose-match",
        place.subject,
        at,
        `${brief({ [key]: test })} matches the text "${test}" too`,
        `write {"$eq": ${test}} if only the number is meant`,
      );
  }
}

/** Whether a test compares with a number and lets a missing value pass. */
function comparesNull(test: Json): boolean {
  if (test === 0) return true;
  if (typeof test !== "object" || test === null || Array.isArray(test)) return false;
  return (
    Object.keys(test).some((operator) => COMPARISONS.includes(operator)) && matchesRule({}, { v: test }, 0)
  );
}

/** Whether the rest of the condition keeps those out who lack the attribute. */
function onlyWithout(
  context: LintContext,
  { condition, since }: Place,
  owner: AttributeOwner,
  path: string,
  rule: AttributeRule,
): boolean {
  const missing = not(attributeFormula(owner, { [path]: { $exists: true } }, "missing"));
  const whole =
    owner === "event" ? attributeFormula(owner, rule, "whole") : context.formulaOf(condition, since);
  return context.isNever(and(whole, missing));
}
