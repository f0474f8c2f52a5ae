import { type Flow, parseDuration, resolveSettings } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";
import type { Definitions, EnvironmentId } from "../storage/storage.ts";
import { toCsv } from "./csv.ts";
import { type GuidanceEvent, guidanceByPerson } from "./guidance-by-person.ts";
import { readPeople } from "./people.ts";
import type { FunnelReport, Rate } from "./report-schemas.ts";
import type { ReportSource } from "./report-source.ts";
import type { Verified } from "./verified-source.ts";
import { wilson } from "./wilson.ts";
import { words } from "./words.ts";

/** Below this many nobody draws a trend. */
const ENOUGH = 30;

export interface FunnelQuery {
  /** Epoch milliseconds, inclusive. */
  readonly from: number;
  /** Epoch milliseconds, exclusive. */
  readonly to: number;
  readonly flow: string;
  /** Which messages count. @default "all" */
  readonly verified?: Verified | undefined;
}

/**
 * What became of one flow in `[from, to)`.
 *
 * Unit: the person, once. **Eligible**: people active in the range whom the audience does not rule out by what is known
 * of their attributes, and everybody for whom something was decided. **Triggered**: people with a decision.
 * **Decided**: people with at least one decision of each outcome; held people by reason (one person may stand under
 * several). **Exposed**: people who saw the first step; their first exposure in the range is the anchor. **Steps**: a
 * person counts at a step if they saw the steps before it, in order, and then this one, each later than the one
 * before (event time; at the same millisecond the order of sending, then that of the flow). A checklist has no order: its
 * anchor is its first exposure, and each item counts the people who ticked it since. **Completed**, **dismissed**:
 * people with that end after the anchor. **Goal**: people who reached it after the anchor, within the flow's
 * `within`. Shares are of the exposed. Forced starts (previews) are in none of these numbers.
 */
