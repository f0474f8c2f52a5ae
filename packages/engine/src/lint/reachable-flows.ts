import { parseMoment } from "../moment.ts";
import type { LintContext } from "./context.ts";
import { and, atom, not } from "./formula.ts";
import { isStartedByButton } from "./links.ts";
import { wakeFacts } from "./wakes.ts";

/** Flows that nobody can get: codes `unreachable-flow`, `quiet-for-all`, `never-scheduled`, `flow-over`. */
export function lintReachableFlows(context: LintContext): void {
  const { flows, settings, today } = context;
  for (const flow of flows) {
    const { id, audience, trigger, schedule, expires } = flow;
    const subject = { flow: id };
    lintDates();
    if (flow.enabled === false) continue;
    const who = context.formulaOf(audience);
    const when = context.formulaOf(trigger);
    // What is impossible by itself is said of the condition itself.
    if (context.isNever(who) || context.isNever(when)) continue;
    const woken = trigger ? and(when, wakeFacts(trigger, context)) : when;
    if (context.isNever(woken)) continue;
    // A button passes the trigger, not the audience.
    const unlessStarted = isStartedByButton(context, id) ? "info" : "error";
    if (context.isNever(and(who, woken))) {
      const fix = "take one of the two conditions out";
      const message = "audience and trigger are never true at the same moment, so nobody can get the flow";
      context.report(
        "unreachable-flow",
        subject,
        trigger ? "/trigger" : "/audience",
        message,
        fix,
        unlessStarted,
      );
      continue;
    }
    // Only its own exposure makes a flow seen.
    const unseen = not(atom(`seen:${id}`, { type: "seen", flow: id }));
    if (context.isNever(and(who, woken, unseen))) {
      const message = "the flow asks to have been seen before, so it never comes a first time";
      context.report(
        "unreachable-flow",
        subject,
        audience ? "/audience" : "/trigger",
        message,
        "take this condition out",
        context.isNever(and(who, unseen)) ? "error" : unlessStarted,
      );
      continue;
    }
    for (const [i, rule] of settings.quiet.entries()) {
      if (flow.critical && rule.except?.length) continue;
      const left = context.formulaOf(rule.when);
      if (context.isNever(left) || !context.implies(and(who, woken), left)) continue;
      const message = `everybody in the audience is left alone by the quiet rule "${rule.id}" (settings: /quiet/${i})`;
      const fix = "narrow the quiet rule, or choose another audience";
      context.report("quiet-for-all", subject, audience ? "/audience" : "", message, fix);
      break;
    }

    function lintDates(): void {
      const [from, to, end] = [schedule?.from, schedule?.to, expires].map((date) => parseMoment(date));
      const over = Math.min(to ?? Number.POSITIVE_INFINITY, end ?? Number.POSITIVE_INFINITY);
      if (from !== undefined && end !== undefined && end <= from)
        context.report(
          "never-scheduled",
          subject,
          "/expires",
          `the flow expires (${expires}) before it begins (${schedule?.from})`,
          "move one of the dates",
        );
      else if (today !== undefined && over <= today) {
        const path = over === end ? "/expires" : "/schedule/to";
        context.report(
          "flow-over",
          subject,
          path,
          `the flow is over since ${over === end ? expires : schedule?.to}`,
          "take it out, or give it a new date",
        );
      }
    }
  }
}
