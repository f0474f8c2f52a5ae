import type { Flow } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";
import type { EnvironmentId, Storage } from "../storage/storage.ts";

/** Drafts that will be published: as they were when this was said, whatever becomes of them until then. */
export interface Schedule {
  readonly id: string;
  readonly at: number;
  readonly by: string;
  readonly note: string | null;
  readonly flows: readonly Planned[];
  /** When a process began with it. */
  readonly begun?: number;
  /** Why it could not be done; it is not tried again. */
  readonly failure?: string;
}

/** A draft as it was then. */
export interface Planned {
  readonly id: string;
  readonly body: Flow;
  /** Whoever planned it was the only one behind it, which was enough then. */
  readonly alone?: boolean;
}

export async function schedulesOf(
  storage: Storage,
  environment: EnvironmentId,
): Promise<readonly Schedule[]> {
  const rows = await storage.documents(environment, "schedule");
  return rows.map(({ body }) => JSON.parse(body) as Schedule).sort((a, b) => a.at - b.at);
}

/** Refuses to take away flows that are to be published later: another of the same id would become what was planned. */
export async function refusePlanned(
  storage: Storage,
  environment: EnvironmentId,
  flows: readonly string[],
): Promise<void> {
  for (const { id, at, failure, flows: planned } of await schedulesOf(storage, environment)) {
    const one = planned.find((flow) => flows.includes(flow.id));
    if (one === undefined || failure !== undefined) continue;
    throw httpError(
      "conflict",
      `The flow "${one.id}" is to be published at ${new Date(at).toISOString()}. Take that back first.`,
      { schedule: id },
    );
  }
}