export async function funnelReport(
  source: ReportSource,
  environment: EnvironmentId,
  { from, to, flow: id }: FunnelQuery,
): Promise<FunnelReport> {
  const definitions = await source.definitions(environment);
  const flow = definitionOf(id, definitions);
  const data = await source.reportData(environment, { flows: [id] });
  const people = readPeople(data, definitions, to);
  const { persons } = people;
  const columns = data.flows.get(id);
  const { locale } = resolveSettings(definitions.settings?.body);
  const steps = partsOf(flow).map(({ id, title }) => ({
    id: id as string,
    title: words(title, locale) || id,
  }));

  const eligible = new Uint8Array(persons.names.length);
  const ruledOut = flow.audience === undefined ? () => false : people.contradicts("user", flow.audience);
  const { activity } = data;
  for (let i = 0; i < activity.count; i++) {
    const at = activity.at[i] as number;
    const person = persons.of[activity.person[i] as number] ?? -1;
    if (at >= from && at < to && person >= 0) eligible[person] = 1;
  }
  for (let person = 0; person < eligible.length; person++)
    if (eligible[person] === 1 && ruledOut(person)) eligible[person] = 0;

  const goalWithin =
    flow.goal?.within === undefined ? Number.POSITIVE_INFINITY : parseDuration(flow.goal.within);
  const decided = createDecided();
  const users = steps.map(() => 0);
  let [triggered, exposed, completed, dismissed, goals] = [0, 0, 0, 0, 0];
  const ids = steps.map((step) => step.id);
  for (const { person, events } of columns === undefined
    ? []
    : guidanceByPerson(columns, persons, ids, from, to)) {
    if (decided.count(events)) {
      triggered += 1;
      eligible[person] = 1;
    }
    const path = flow.kind === "checklist" ? checklistPath(events) : stepPath(events);
    if (path === undefined) continue;
    exposed += 1;
    for (const step of path.reached) users[step] = (users[step] ?? 0) + 1;
    const has = (code: GuidanceEvent["code"], within = Number.POSITIVE_INFINITY) =>
      path.after.some((event) => event.code === code && event.at - path.anchor.at <= within);
    if (has("completed")) completed += 1;
    if (has("dismissed")) dismissed += 1;
    if (has("goal-reached", goalWithin)) goals += 1;
  }
  return {
    flow: id,
    kind: flow.kind,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    unit: "user",
    eligible: eligible.reduce((sum, one) => sum + one, 0),
    triggered,
    decided: decided.result(),
    exposed,
    steps: steps.map(({ id, title }, index) => ({
      id,
      title,
      users: users[index] ?? 0,
      share: wilson(users[index] ?? 0, exposed),
    })),
    completed,
    completedShare: wilson(completed, exposed),
    dismissed,
    dismissedShare: wilson(dismissed, exposed),
    goal:
      flow.goal === undefined
        ? null
        : { users: goals, within: flow.goal.within ?? null, share: wilson(goals, exposed) },
    trend: exposed >= ENOUGH,
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

/** People by outcome and by reason, and how often each reason held. */
function createDecided() {
  let [shown, withheld] = [0, 0];
  const held = new Map<string, number>();
  const holds = new Map<string, number>();
  return {
    /** Counts one person; gives back whether anything was decided for them. */
    count(events: readonly GuidanceEvent[]): boolean {
      const codes = new Set(events.map(({ code }) => code));
      if (codes.has("shown") || codes.has("decided-shown")) shown += 1;
      if (codes.has("withheld") || codes.has("decided-withheld")) withheld += 1;
      const reasons = new Set<string>();
      for (const { code, reason, times } of events)
        if ((code === "held" || code === "decided-held") && reason !== null) {
          reasons.add(reason);
          holds.set(reason, (holds.get(reason) ?? 0) + times);
        }
      for (const reason of reasons) held.set(reason, (held.get(reason) ?? 0) + 1);
      return DECISIONS.some((code) => codes.has(code));
    },
    result: () => ({
      shown,
      withheld,
      held: Object.fromEntries(held),
      holds: Object.fromEntries(holds),
    }),
  };
}

const DECISIONS = ["decided-held", "held", "decided-withheld", "withheld", "decided-shown", "shown"] as const;

interface Path {
  readonly anchor: GuidanceEvent;
  /** Everything after the anchor, in order. */
  readonly after: readonly GuidanceEvent[];
  /** Indexes of the steps reached. */
  readonly reached: readonly number[];
}

function stepPath(own: readonly GuidanceEvent[]): Path | undefined {
  const shows = ({ code, step }: GuidanceEvent, index: number) => code === "step-shown" && step === index;
  const start = own.findIndex((event) => shows(event, 0));
  const anchor = own[start];
  if (anchor === undefined) return undefined;
  const after = own.slice(start + 1);
  const reached = [0];
  for (const event of after) if (shows(event, reached.length)) reached.push(reached.length);
  return { anchor, after, reached };
}

function checklistPath(own: readonly GuidanceEvent[]): Path | undefined {
  const start = own.findIndex(({ code }) => code === "shown");
  const anchor = own[start];
  if (anchor === undefined) return undefined;
  const after = own.slice(start + 1);
  const ticked = new Set<number>();
  for (const { code, step } of after) if (code === "step-completed" && step >= 0) ticked.add(step);
  return { anchor, after, reached: [...ticked] };
}

export function funnelCsv({ flow, decided, exposed, steps, ...rest }: FunnelReport): string {
  const row = (stage: string, id: string, users: number, share?: Rate | null, times?: number) => [
    flow,
    stage,
    id,
    users,
    share?.value,
    share?.low,
    share?.high,
    times,
  ];
  const { eligible, triggered, completed, completedShare, dismissed, dismissedShare, goal } = rest;
  return toCsv(
    ["flow", "stage", "id", "users", "share", "low", "high", "times"],
    [
      row("eligible", "", eligible),
      row("triggered", "", triggered),
      ...Object.entries(decided.held).map(([reason, n]) =>
        row("held", reason, n, null, decided.holds[reason]),
      ),
      row("decided", "withheld", decided.withheld),
      row("decided", "shown", decided.shown),
      row("exposed", "", exposed),
      ...steps.map((step) => row("step", step.id, step.users, step.share)),
      row("completed", "", completed, completedShare),
      row("dismissed", "", dismissed, dismissedShare),
      ...(goal === null ? [] : [row("goal", "", goal.users, goal.share)]),
    ],
  );
}
