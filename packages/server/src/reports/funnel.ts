import { type Flow, parseDuration, resolveSettings } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";
import type { Definitions, EnvironmentId } from "../storage/storage.ts";
import { identityBefore } from "./accounts-before.ts";
import { rateColumns, tableOf } from "./csv.ts";
import { createDecided } from "./decided.ts";
import { type GuidanceEvent, guidanceByPerson } from "./guidance-by-person.ts";
import { readPeople } from "./people.ts";
import type { FunnelReport } from "./report-schemas.ts";
import type { ReportSource } from "./report-source.ts";
import { type Clock, unitWeeks } from "./unit-weeks.ts";
import type { Verified } from "./verified-source.ts";
import { wilson } from "./wilson.ts";
import { words } from "./words.ts";
import { createZone, weeksOf } from "./zoned-time.ts";

/** Below this many nobody draws a trend. */
const ENOUGH = 30;

export interface FunnelQuery {
  /** Epoch milliseconds, inclusive. */
  readonly from: number;
  /** Epoch milliseconds, exclusive. */
  readonly to: number;
  /** IANA name. */
  readonly timezone: string;
  readonly flow: string;
  /** Which messages count. @default "all" */
  readonly verified?: Verified | undefined;
}

/**
 * What became of one flow in `[from, to)`.
 *
 * Unit: the person, once. **Eligible**: people active in the range whom the audience does not rule out by what is known
 * of their attributes at its end, and everybody for whom something was decided. **Triggered**: people with a decision.
 * **Decided**: people with at least one decision of each outcome; held people by reason (one person may stand under
 * several). **Exposed**: people who saw the first step; their first exposure in the range is the anchor. **Steps**: a
 * person counts at a step if they saw the steps before it, in order, and then this one, each later than the one
 * before (event time; at the same millisecond the order of sending, then that of the flow). A checklist has no order: its
 * anchor is its first exposure, and each item counts the people who ticked it since. **Completed**, **dismissed**:
 * people with that end after the anchor. **Goal**: people who reached it after the anchor. All of it counts within the
 * flow's **window**, its goal's `within`, from the anchor on; it ends at exactly that, as it does for the engine. Whose
 * window had not ended at `to` is **immature**, and in no share: shares are of the other exposed. Forced starts (previews) are in none of these numbers.
 */
export async function funnelReport(
  source: ReportSource,
  environment: EnvironmentId,
  { from, to, timezone, flow: id }: FunnelQuery,
): Promise<FunnelReport> {
  const definitions = await source.definitions(environment);
  const flow = definitionOf(id, definitions);
  const data = await source.reportData(environment, { flows: [id] });
  const identity = await identityBefore(source, environment, data, to);
  const people = readPeople(data, definitions, to, identity);
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

  const window = flow.goal?.within ?? null;
  const windowMs = window === null ? 0 : (parseDuration(window) ?? 0);
  const decided = createDecided();
  const reached = steps.map(createStage);
  const [completed, dismissed, goals] = [createStage(), createStage(), createStage()];
  let [exposed, mature] = [0, 0];
  const asked = weeksOf(from, to, createZone(timezone));
  const calendar = unitWeeks(people, "user", { weeks: asked, to, timezone });
  const weeks = calendar.weeks.map((week) => ({ ...week, decided: createDecided() }));
  const ids = steps.map((step) => step.id);
  for (const { person, events } of columns === undefined
    ? []
    : guidanceByPerson(columns, persons, ids, from, to)) {
    if (decided.count(events)) {
      eligible[person] = 1;
      const { starts, ends, weekOf } = calendar.clocks[calendar.clockOf?.[person] ?? 0] as Clock;
      const [start = to] = starts;
      for (let i = 0; i < events.length; ) {
        const { at } = events[i] as GuidanceEvent;
        // By this person's clocks it may still be the week before the first, or already that after the last.
        const week = at < start ? -1 : weekOf(at);
        const end = week === -1 ? start : (ends[week] ?? to);
        let next = i + 1;
        while (next < events.length && (events[next] as GuidanceEvent).at < end) next++;
        weeks[week]?.decided.count(events.slice(i, next));
        i = next;
      }
    }
    const within = window === null ? Number.POSITIVE_INFINITY : windowMs;
    const path = flow.kind === "checklist" ? checklistPath(events, within) : stepPath(events, within);
    if (path === undefined) continue;
    const { anchor, after } = path;
    const isMature = window === null || to - anchor.at >= windowMs;
    exposed += 1;
    if (isMature) mature += 1;
    for (const step of path.reached) reached[step]?.count(isMature);
    const has = (code: GuidanceEvent["code"]) => after.some((event) => event.code === code);
    if (has("completed")) completed.count(isMature);
    if (has("dismissed")) dismissed.count(isMature);
    if (has("goal-reached")) goals.count(isMature);
  }
  return {
    flow: id,
    kind: flow.kind,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    timezone,
    unit: "user",
    eligible: eligible.reduce((sum, one) => sum + one, 0),
    ...decided.result(),
    weeks: weeks.map(({ name, complete, decided }) => ({ week: name, complete, ...decided.result() })),
    exposed,
    window,
    immature: exposed - mature,
    steps: steps.map(({ id, title }, index) => ({ id, title, ...(reached[index] as Stage).of(mature) })),
    completed: completed.of(mature).users,
    completedShare: completed.of(mature).share,
    dismissed: dismissed.of(mature).users,
    dismissedShare: dismissed.of(mature).share,
    goal:
      flow.goal === undefined
        ? null
        : { users: goals.of(mature).users, within: window, share: goals.of(mature).share },
    trend: mature >= ENOUGH,
  };
}

