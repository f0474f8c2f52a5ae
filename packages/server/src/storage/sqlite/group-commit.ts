import { EVENT_WIDTH, type PackedBatch } from "./packed-batch.ts";
import type { Writer } from "./writer.ts";
import type { Committed, Order, Outcome } from "./writer-protocol.ts";

/** Most events in one commit: bounds how long other requests wait for it. */
const COMMIT_LIMIT = 2_000;

/**
 * Batches that arrive while a commit runs share the next one: the disk is asked to sync once for all of them, and each
 * is answered after that sync. Runs until nothing waits any more; gives back whether it was told to close.
 */
export function runGroups(
  writer: Writer,
  next: () => Order | undefined,
  report: (outcomes: readonly Outcome[], committed?: Committed) => void,
): boolean {
  let order = next();
  while (order !== undefined) {
    switch (order.type) {
      case "append": {
        const batches: PackedBatch[] = [];
        let events = 0;
        do {
          batches.push(order.batch);
          events += order.batch.events.length / EVENT_WIDTH;
          order = next();
        } while (order?.type === "append" && events < COMMIT_LIMIT);
        const from = performance.now();
        const outcomes = outcomesOf(batches.length, () => writer.append(batches));
        report(outcomes, { events, seconds: (performance.now() - from) / 1_000 });
        break;
      }
      case "write": {
        const { write } = order;
        report(outcomesOf(1, () => [writer.write(write)]));
        order = next();
        break;
      }
      case "upkeep": {
        const { task } = order;
        report(outcomesOf(1, () => [writer.upkeep(task)]));
        order = next();
        break;
      }
      case "close":
        return true;
    }
  }
  return false;
}

function outcomesOf(count: number, commit: () => readonly Outcome[]): readonly Outcome[] {
  try {
    return commit();
  } catch (thrown) {
    const failure = thrown instanceof Error ? thrown.message : String(thrown);
    return Array.from({ length: count }, () => ({ failure }));
  }
}
