import type { Flow, Step } from "@cairn/flow-schema";
import { type LintContext, stepLists } from "./context.ts";

/**
 * Ways through the steps: codes `unreachable-step`, `route-not-exhaustive`, `unreachable-route`, `route-circle`,
 * `dead-end`. The engine goes where the first route whose `when` holds leads, else to the next step in the list; a step
 * whose `showWhen` is false is passed over by its own routes.
 */
export function lintRoutes(context: LintContext): void {
  for (const flow of context.flows)
    for (const { path, steps } of stepLists(flow)) lintSteps(context, flow, path, steps);
}

interface Way {
  /** Places that may come next; the length of the list stands for the end. */
  readonly to: readonly number[];
}

function lintSteps(context: LintContext, flow: Flow, path: string, steps: readonly Step[]): void {
  const subject = { flow: flow.id };
  const ways = steps.map((step, i) => lintRoutesOf(step, i));
  const reached = new Set(reachFrom(ways, entrances(context, steps)));
  for (const [i, step] of steps.entries())
    if (!reached.has(i))
      context.report(
        "unreachable-step",
        subject,
        `${path}/${i}`,
        `no way leads to the step "${step.id}"`,
        "route to it from another step, or take it out",
      );
  const lost = steps.flatMap((step, i) =>
    reached.has(i) &&
    ![i, ...reachFrom(ways, ways[i]?.to ?? [])].some(
      (at) => at === steps.length || (steps[at] && endsHere(steps[at])),
    )
      ? [step.id]
      : [],
  );
  if (lost.length > 0) {
    const at = steps.findIndex(({ id }) => id === lost[0]);
    context.report(
      "route-circle",
      subject,
      `${path}/${at}/next`,
      `from ${lost.map((id) => `"${id}"`).join(", ")} no way leads to an end`,
      'add a button with "done", or a route out of the circle',
    );
  }
  if (flow.kind === "tour")
    for (const [i, step] of steps.entries())
      if (i < steps.length - 1 && !leadsOn(step))
        context.report(
          "dead-end",
          subject,
          `${path}/${i}`,
          `the step "${step.id}" has no way on: people can only close the tour`,
          'add a button with "next", or "advanceWhen"',
        );

  function lintRoutesOf({ next = [] }: Step, i: number): Way {
    if (next.length === 0) return { to: [i + 1] };
    const to: number[] = [];
    const at = `${path}/${i}/next`;
    for (const [way, { when, step }] of next.entries()) {
      const formula = context.formulaOf(when);
      if (context.isNever(formula)) continue;
      to.push(steps.findIndex(({ id }) => id === step));
      if (when && !context.isAlways(formula)) continue;
      if (way < next.length - 1)
        context.report(
          "unreachable-route",
          subject,
          `${at}/${way + 1}`,
          `the route before it is always taken`,
          "move the route without a condition to the end",
        );
      return { to };
    }
    context.report(
      "route-not-exhaustive",
      subject,
      `${at}/${next.length - 1}`,
      "where no route's condition holds, nobody has said where to go",
      'add a last entry without "when"',
    );
    return { to: [...to, i + 1] };
  }
}

/** Steps a run may begin with: the first one that may be shown. */
function entrances(context: LintContext, steps: readonly Step[]): readonly number[] {
  const sure = steps.findIndex(({ showWhen }) => !showWhen || context.isAlways(context.formulaOf(showWhen)));
  return steps.map((_, i) => i).slice(0, sure < 0 ? steps.length : sure + 1);
}

function reachFrom(ways: readonly Way[], start: readonly number[]): readonly number[] {
  const found = new Set(start);
  for (const at of found) for (const next of ways[at]?.to ?? []) found.add(next);
  return [...found];
}

const deedsOf = (step: Step) => (step.actions ?? []).flatMap((action) => [action.do].flat());

/** A button that ends the flow as its author meant it. */
const endsHere = (step: Step): boolean =>
  deedsOf(step).some((deed) => deed === "done" || (typeof deed === "object" && "start" in deed));

const leadsOn = (step: Step): boolean =>
  step.advanceWhen !== undefined ||
  deedsOf(step).some(
    (deed) => deed === "next" || deed === "done" || (typeof deed === "object" && "start" in deed),
  );
