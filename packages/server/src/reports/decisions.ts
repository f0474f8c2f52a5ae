import type { EnvironmentId, Storage } from "../storage/storage.ts";
import { toCsv } from "./csv.ts";
import { type GuidanceEvent, readGuidance } from "./guidance-events.ts";
import { displayId, type PersonKey, readPeople } from "./people.ts";
import type { DecisionRow, DecisionsReport } from "./report-schemas.ts";

const NAMES = ["cairn.flow.decided", "cairn.flow.shown", "cairn.flow.withheld", "cairn.flow.held"];
/** How many people are named when nobody is asked for. */
const RECENT_USERS = 50;

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
  storage: Storage,
  environment: EnvironmentId,
  { from, to, user, flow, limit }: Query,
): Promise<DecisionsReport> {
  const people = await readPeople(storage, environment, to);
  const asked =
    user === undefined
      ? undefined
      : [`u:${user}`, people.personOf({ userId: null, anonymousId: user, accountId: null }) ?? ""];
  const found: { readonly person: PersonKey; readonly event: GuidanceEvent }[] = [];
  const ids = asked === undefined ? undefined : [...new Set(asked.flatMap((key) => people.idsOf(key)))];
  const filter = { names: NAMES, from, to, ...(ids === undefined ? {} : { people: ids }) };
  for await (const chunk of storage.events(environment, filter)) {
    for (const record of chunk) {
      const person = people.personOf(record);
      if (person === undefined || (asked !== undefined && !asked.includes(person))) continue;
      const event = readGuidance(record);
      if (event !== undefined && (flow === undefined || event.flow === flow)) found.push({ person, event });
    }
  }
  const decidedRuns = new Set(
    found.flatMap(({ event }) =>
      event.name === "cairn.flow.decided" && event.run !== undefined ? [event.run] : [],
    ),
  );
  const rows: DecisionRow[] = [];
  const latest = new Map<string, string>();
  for (const { person, event } of found) {
    const told = event.name !== "cairn.flow.decided" && event.name !== "cairn.flow.held";
    if (told && event.run !== undefined && decidedRuns.has(event.run)) continue;
    const row = toRow(displayId(person), event);
    if (row === undefined) continue;
    rows.push(row);
    if (row.at > (latest.get(row.user) ?? "")) latest.set(row.user, row.at);
  }
  // Equal moments stay in the order of the events, turned round like the rest.
  const decisions = rows
    .reverse()
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, limit);
  if (user !== undefined) return { decisions };
  const users = [...latest]
    .sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0))
    .slice(0, RECENT_USERS)
    .map(([id]) => id);
  return { decisions, users };
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
    at: new Date(until ?? (name === "cairn.flow.decided" ? decidedAt : at)).toISOString(),
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
  return toCsv(
    ["at", "user", "flow", "outcome", "reason", "detail", "count", "page"],
    decisions.map((d) => [d.at, d.user, d.flow, d.outcome, d.reason, d.detail, d.count, d.page]),
  );
}
