import type { Flow, Step } from "../flow.ts";
import { pointer } from "../json-type.ts";
import { type Run, report } from "../run.ts";
import { either, nearest } from "../wording.ts";

export function checkUniqueIds(value: unknown, path: string, run: Run): void {
  const first = new Map<string, number>();
  for (const [index, { id }] of (value as readonly { readonly id: string }[]).entries()) {
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, index);
    else
      report(
        run,
        pointer(pointer(path, index), "id"),
        "duplicate-id",
        `the id "${id}" is taken already, by entry ${earlier + 1} of the list`,
        "give each entry an id of its own",
      );
  }
}

/** Routes may lead only to steps of the same list: the flow's own, or the variant's. */
export function checkFlowSteps(value: unknown, path: string, run: Run): void {
  const flow = value as Flow;
  if ("steps" in flow) checkRoutes(flow.steps, pointer(path, "steps"), run);
  for (const [index, { steps }] of (flow.variants ?? []).entries())
    if (steps !== undefined) checkRoutes(steps, `${path}/variants/${index}/steps`, run);
}

function checkRoutes(steps: readonly Step[], path: string, run: Run): void {
  const ids = steps.map((step) => step.id as string);
  for (const [index, { next = [] }] of steps.entries()) {
    for (const [way, { step }] of next.entries()) {
      if (ids.includes(step)) continue;
      const meant = nearest(step, ids);
      const fix = meant === undefined ? `write ${either(ids.slice(0, 10))}` : `did you mean "${meant}"?`;
      report(
        run,
        `${path}/${index}/next/${way}/step`,
        "dangling-reference",
        `there is no step "${step}"`,
        fix,
      );
    }
  }
}
