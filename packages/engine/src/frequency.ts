import { type FlowKind, type Frequency, parseDuration } from "@cairn/flow-schema";
import type { CompiledFlow } from "./compiled.ts";
import { own } from "./own.ts";
import { type TeamFact, toldTeam } from "./team.ts";
import type { State } from "./user-state.ts";

/** How often a flow may come, with its kind's defaults filled in. */
export interface FrequencyRule {
  /** Exposures in all; `null` = no limit. */
  readonly atMost: number | null;
  /** Least time between two starts, ms. */
  readonly gap: number;
  readonly until: "none" | "dismissed" | "completed" | "goal";
  /** Counted over all people of the account. */
  readonly byAccount: boolean;
  /** One exposure per session. */
  readonly perSession: boolean;
}

const STANDING: readonly FlowKind[] = ["checklist", "banner", "hotspot"];

export function frequencyRule(kind: FlowKind, written: Frequency = {}): FrequencyRule {
  const standing = STANDING.includes(kind);
  const { atMost = standing ? null : 1, gap, until = "dismissed", per } = written;
  const ms = gap === undefined ? 0 : parseDuration(gap);
  if (ms === undefined) throw new Error(`not a duration: ${gap}`);
  return { atMost, gap: ms, until, byAccount: per === "account", perSession: standing && gap === undefined };
}

/** Which part of the rule holds the flow back now; `null` = none, `undefined` = nobody can know. */
export function frequencyHold({ id, frequency }: CompiledFlow, state: State): string | null | undefined {
  const { atMost, gap, until, perSession, byAccount } = frequency;
  const { shared, now, session, person, team } = state;
  if (byAccount && !(person.verified && team)) return undefined;
  if (!byAccount && !own(shared.runs, id) && !own(shared.past, id)) return null;
  const runs = Object.values(own(shared.runs, id) ?? {}).filter((run) => run.how !== "forced");
  const past = Object.values(own(shared.past, id) ?? {});
  const exposed = runs.filter((run) => run.seen !== undefined);
  const told = (what: TeamFact) => (byAccount ? toldTeam(state, what, id) : { n: 0, last: -1 });
  const ended = (why: "completed" | "dismissed") =>
    told(why).n || runs.some((run) => run.why === why) || past.some((one) => one[why]);
  if (until !== "none" && (ended("completed") || (until === "dismissed" && ended("dismissed"))))
    return "until";
  const shown = told("shown");
  const used = byAccount
    ? shown.n - told("snoozed").n
    : exposed.filter((run) => run.why !== "snoozed").length + past.reduce((sum, one) => sum + one.exposed, 0);
  if (atMost !== null && used >= atMost) return "atMost";
  const starts = exposed.map((run) => run.start);
  if (shown.n) starts.push(shown.last);
  if (starts.some((start) => now - start < gap)) return "gap";
  return perSession && exposed.some((run) => (run.seen ?? 0) >= session.start) ? "session" : null;
}
