import type { Condition, Flow } from "@cairn/flow-schema";
import { parseMoment } from "../moment.ts";
import type { LintContext } from "./context.ts";
import { and } from "./formula.ts";
import { deedsIn } from "./links.ts";
import { leavesOf } from "./places.ts";

interface Edge {
  readonly to: string;
  readonly path: string;
}

/** Flows that wait for, or start, each other: codes `trigger-cycle`, `waits-for-disabled`, `start-cycle`,
 * `start-without-effect`. */
export function lintCycles(context: LintContext): void {
  const flows = context.flows.filter(({ enabled }) => enabled !== false);
  const triggers = new Map(flows.map((flow) => [flow.id, waitsFor(flow.trigger, "/trigger", context)]));
  for (const circle of circlesIn(triggers))
    context.report(
      "trigger-cycle",
      { flow: circle.id },
      circle.path,
      circle.names.length === 2
        ? "the trigger asks about this flow itself"
        : `flows set each other off in a circle: ${circle.names.join(" → ")}`,
      "let one of them begin with an event or a page",
    );
  const starts = new Map<string, Edge[]>(flows.map((flow) => [flow.id, startsOf(flow)]));
  for (const circle of circlesIn(starts))
    context.report(
      "start-cycle",
      { flow: circle.id },
      circle.path,
      `buttons start flows in a circle: ${circle.names.join(" → ")}`,
      "let one of them end instead",
    );
  for (const flow of flows) {
    for (const { to, path } of startsOf(flow)) lintStart(context, flow, to, path);
    for (const part of ["audience", "trigger"] as const)
      for (const { to, path } of waitsFor(flow[part], `/${part}`, context)) lintWait(context, flow, to, path);
  }
}

/** A manual start passes trigger, goal, frequency and budget, and obeys the rest. */
function lintStart(context: LintContext, flow: Flow, to: string, path: string): void {
  const other = context.flows.find(({ id }) => id === to);
  if (!other || to === flow.id) return;
  const { today } = context;
  const over = [other.schedule?.to, other.expires].map(
    (date) => parseMoment(date) ?? Number.POSITIVE_INFINITY,
  );
  const why =
    other.enabled === false
      ? "is switched off"
      : today !== undefined && Math.min(...over) <= today
        ? "is over"
        : cannotMeet(context, flow, other)
          ? "has an audience that this flow's audience never belongs to"
          : undefined;
  if (why)
    context.report(
      "start-without-effect",
      { flow: flow.id },
      path,
      `the flow "${to}" ${why}, so nothing happens`,
      "start another flow, or mend that one",
    );
}

/** Who has been there already still counts, so this is no proof. */
function lintWait(context: LintContext, flow: Flow, to: string, path: string): void {
  const other = context.flows.find(({ id }) => id === to);
  const why = other && to !== flow.id ? whyOff(context, other) : undefined;
  if (why)
    context.report(
      "waits-for-disabled",
      { flow: flow.id },
      path,
      `the flow "${to}" ${why}, so nobody new gets there`,
      "switch it on, or begin with an event or a page",
    );
}

/** Why a flow comes to nobody at all any more. */
function whyOff({ today }: LintContext, { enabled, schedule, expires }: Flow): string | undefined {
  if (enabled === false) return "is switched off";
  const over = [schedule?.to, expires].map((date) => parseMoment(date) ?? Number.POSITIVE_INFINITY);
  return today !== undefined && Math.min(...over) <= today ? "is over" : undefined;
}

/** Only what the person is counts: what they did may change while the first flow is open. */
function cannotMeet(context: LintContext, flow: Flow, other: Flow): boolean {
  const [here, there] = [flow.audience, other.audience];
  const lasts = (condition: Condition | undefined) =>
    condition !== undefined &&
    leavesOf(condition, "").every(({ leaf }) => "user" in leaf || "account" in leaf);
  if (!lasts(here) || !lasts(there)) return false;
  const [who, whom] = [context.formulaOf(here), context.formulaOf(there)];
  return !context.isNever(who) && !context.isNever(whom) && context.isNeverForSingleValues(and(who, whom));
}

/** Flows whose state sets this one off. "Unseen" is no reason to wait. */
function waitsFor(condition: Condition | undefined, path: string, context: LintContext, depth = 0): Edge[] {
  if (!condition || depth > 10) return [];
  return leavesOf(condition, path).flatMap(({ leaf, path: at, negated }): Edge[] => {
    if ("segment" in leaf) {
      const where = context.segments.get(leaf.segment)?.where;
      return waitsFor(where, "", context, depth + 1).map(({ to }) => ({ to, path: at }));
    }
    return "flow" in leaf && (leaf.is === "unseen") === negated ? [{ to: leaf.flow, path: at }] : [];
  });
}

const startsOf = (flow: Flow): Edge[] =>
  deedsIn(flow).flatMap(({ deed, path }) =>
    typeof deed === "object" && "start" in deed ? [{ to: deed.start, path: `${path}/start` }] : [],
  );

interface Circle {
  readonly id: string;
  readonly path: string;
  readonly names: readonly string[];
}

/** Each circle once, told from the flow whose id comes first. */
function circlesIn(edges: ReadonlyMap<string, readonly Edge[]>): readonly Circle[] {
  const circles: Circle[] = [];
  const done = new Set<string>();
  for (const start of [...edges.keys()].sort()) {
    if (done.has(start)) continue;
    const from = new Map<string, string>();
    const open = [start];
    for (let at = open.shift(); at !== undefined; at = open.shift())
      for (const { to } of edges.get(at) ?? []) {
        if (from.has(to) || !edges.has(to)) continue;
        from.set(to, at);
        if (to !== start) open.push(to);
      }
    if (!from.has(start)) continue;
    const names = [start];
    for (let at = from.get(start); at !== undefined && at !== start; at = from.get(at)) names.unshift(at);
    names.unshift(start);
    for (const name of names) done.add(name);
    const path = (edges.get(start) ?? []).find(({ to }) => to === names[1])?.path ?? "";
    circles.push({ id: start, path, names });
  }
  return circles;
}
