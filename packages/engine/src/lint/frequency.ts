import { parseDuration } from "@cairn/flow-schema";
import { frequencyRule } from "../frequency.ts";
import type { LintContext } from "./context.ts";
import { isStartedByButton } from "./links.ts";
import { leavesOf } from "./places.ts";

const SESSION_MS = 30 * 60_000;

/**
 * How often, and what the settings allow: codes `never-fits-budget`, `gap-without-effect`, `wait-outlasts-session`,
 * `critical-without-why`, `holdout-without-effect`.
 */
export function lintFrequency(context: LintContext): void {
  const { budget } = context.settings;
  for (const flow of context.flows) {
    const { id, kind, frequency, critical = false, why, holdout, trigger } = flow;
    const subject = { flow: id };
    const weight = budget?.weights[kind] ?? 0;
    for (const limit of ["perSession", "perDay", "perWeek"] as const)
      if (budget && !critical && weight > budget[limit]) {
        const message = `a ${kind} weighs ${weight}, and the budget allows ${budget[limit]} ${limit}: it never fits`;
        context.report(
          "never-fits-budget",
          subject,
          "/kind",
          message,
          `raise budget.${limit} in the settings, or lower budget.weights.${kind}`,
          isStartedByButton(context, id) ? "info" : "error",
        );
        break;
      }
    const { atMost } = frequencyRule(kind, frequency);
    if (frequency?.gap !== undefined && atMost === 1)
      context.report(
        "gap-without-effect",
        subject,
        "/frequency/gap",
        "the flow comes once at most, so there is no second time to wait for",
        'raise "atMost", or leave "gap" out',
      );
    if (critical && !why?.trim())
      context.report(
        "critical-without-why",
        subject,
        "/critical",
        "the flow passes the budget and every holdout, and does not say why",
        'write "why"',
      );
    if (critical && holdout)
      context.report(
        "holdout-without-effect",
        subject,
        "/holdout",
        "critical flows pass every holdout",
        'take "holdout" or "critical" out',
      );
    for (const { leaf, path } of trigger ? leavesOf(trigger, "/trigger") : []) {
      const wait = "sequence" in leaf ? parseDuration(leaf.wait) : undefined;
      if (wait !== undefined && wait >= SESSION_MS && "sequence" in leaf)
        context.report(
          "wait-outlasts-session",
          subject,
          `${path}/wait`,
          `after ${leaf.wait} without activity the session is over, so the hint comes at the next visit at the earliest`,
          "write less than 30m if it should come in the same visit",
        );
    }
  }
}
