import { type Flow, parseDuration, resolveSettings } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";
import type { Definitions, EnvironmentId, Storage } from "../storage/storage.ts";
import { toCsv } from "./csv.ts";
import { type GuidanceEvent, inOrder, readGuidance } from "./guidance-events.ts";
import { type PersonKey, readPeople } from "./people.ts";
import type { FunnelReport } from "./report-schemas.ts";
import { wilson } from "./wilson.ts";
import { words } from "./words.ts";

const NAMES = [
  "cairn.flow.decided",
  "cairn.flow.shown",
  "cairn.flow.withheld",
  "cairn.flow.held",
  "cairn.flow.completed",
  "cairn.flow.dismissed",
  "cairn.step.shown",
  "cairn.step.completed",
  "cairn.goal.reached",
];

/**
 * What became of one flow in `[from, to)`.
 *
 * Unit: the person, once. **Decided**: people with at least one decision of each outcome; held people by reason (one
 * person may stand under several). **Exposed**: people who saw the first step; their first exposure in the range is
 * the anchor. **Steps**: a person counts at a step if they saw the steps before it, in order, and then this one, each
 * later than the one before (event time; at the same millisecond the order of sending). A checklist has no order: its
 * anchor is its first exposure, and each item counts the people who ticked it since. **Completed**, **dismissed**:
 * people with that end after the anchor. **Goal**: people who reached it after the anchor, within the flow's
 * `within`. Shares are of the exposed. Forced starts (previews) are in none of these numbers.
 */
export async function funnelReport(
  storage: Storage,
  environment: EnvironmentId,
  { from, to, flow: id }: { readonly from: number; readonly to: number; readonly flow: string },
): Promise<FunnelReport> {
  const definitions = await storage.definitions(environment);
  const flow = definitionOf(id, definitions);
  const people = await readPeople(storage, environment, to);
  const events = new Map<PersonKey, GuidanceEvent[]>();
  const forcedRuns = new Set<string>();
  for await (const chunk of storage.events(environment, { names: NAMES, from, to })) {
    for (const record of chunk) {
      const person = people.personOf(record);
      const event = person === undefined ? undefined : readGuidance(record);
      if (person === undefined || event?.flow !== id) continue;
      if (event.properties.start === "forced") {
        if (event.run !== undefined) forcedRuns.add(event.run);
        continue;
      }
      const own = events.get(person);
      if (own === undefined) events.set(person, [event]);
      else own.push(event);
    }
  }

  const decided = { shown: 0, withheld: 0, held: {} as { [reason: string]: number } };
  const { locale } = resolveSettings(definitions.settings?.body);
  const steps = partsOf(flow).map(({ id, title }) => ({
    id: id as string,
    title: words(title, locale) || id,
  }));
  const users = steps.map(() => 0);
  const goalWithin =
    flow.goal?.within === undefined ? Number.POSITIVE_INFINITY : parseDuration(flow.goal.within);
  let [exposed, completed, dismissed, goals] = [0, 0, 0, 0];
  for (const list of events.values()) {
    const own = list.filter(({ run }) => run === undefined || !forcedRuns.has(run)).sort(inOrder);
    countDecisions(own, decided);
    const path = flow.kind === "checklist" ? checklistPath(own, steps) : stepPath(own, steps);
    if (path === undefined) continue;
    exposed += 1;
    for (const index of path.reached) users[index] = (users[index] ?? 0) + 1;
    const has = (name: string, within = Number.POSITIVE_INFINITY) =>
      path.after.some((event) => event.name === name && event.at - path.anchor.at <= within);
    if (has("cairn.flow.completed")) completed += 1;
    if (has("cairn.flow.dismissed")) dismissed += 1;
    if (has("cairn.goal.reached", goalWithin)) goals += 1;
  }
  return {
    flow: id,
    kind: flow.kind,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    unit: "user",
    decided,
    exposed,
    steps: steps.map(({ id, title }, index) => ({
      id,
      title,
      users: users[index] ?? 0,
      share: wilson(users[index] ?? 0, exposed),
    })),
    completed,
    dismissed,
    goal: flow.goal === undefined ? null : { users: goals, within: flow.goal.within ?? null },
  };
}

