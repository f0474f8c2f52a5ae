import { GUIDANCE, hashOf } from "../storage/guidance-mark.ts";
import type { EnvironmentId } from "../storage/storage.ts";
import { tableOf } from "./csv.ts";
import { type GuidanceEvent, readGuidance } from "./guidance-events.ts";
import { displayId, readPeople } from "./people.ts";
import type { DecisionRow, DecisionsReport } from "./report-schemas.ts";
import type { ReportSource } from "./report-source.ts";

const NAMES = ["cairn.flow.decided", "cairn.flow.shown", "cairn.flow.withheld", "cairn.flow.held"];
/** How many people are named when nobody is asked for. */
const RECENT_USERS = 50;
/** How much is read at first, from the end; each time four times as much. */
const FIRST_SPAN_MS = 3_600_000;

interface Query {
  readonly from: number;
  readonly to: number;
  readonly user?: string | undefined;
  readonly flow?: string | undefined;
  readonly limit: number;
}

/**
 * Why a person saw a flow, or did not: their stored decisions in `[from, to)`, latest first. A run is told once, by
 * its decision; its exposure counts only where the decision itself never arrived. Holds come counted: `count` times
 * for this reason, the last of them at `at`. `user` is a user id, or the id of somebody never identified; what a user
 * did before they were identified is theirs. `exclude`d people are in none.
 */
export async function decisionsReport(
  source: ReportSource,
  environment: EnvironmentId,
  { from, to, user, flow, limit }: Query,
): Promise<DecisionsReport> {
  const data = await source.reportData(environment, {});
  const { identity, persons } = readPeople(data, await source.definitions(environment), to);
  const asked =
    user === undefined ? undefined : new Set([identity.find(user, null), identity.find(null, user)]);
  const ids = asked === undefined ? undefined : [...asked].flatMap((person) => idsOf(person));

  const found: { readonly row: DecisionRow; readonly event: GuidanceEvent }[] = [];
  let span = FIRST_SPAN_MS;
  for (let end = to; end > from; span *= 4) {
    // One person's decisions are few: they are read at once.
    const start = ids === undefined ? Math.max(end - span, from) : from;
    const chunk: typeof found = [];
    const filter = { names: NAMES, from: start, to: end, ...(ids === undefined ? {} : { people: ids }) };
    for await (const records of source.events(environment, filter))
      for (const record of records) {
        const person = identity.find(record.userId, record.anonymousId);
        if (person === undefined || persons.first[person] === Number.POSITIVE_INFINITY) continue;
        if (asked !== undefined && !asked.has(person)) continue;
        const event = readGuidance(record);
        if (event === undefined || (flow !== undefined && event.flow !== flow)) continue;
        const row = toRow(displayId(identity.persons[person] ?? ""), event);
        if (row !== undefined) chunk.push({ row, event });
      }
    found.push(...(await toldOnce(source, environment, chunk, from, to)));
    end = start;
    // No decision is told later than its event: what is still to be read is older than all of these.
    const settled = found.filter(({ row }) => Date.parse(row.at) >= start);
    const users = new Set(settled.map(({ row }) => row.user));
    if (settled.length >= limit && (user !== undefined || users.size >= RECENT_USERS)) break;
  }
  found.sort((a, b) => compare(b.row.at, a.row.at) || inReverse(a.event, b.event));
  const decisions = found.slice(0, limit).map(({ row }) => row);
  if (user !== undefined) return { decisions };
  return { decisions, users: [...new Set(found.map(({ row }) => row.user))].slice(0, RECENT_USERS) };

  function idsOf(person: number | undefined): readonly string[] {
    if (person === undefined) return user === undefined ? [] : [user];
    const numbers = identity.numbersOf[person] ?? [];
    return [
      ...new Set(
        numbers.flatMap((number) => {
          const { userId = null, anonymousId = null } = data.people.ids[number] ?? {};
          // An anonymous id beside a user may be another user's: it says nothing about this one.
          const own = anonymousId !== null && identity.find(null, anonymousId) === person;
          return [userId, own ? anonymousId : null].filter((id) => id !== null);
        }),
      ),
    ];
  }
}

/** Leaves out exposures of runs whose decision is stored too: a run is told once. */
async function toldOnce<Found extends { readonly event: GuidanceEvent }>(
  source: ReportSource,
  environment: EnvironmentId,
  found: readonly Found[],
  from: number,
  to: number,
): Promise<readonly Found[]> {
  const again = ({ name, run }: GuidanceEvent) =>
    name !== "cairn.flow.decided" && name !== "cairn.flow.held" && run !== undefined;
  const flows = [...new Set(found.filter(({ event }) => again(event)).map(({ event }) => event.flow))];
  if (flows.length === 0) return found;
  const data = await source.reportData(environment, { flows });
  const decided = new Map(
    [...data.flows].map(([flow, { count, at, code, run }]) => {
      const runs = new Set<number>();
      for (let i = 0; i < count; i++)
        if (DECIDED.has(code[i] as number) && (at[i] as number) >= from && (at[i] as number) < to)
          runs.add(run[i] as number);
      return [flow, runs];
    }),
  );
  return found.filter(
    ({ event }) => !again(event) || decided.get(event.flow)?.has(hashOf(event.run ?? "")) !== true,
  );
}

const DECIDED = new Set(
  (["decided-shown", "decided-held", "decided-withheld"] as const).map((code) => GUIDANCE.indexOf(code)),
);

/** Equal moments stay in the order of the events, turned round like the rest. */
function inReverse(a: GuidanceEvent, b: GuidanceEvent): number {
  return b.at - a.at || compare(b.messageId, a.messageId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toRow(
  user: string,
  { name, flow, properties, at, decidedAt, page }: GuidanceEvent,
): DecisionRow | undefined {
  const outcome = outcomeOf(name, properties.outcome);
  if (outcome === undefined) return undefined;
  const reason = text(properties.reason) ?? (outcome === "withheld" ? "holdout" : undefined);
  const detail = text(properties.detail);
  const until = name === "cairn.flow.held" ? momentOf(properties.to) : undefined;
  return {
    at: new Date(Math.min(until ?? (name === "cairn.flow.decided" ? decidedAt : at), at)).toISOString(),
    user,
    flow,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
    ...(typeof properties.count === "number" ? { count: Math.trunc(properties.count) } : {}),
    ...(page === undefined ? {} : { page }),
  };
}

function outcomeOf(name: string, outcome: unknown): DecisionRow["outcome"] | undefined {
  if (name === "cairn.flow.held") return "held";
  if (name === "cairn.flow.withheld") return "withheld";
  if (name === "cairn.flow.shown") return "shown";
  return outcome === "shown" || outcome === "held" || outcome === "withheld" ? outcome : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Epoch milliseconds or ISO 8601; anything else is left aside. */
function momentOf(value: unknown): number | undefined {
  const at = typeof value === "string" ? Date.parse(value) : value;
  return typeof at === "number" && Math.abs(at) <= 8.64e15 ? at : undefined;
}

export function decisionsCsv({ decisions }: DecisionsReport): string {
  return tableOf(["at", "user", "flow", "outcome", "reason", "detail", "count", "page"], decisions);
}
