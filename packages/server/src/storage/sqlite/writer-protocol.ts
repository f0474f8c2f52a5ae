import type { PackedBatch } from "./packed-batch.ts";
import type { UpkeepTask } from "./upkeep-tasks.ts";
import type { Write } from "./writer.ts";

/** What is asked of the writer's thread, several at once. It answers in order, so nothing is numbered. */
export type Order =
  | { readonly type: "append"; readonly batch: PackedBatch }
  | { readonly type: "write"; readonly write: Write }
  | { readonly type: "upkeep"; readonly task: UpkeepTask }
  | { readonly type: "close" };

/** What became of one order: events accepted, whether a write was done, what upkeep says, or why nothing was stored. */
export type Outcome = number | boolean | { readonly failure: string };

/** How many events a commit held, and how long it took, in seconds. */
export interface Committed {
  readonly events: number;
  readonly seconds: number;
}

/** From the thread: first that it is ready (or why it is not), then outcomes of the oldest orders. */
export type Report =
  | { readonly ready: true }
  | { readonly outcomes: readonly Outcome[]; readonly committed?: Committed | undefined };