type Stage = ReturnType<typeof createStage>;

/** People who came to one stage; a share is only of those whose window is over. */
function createStage() {
  let [users, inTime] = [0, 0];
  return {
    count(isMature: boolean): void {
      users += 1;
      if (isMature) inTime += 1;
    },
    of: (mature: number) => ({ users, share: wilson(inTime, mature) }),
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

interface Path {
  readonly anchor: GuidanceEvent;
  /** Everything after the anchor and within the window, in order. */
  readonly after: readonly GuidanceEvent[];
  /** Indexes of the steps reached. */
  readonly reached: readonly number[];
}

function stepPath(own: readonly GuidanceEvent[], within: number): Path | undefined {
  const shows = ({ code, step }: GuidanceEvent, index: number) => code === "step-shown" && step === index;
  const start = own.findIndex((event) => shows(event, 0));
  const anchor = own[start];
  if (anchor === undefined) return undefined;
  const after = own.slice(start + 1).filter(({ at }) => at - anchor.at < within);
  const reached = [0];
  for (const event of after) if (shows(event, reached.length)) reached.push(reached.length);
  return { anchor, after, reached };
}

function checklistPath(own: readonly GuidanceEvent[], within: number): Path | undefined {
  const start = own.findIndex(({ code }) => code === "shown");
  const anchor = own[start];
  if (anchor === undefined) return undefined;
  const after = own.slice(start + 1).filter(({ at }) => at - anchor.at < within);
  const ticked = new Set<number>();
  for (const { code, step } of after) if (code === "step-completed" && step >= 0) ticked.add(step);
  return { anchor, after, reached: [...ticked] };
}

const COLUMNS: readonly string[] = [
  ...["flow", "kind", "row", "id", "title", "week", "complete", "users", ...rateColumns("share")],
  ...["times", "window", "trend"],
];

/** One row for each stage, and the decisions again for each week. */
export function funnelCsv(report: FunnelReport): string {
  const { flow, kind, window, trend, goal } = report;
  const decisions = ({ triggered, decided }: Pick<FunnelReport, "triggered" | "decided">) => [
    { row: "triggered", users: triggered },
    ...Object.entries(decided.held).map(([id, users]) => ({
      row: "held",
      id,
      users,
      times: new Map(Object.entries(decided.holds)).get(id),
    })),
    { row: "withheld", users: decided.withheld },
    { row: "shown", users: decided.shown },
  ];
  const stages = [
    { row: "eligible", users: report.eligible },
    ...decisions(report),
    { row: "exposed", users: report.exposed },
    { row: "immature", users: report.immature },
    ...report.steps.map((step) => ({ row: "step", ...step })),
    { row: "completed", users: report.completed, share: report.completedShare },
    { row: "dismissed", users: report.dismissed, share: report.dismissedShare },
    ...(goal === null ? [] : [{ row: "goal", users: goal.users, share: goal.share }]),
  ];
  const weeks = report.weeks.flatMap(({ week, complete, ...of }) =>
    decisions(of).map((row) => ({ week, complete, ...row })),
  );
  return tableOf(
    COLUMNS,
    [...stages.map((row) => ({ ...row, window, trend })), ...weeks].map((row) => ({ flow, kind, ...row })),
  );
}
