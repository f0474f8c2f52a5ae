import type { Condition, Flow } from "@cairn/flow-schema";
import type { LintContext, Subject } from "./context.ts";
import { stepLists } from "./context.ts";

/** What a condition is for; decides what it means if it can never be true. */
export type Role =
  | "audience"
  | "trigger"
  | "goal"
  | "showWhen"
  | "advanceWhen"
  | "route"
  | "done"
  | "lockedUntil"
  | "availableTo"
  | "where"
  | "quiet"
  | "exclude";

/** A condition and where it stands. */
export interface Place {
  readonly subject: Subject;
  readonly path: string;
  readonly role: Role;
  readonly condition: Condition;
  /** Events count from an exposure, or a step, on. */
  readonly since: boolean;
}

/** Every condition of a flow. */
export function placesIn(flow: Flow): readonly Place[] {
  const subject = { flow: flow.id };
  const places: Place[] = [];
  const add = (role: Role, path: string, condition: Condition | undefined, since = false) => {
    if (condition) places.push({ subject, path, role, condition, since });
  };
  add("audience", "/audience", flow.audience);
  add("trigger", "/trigger", flow.trigger);
  add("goal", "/goal/reach", flow.goal?.reach, true);
  for (const { path, steps } of stepLists(flow))
    for (const [i, step] of steps.entries()) {
      add("showWhen", `${path}/${i}/showWhen`, step.showWhen);
      add("advanceWhen", `${path}/${i}/advanceWhen`, step.advanceWhen, true);
      for (const [way, { when }] of (step.next ?? []).entries())
        add("route", `${path}/${i}/next/${way}/when`, when);
    }
  if (flow.kind === "checklist")
    for (const [i, item] of flow.items.entries()) {
      add("done", `/items/${i}/done`, item.done, !item.retroactive);
      add("lockedUntil", `/items/${i}/lockedUntil`, item.lockedUntil);
    }
  return places;
}

/** Every condition of all definitions. */
export function allPlaces({ flows, featureList, segmentList, settings }: LintContext): readonly Place[] {
  const { quiet, exclude } = settings;
  return [
    ...flows.flatMap(placesIn),
    ...featureList.flatMap(({ id, availableTo }): Place[] =>
      availableTo
        ? [
            {
              subject: { feature: id },
              path: "/availableTo",
              role: "availableTo",
              condition: availableTo,
              since: false,
            },
          ]
        : [],
    ),
    ...segmentList.map(
      ({ id, where }): Place => ({
        subject: { segment: id },
        path: "/where",
        role: "where",
        condition: where,
        since: false,
      }),
    ),
    ...quiet.map(
      ({ when }, i): Place => ({
        subject: {},
        path: `/quiet/${i}/when`,
        role: "quiet",
        condition: when,
        since: false,
      }),
    ),
    ...(exclude
      ? [{ subject: {}, path: "/exclude", role: "exclude", condition: exclude, since: false } as const]
      : []),
  ];
}

/** Every leaf of a condition, with its place; `negated`: under an odd number of `not`. */
export function leavesOf(condition: Condition, path: string, negated = false): readonly LeafPlace[] {
  if ("all" in condition)
    return condition.all.flatMap((one, i) => leavesOf(one, `${path}/all/${i}`, negated));
  if ("any" in condition)
    return condition.any.flatMap((one, i) => leavesOf(one, `${path}/any/${i}`, negated));
  if ("not" in condition) return leavesOf(condition.not, `${path}/not`, !negated);
  return [{ leaf: condition, path, negated }];
}
export interface LeafPlace {
  readonly leaf: Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown }>;
  readonly path: string;
  readonly negated: boolean;
}
