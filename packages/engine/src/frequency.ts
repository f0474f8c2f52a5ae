import { type FlowKind, type Frequency, parseDuration } from "@cairn/flow-schema";
import type { CompiledFlow } from "./compiled.ts";
import { own } from "./own.ts";
import type { State } from "./user-state.ts";

/** How often a flow may come, with its kind's defaults filled in. */
export interface FrequencyRule {
  /** Exposures in all; `null` = no limit. */
  readonly atMost: number | null;
  /** Least time between two starts, ms. */
  readonly gap: number;
  readonly until: "none" | "dismissed" | "completed" | "goal";
  /** One exposure per session. */
  readonly perSession: boolean;
}

const STANDING: readonly FlowKind[] = ["checklist", "banner", "hotspot"];

export function frequencyRule(kind: FlowKind, written: Frequency = {}): FrequencyRule {
  const standing = STANDING.includes(kind);
  const { atMost = standing ? null : 1, gap, until = "dismissed" } = written;
  const ms = gap === undefined ? 0 : parseDuration(gap);
  if (ms === undefined) throw new Error(`not a duration: ${gap}`);
  return { atMost, gap: ms, until, perSession: standing && gap === undefined };
}

/** Which part of the rule holds the flow back now; `null` = none. */
export function frequencyHold({ id, frequency }: CompiledFlow, state: State): string | null {
  const { atMost, gap, until, perSession } = frequency;
  const runs = Object.values(own(state.shared.runs, id) ?? {}).filter((run) => run.how !== "forced");
  const past = Object.values(own(state.shared.past, id) ?? {});
  const exposed = runs.filter((run) => run.seen !== undefined);
  const ended = (why: "completed" | "dismissed") =>
    runs.some((run) => run.why === why) || past.some((one) => one[why]);
  if (until !== "none" && (ended("completed") || (until === "dismissed" && ended("dismissed"))))
    return "until";
  const used = exposed.filter((run) => run.why !== "snoozed").length;
  if (atMost !== null && used + past.reduce((sum, one) => sum + one.exposed, 0) >= atMost) return "atMost";
  if (exposed.some((run) => state.now - run.start < gap)) return "gap";
  return perSession && exposed.some((run) => (run.seen ?? 0) >= state.session.start) ? "session" : null;
}
