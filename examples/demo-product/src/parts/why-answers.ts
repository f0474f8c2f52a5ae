import type { Guidance } from "../guidance.ts";

export interface Verdict {
  readonly key: string;
  readonly at: number;
  readonly flow: string;
  readonly outcome: "shown" | "held" | "withheld";
  readonly reason?: string;
  /** How often in a row. */
  readonly count: number;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A rule as Cairn explains it: groups around leaves, each with what it comes to (`null` = not known yet). */
export interface Tree {
  readonly op: string;
  readonly value: boolean | null;
  readonly of?: readonly Tree[];
  readonly leaf?: { readonly [key: string]: Json };
  readonly had?: Json;
}

/** How one flow stands now, as `cairn.explain()` says it. */
export interface FlowAnswer {
  readonly flow: string;
  readonly open: boolean;
  /** What stops it now; `null`: nothing but its moment. */
  readonly gate: { readonly reason: string; readonly detail?: string } | null;
  readonly trigger: Tree | null;
  readonly audience: Tree | null;
}

interface Decided {
  readonly at: number;
  readonly flow: string;
  readonly outcome: Verdict["outcome"];
  readonly reason?: string;
}

const MOST = 40;

/** Decisions, newest first; the same answer several times in a row is one entry. */
export function verdictsOf(cairn: Guidance | undefined): readonly Verdict[] {
  if (typeof cairn?.decisions !== "function") return [];
  const decided = cairn.decisions();
  if (!Array.isArray(decided)) return [];
  const latest = new Map<string, Verdict>();
  const verdicts: Verdict[] = [];
  for (const { at, flow, outcome, reason } of decided as readonly Decided[]) {
    const before = latest.get(flow);
    const same = before?.outcome === outcome && before.reason === reason;
    const verdict: Verdict = {
      key: same ? before.key : `${flow} ${at}`,
      at,
      flow,
      outcome,
      ...(reason === undefined ? {} : { reason }),
      count: same ? before.count + 1 : 1,
    };
    if (same) verdicts.splice(verdicts.indexOf(before), 1);
    latest.set(flow, verdict);
    verdicts.push(verdict);
  }
  return verdicts.reverse().slice(0, MOST);
}

export function latestOf(verdicts: readonly Verdict[], flow: string): Verdict | undefined {
  return verdicts.find((verdict) => verdict.flow === flow);
}

/** The names that authors gave their flows; empty where the server does not answer. */
export async function readNames(): Promise<ReadonlyMap<string, string>> {
  try {
    const answer = await fetch("/v1/config?key=pk_demo");
    const { flows } = (await answer.json()) as { flows: readonly { id: string; name?: string }[] };
    return new Map(flows.map(({ id, name }) => [id, name ?? id]));
  } catch {
    return new Map();
  }
}

/** How each flow stands now; empty where Cairn is not there. */
export async function readAnswers(cairn: Guidance | undefined): Promise<readonly FlowAnswer[]> {
  if (typeof cairn?.explain !== "function") return [];
  const report = (await cairn.explain()) as { readonly flows?: readonly FlowAnswer[] } | undefined;
  return report?.flows ?? [];
}
