import type { Condition } from "@cairn/flow-schema";
import { attributeFormula } from "./attribute-formula.ts";
import type { LintContext } from "./context.ts";
import { leavesOf } from "./places.ts";
import { languagesOf, textsIn } from "./texts.ts";

const VARIABLE = /\{\{\s*((user|account|event)\.[^\s|}]+)([^}]*)\}\}/g;

/** Variables that may leave a flow unsaid: codes `variable-without-fallback`, `variable-never-there`. */
export function lintVariables(context: LintContext): void {
  for (const flow of context.flows) {
    const subject = { flow: flow.id };
    const told = new Set<string>();
    const who = context.formulaOf(flow.audience);
    for (const place of textsIn(flow))
      for (const { words, path } of languagesOf(place))
        for (const [whole, variable = "", owner, filters = ""] of words.matchAll(VARIABLE)) {
          if (/"[^"]*"\s*(?:\||$)/.test(filters.replace(/:\s*"[^"]*"/g, "")) || told.has(variable)) continue;
          told.add(variable);
          if (owner === "event") {
            if (!bringsEvent(flow.trigger, context))
              context.report(
                "variable-never-there",
                subject,
                path,
                `${whole} needs an event that sets the flow off, and none does: the flow is always held`,
                "use user or account, or let an event set the flow off",
              );
            continue;
          }
          const there = attributeFormula(
            owner as "user" | "account",
            { [variable.slice(variable.indexOf(".") + 1)]: { $exists: true } },
            "there",
          );
          if (!context.implies(who, there))
            context.report(
              "variable-without-fallback",
              subject,
              path,
              `the flow is held for everybody without ${variable}`,
              `add a fallback, {{${variable} | "…"}}, or ask for it in the audience`,
            );
        }
  }
}

/** Whether an event can set the flow off, so that its properties are there. */
function bringsEvent(trigger: Condition | undefined, context: LintContext, depth = 0): boolean {
  if (!trigger || depth > 10) return false;
  return leavesOf(trigger, "").some(({ leaf }) => {
    if ("segment" in leaf) return bringsEvent(context.segments.get(leaf.segment)?.where, context, depth + 1);
    return "event" in leaf || "sequence" in leaf || "feature" in leaf || "flow" in leaf;
  });
}
