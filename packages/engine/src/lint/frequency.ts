import { parseDuration } from "@cairn/flow-schema";
import { frequencyRule } from "../frequency.ts";
import type { LintContext } from "./context.ts";
import { isStartedByButton } from "./links.ts";
import { leavesOf } from "./places.ts";

const SESSION_MS = 30 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

type Wait = readonly [ms: number, limit: string];
const longest = (waits: readonly [Wait, ...Wait[]]): Wait => waits.reduce((a, b) => (b[0] > a[0] ? b : a));

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
    const { atMost, gap, byAccount } = frequencyRule(kind, frequency);
    // Over an account a gap waits for other people's hints too, and elsewhere it lets a banner come twice in a session.
    const isBudgeted = weight > 0 && !critical && !byAccount && !frequencyRule(kind).perSession;
    // Where one time fills a limit, the next has to wait until it has left the limit's window.
    const [apart, limit] = longest([
      [parseDuration(budget?.minGap) ?? 0, "minGap"],
      [budget && budget.perDay < 2 * weight ? DAY_MS : 0, "perDay"],
      [budget && budget.perWeek < 2 * weight ? 7 * DAY_MS : 0, "perWeek"],
    ]);
    if (frequency?.gap !== undefined && atMost === 1)
      context.report(
        "gap-without-effect",
        subject,
        "/frequency/gap",
        "the flow comes once at most, so there is no second time to wait for",
        'raise "atMost", or leave "gap" out',
      );
    else if (frequency?.gap !== undefined && gap < apart && isBudgeted)
      context.report(
        "gap-without-effect",
        subject,
        "/frequency/gap",
        `after this flow the budget (${limit}) lets nothing come for longer than ${frequency.gap}`,
        `write a longer "gap", or change budget.${limit} in the settings`,
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
