import { settle, spend, WEEK } from "./budget.ts";
import { emptyLedger, type State } from "./user-state.ts";

/** The ledger as the runs tell it; for states that were joined. */
export function rebuildLedger(state: State): void {
  const ledger = emptyLedger();
  const runs = Object.values(state.shared.runs)
    .flatMap((byId) => Object.values(byId))
    .filter((run) => run.how !== "forced" && run.ghost !== "flow");
  for (const run of [...runs].sort((a, b) => (a.seen ?? 0) - (b.seen ?? 0)))
    if (run.seen !== undefined && run.seen > state.now - WEEK) spend(ledger, run, run.seen);
  for (const run of [...runs].sort((a, b) => (a.end ?? 0) - (b.end ?? 0)))
    if (run.end !== undefined) settle(ledger, run);
  state.local.ledger = ledger;
}
