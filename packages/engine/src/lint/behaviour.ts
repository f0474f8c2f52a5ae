import type { Condition } from "@cairn/flow-schema";
import type { LintContext } from "./context.ts";
import { leavesOf, placesIn } from "./places.ts";

const MOMENTS = ["click", "hover", "focus", "input", "signal"] as const;
/** Leaves that say nothing of what people did or are. */
const BARE = ["page", "time", "locale", "device", "element"];
const STANDING = ["checklist", "banner", "hotspot"];

/** What flows listen to: codes `page-and-delay-alone`, `moment-in-audience`. */
export function lintBehaviour(context: LintContext): void {
  for (const flow of context.flows) {
    const subject = { flow: flow.id };
    for (const { path, condition, role } of placesIn(flow)) {
      if (role !== "audience" && role !== "showWhen" && role !== "route" && role !== "lockedUntil") continue;
      for (const { leaf, path: at } of leavesOf(condition, path))
        for (const kind of MOMENTS)
          if (kind in leaf)
            context.report(
              "moment-in-audience",
              subject,
              `${at}/${kind}`,
              `"${kind}" is true only at the moment it happens, and this condition is asked at others`,
              "put it into the trigger",
            );
    }
    if (flow.critical || STANDING.includes(flow.kind)) continue;
    const asks = (condition: Condition | undefined, bare: (leaf: object) => boolean) =>
      condition !== undefined && !leavesOf(condition, "").every(({ leaf }) => bare(leaf));
    const isBare = (leaf: object) => BARE.some((key) => key in leaf);
    const isDelay = (leaf: object) =>
      isBare(leaf) ||
      ("signal" in leaf && (leaf.signal === "dwell" || leaf.signal === "idle" || leaf.signal === "scroll"));
    if (!asks(flow.trigger, isDelay) && !asks(flow.audience, isBare))
      context.report(
        "page-and-delay-alone",
        subject,
        flow.trigger ? "/trigger" : "",
        "the flow comes to everybody on the page, whatever they did before",
        "ask for behaviour: an event, a sequence, or a feature's state",
      );
  }
}