/** What is live, else the draft: whose steps the report is about. */
function definitionOf(id: string, { live, drafts }: Definitions): Flow {
  const flow = live.find((version) => version.flow === id)?.body ?? drafts.find((row) => row.id === id)?.body;
  if (flow === undefined) throw httpError("not-found", `There is no flow "${id}".`);
  return flow;
}

function partsOf(flow: Flow) {
  return flow.kind === "checklist" ? flow.items : flow.steps;
}

function countDecisions(
  own: readonly GuidanceEvent[],
  decided: { shown: number; withheld: number; held: { [reason: string]: number } },
): void {
  const isDecided = ({ name, properties }: GuidanceEvent, outcome: string) =>
    name === "cairn.flow.decided" && properties.outcome === outcome;
  if (own.some((event) => event.name === "cairn.flow.shown" || isDecided(event, "shown"))) decided.shown += 1;
  if (own.some((event) => event.name === "cairn.flow.withheld" || isDecided(event, "withheld")))
    decided.withheld += 1;
  const reasons = new Set<string>();
  for (const event of own)
    if (
      (event.name === "cairn.flow.held" || isDecided(event, "held")) &&
      typeof event.properties.reason === "string"
    )
      reasons.add(event.properties.reason);
  for (const reason of reasons)
    decided.held[reason] = (Object.hasOwn(decided.held, reason) ? (decided.held[reason] ?? 0) : 0) + 1;
}

interface Path {
  readonly anchor: GuidanceEvent;
  /** Everything after the anchor, in order. */
  readonly after: readonly GuidanceEvent[];
  /** Indexes of the steps reached. */
  readonly reached: readonly number[];
}

function stepPath(
  own: readonly GuidanceEvent[],
  steps: readonly { readonly id: string }[],
): Path | undefined {
  const shows = (event: GuidanceEvent, index: number) =>
    event.name === "cairn.step.shown" && event.properties.step === steps[index]?.id;
  const start = own.findIndex((event) => shows(event, 0));
  const anchor = own[start];
  if (anchor === undefined) return undefined;
  const after = own.slice(start + 1);
  const reached = [0];
  for (const event of after) if (shows(event, reached.length)) reached.push(reached.length);
  return { anchor, after, reached };
}

function checklistPath(
  own: readonly GuidanceEvent[],
  items: readonly { readonly id: string }[],
): Path | undefined {
  const start = own.findIndex(({ name }) => name === "cairn.flow.shown");
  const anchor = own[start];
  if (anchor === undefined) return undefined;
  const after = own.slice(start + 1);
  const ticked = new Set(
    after
      .filter(({ name }) => name === "cairn.step.completed")
      .map(({ properties }) => properties.item ?? properties.step),
  );
  return { anchor, after, reached: items.flatMap(({ id }, index) => (ticked.has(id) ? [index] : [])) };
}

export function funnelCsv({
  flow,
  decided,
  exposed,
  steps,
  completed,
  dismissed,
  goal,
}: FunnelReport): string {
  const row = (stage: string, id: string, users: number, share?: (typeof steps)[number]["share"]) => [
    flow,
    stage,
    id,
    users,
    share?.value,
    share?.low,
    share?.high,
  ];
  return toCsv(
    ["flow", "stage", "id", "users", "share", "low", "high"],
    [
      row("decided", "shown", decided.shown),
      row("decided", "withheld", decided.withheld),
      ...Object.entries(decided.held).map(([reason, n]) => row("held", reason, n)),
      row("exposed", "", exposed),
      ...steps.map((step) => row("step", step.id, step.users, step.share)),
      row("completed", "", completed),
      row("dismissed", "", dismissed),
      ...(goal === null ? [] : [row("goal", "", goal.users)]),
    ],
  );
}
