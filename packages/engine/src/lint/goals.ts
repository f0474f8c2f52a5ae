import { brief, type LintContext } from "./context.ts";

/**
 * Goals that cannot tell anything: codes `goal-already-reached`, `until-goal-without-goal`. What of a goal held at the
 * first exposure does not count until it has ceased; events count from the exposure on, so they never held before.
 */
export function lintGoals(context: LintContext): void {
  for (const { id, goal, audience, frequency } of context.flows) {
    const subject = { flow: id };
    if (frequency?.until === "goal" && !goal)
      context.report(
        "until-goal-without-goal",
        subject,
        "/frequency/until",
        "the flow has no goal to wait for",
        'add "goal", or write "completed"',
      );
    if (!goal || !audience) continue;
    const who = context.formulaOf(audience);
    if (context.isNever(who)) continue;
    const parts = "any" in goal.reach ? goal.reach.any : [goal.reach];
    for (const [i, part] of parts.entries()) {
      const reached = context.formulaOf(part, true);
      if (reached === true || !context.implies(who, reached) || context.implies(true, reached)) continue;
      const path = "any" in goal.reach ? `/goal/reach/any/${i}` : "/goal/reach";
      context.report(
        "goal-already-reached",
        subject,
        path,
        `everybody in the audience fits ${brief(part)} already, and what held at the first sight does not count`,
        "ask for what comes next, or narrow the audience",
      );
    }
  }
}
