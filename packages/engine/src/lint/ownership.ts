import { parseMoment } from "../moment.ts";
import type { LintContext } from "./context.ts";

/** Who looks after a flow, and when: codes `no-owner`, `review-overdue`, `no-review-date`, `unknown-category`. */
export function lintOwnership(context: LintContext): void {
  const { today, settings } = context;
  for (const { id, owner, reviewBy, expires, category } of context.flows) {
    const subject = { flow: id };
    if (!owner?.trim())
      context.report(
        "no-owner",
        subject,
        "",
        "nobody is named who looks after the flow",
        'write "owner": a team or a person',
      );
    const review = parseMoment(reviewBy);
    if (review === undefined) {
      if (expires === undefined)
        context.report(
          "no-review-date",
          subject,
          "",
          "the flow has no date of review",
          'write "reviewBy", half a year ahead',
        );
    } else if (today !== undefined && review < today)
      context.report(
        "review-overdue",
        subject,
        "/reviewBy",
        `the flow was to be reviewed by ${reviewBy}`,
        'look whether it still helps, then move "reviewBy"',
      );
    if (category !== undefined && !settings.categories.includes(category)) {
      const names = settings.categories.map((one) => `"${one}"`).join(", ");
      context.report(
        "unknown-category",
        subject,
        "/category",
        `the settings list no category "${category}", so people cannot switch it off`,
        `write one of ${names}, or add it to the settings`,
      );
    }
  }
}
