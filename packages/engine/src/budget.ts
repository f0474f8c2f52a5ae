import { parseDuration } from "@cairn/flow-schema";
import type { Compiled, CompiledFlow } from "./compiled.ts";
import type { Ledger, Run, State } from "./user-state.ts";

const DAY = 86_400_000;
export const WEEK = 7 * DAY;

export interface BudgetHold {
  /** The limit that is full. */
  readonly detail: string;
  /** When time alone will mend it; `null` = only an end of a run or of the session can. */
  readonly opens: number | null;
}

const ms = (value: string): number => parseDuration(value) ?? 0;

export const weightOf = ({ settings }: Compiled, flow: CompiledFlow): number =>
  settings.budget?.weights[flow.kind] ?? 0;

/** Which limit of the one budget over all kinds this flow does not fit into now; `null` = it fits. */
export function budgetHold(compiled: Compiled, state: State, flow: CompiledFlow): BudgetHold | null {
  const { budget } = compiled.settings;
  const weight = weightOf(compiled, flow);
  if (!budget || weight === 0 || flow.critical) return null;
  const { now, session } = state;
  const { spent, end, row, rowAt } = state.local.ledger;
  const reserved = state.local.open.reduce((sum, open) => {
    const run = state.shared.runs[open.flow]?.[open.run];
    return run && run.seen === undefined && run.how !== "forced" ? sum + run.weight : sum;
  }, weight);
  const limits: [string, number, number][] = [
    // No window of its own: what counts is when the session began.
    ["perSession", budget.perSession, 0],
    ["perDay", budget.perDay, DAY],
    ["perWeek", budget.perWeek, WEEK],
  ];
  for (const [detail, limit, window] of limits) {
    const counted = spent.filter(([at]) => (window ? at > now - window : at >= session.start));
    let used = counted.reduce((sum, [, one]) => sum + one, reserved);
    if (used <= limit) continue;
    // The limit opens when enough of the oldest has left the window.
    const last = counted.find(([, one]) => {
      used -= one;
      return used <= limit;
    });
    return { detail, opens: last && window ? last[0] + window : null };
  }
  const gap = end < 0 ? 0 : end + ms(budget.minGap);
  if (now < gap) return { detail: "minGap", opens: gap };
  const { base, factor, max } = budget.afterDismiss;
  const pause = row === 0 ? 0 : rowAt + Math.min(ms(base) * factor ** (row - 1), ms(max));
  return now < pause ? { detail: "afterDismiss", opens: pause } : null;
}

/** A weighted run was exposed. */
export function spend(ledger: Ledger, { weight }: Run, now: number): void {
  if (weight === 0) return;
  ledger.spent = ledger.spent.filter(([at]) => at > now - WEEK);
  ledger.spent.push([now, weight]);
}

/** A weighted run has ended. Its end counts only if it was seen. */
export function settle(ledger: Ledger, run: Run): void {
  const { weight, seen, end = 0, why } = run;
  if (weight === 0) return;
  if (seen !== undefined) ledger.end = Math.max(ledger.end, end);
  if (why === "completed") ledger.row = 0;
  if (why === "dismissed") {
    ledger.row++;
    ledger.rowAt = end;
  }
}
