import { randomBytes } from "node:crypto";
import type { Finding } from "@cairn/engine/lint";
import { auditEntry } from "../access/audit.ts";
import { httpError, toErrorAnswer } from "../errors.ts";
import type { Caller } from "../server-env.ts";
import type { Definitions, EnvironmentId } from "../storage/storage.ts";
import { checkLint } from "./check-lint.ts";
import { namedIn } from "./everyone.ts";
import type { Planned, Schedule } from "./planned.ts";
import { candidatesOf, publish } from "./publish.ts";
import { isAlone, needsSecondPerson, refuseAlone, requireSecondPerson } from "./reviews.ts";
import { ATTEMPTS, type Author, type Ports, tooManyChanges } from "./workspace.ts";

/** A process that began and has not ended after this died, and another takes over. */
const LOST_MS = 60_000;
/** Furthest away: what is older was forgotten by its author. */
const MAX_AHEAD_MS = 366 * 86_400_000;

/** Says what is to be published when; all that would be refused now is refused now. */
export async function schedulePublish(
  ports: Ports,
  caller: Pick<Caller, "environment" | "name" | "kind">,
  flows: readonly string[],
  note: string | null,
  at: number,
  ifMatch?: string,
): Promise<{ readonly schedule: Schedule; readonly warnings: readonly Finding[] }> {
  const { storage, now } = ports;
  const { environment, name } = caller;
  if (at <= now() || at > now() + MAX_AHEAD_MS)
    throw httpError("bad-request", "`at` must lie in the future, at most a year ahead.");
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const definitions = await storage.definitions(environment);
    const candidates = candidatesOf(definitions, flows, ifMatch);
    await requireSecondPerson(storage, caller, candidates);
    const changes = candidates.map(({ id, body }) => ({ type: "publish", flow: id, body, note }) as const);
    const warnings = checkLint(environment, definitions, changes, now());
    const schedule: Schedule = {
      id: randomBytes(9).toString("base64url"),
      at,
      by: name,
      note,
      flows: await Promise.all(
        candidates.map(async (one) => {
          const alone = await isAlone(storage, caller, one);
          return { id: one.id, body: one.body, ...(alone && { alone }) };
        }),
      ),
    };
    const write = {
      collection: "schedule",
      id: schedule.id,
      expected: 0,
      body: JSON.stringify(schedule),
    } as const;
    const entries = flows.map((id) =>
      auditEntry(name, "schedule", `flows/${id}`, { note: `for ${new Date(at).toISOString()}` }),
    );
    await storage.writeDocument(environment, write, now(), entries);
    // A change of nothing: where it is taken, no flow has gone since we looked, and whoever deletes one now sees the plan.
    if (await storage.change(environment, definitions.revision, [], now())) return { schedule, warnings };
    await cancelSchedule(ports, caller, schedule.id);
  }
  throw tooManyChanges();
}

/** Takes a plan back, or a failed one off the list. */
export async function cancelSchedule(
  { storage, now }: Ports,
  { environment, name }: Author,
  id: string,
): Promise<void> {
  const row = await storage.document(environment, "schedule", id);
  if (row === undefined) throw httpError("not-found", "There is no such plan; it may have been carried out.");
  const { flows } = JSON.parse(row.body) as Schedule;
  const entries = flows.map((flow) => auditEntry(name, "unschedule", `flows/${flow.id}`));
  const write = { collection: "schedule", id, expected: row.revision, body: null } as const;
  if (!(await storage.writeDocument(environment, write, now(), entries)))
    throw httpError("conflict", "It is being carried out.");
}

/** Carries out what is due. Several processes may do so at once: each plan is one's. Returns how many were done. */
export async function runDueSchedules({ storage, now }: Ports, environment: EnvironmentId): Promise<number> {
  let done = 0;
  for (const row of await storage.documents(environment, "schedule")) {
    const schedule = JSON.parse(row.body) as Schedule;
    const { id, at, begun, failure, by, note, flows } = schedule;
    if (at > now() || failure !== undefined) continue;
    if (begun !== undefined && now() - begun < LOST_MS) continue;
    const keep = (expected: number, body: Schedule | null) =>
      storage.writeDocument(
        environment,
        { collection: "schedule", id, expected, body: body === null ? null : JSON.stringify(body) },
        now(),
      );
    if (!(await keep(row.revision, { ...schedule, begun: now() }))) continue;
    let failed: string | undefined;
    try {
      await publish({ storage, now }, { environment, name: by }, async (definitions) => {
        // Whoever began before us may have come this far.
        const left = flows.filter(({ id: flow, body }) => {
          const live = definitions.live.find((version) => version.flow === flow);
          return begun === undefined || JSON.stringify(live?.body) !== JSON.stringify(body);
        });
        refuseWidened(left, definitions);
        return left.map(({ id: flow, body }) => {
          const draft = definitions.drafts.find((one) => one.id === flow);
          if (draft === undefined || draft.archivedAt !== undefined)
            throw httpError("conflict", `The flow "${flow}" was deleted or archived.`);
          return { type: "publish" as const, flow, body, note };
        });
      });
      done += 1;
    } catch (thrown) {
      const { status, body } = toErrorAnswer(thrown);
      // What another try may mend is tried again; what is wrong with the definitions is told.
      if (status >= 500) {
        await keep(row.revision + 1, schedule);
        continue;
      }
      failed = body.error.message;
    }
    await keep(row.revision + 1, failed === undefined ? null : { ...schedule, failure: failed });
  }
  return done;
}

/** One person was enough for some of them when they were planned; a segment or feature may have come to hold everybody. */
function refuseWidened(flows: readonly Planned[], definitions: Definitions): void {
  const named = namedIn(definitions);
  refuseAlone(
    flows.flatMap(({ id, body, alone }) => {
      const why = alone ? needsSecondPerson(body, named) : undefined;
      return why === undefined ? [] : [{ flow: id, why }];
    }),
  );
}

/** Looks for due plans every few seconds, in each environment; returns what stops it. */
export function startScheduler(
  ports: Ports & { readonly report: (thrown: unknown, requestId: string) => void },
  environments: readonly EnvironmentId[],
  everyMs = 2_000,
): () => Promise<void> {
  let busy: Promise<void> | undefined;
  const look = async () => {
    for (const environment of environments)
      await runDueSchedules(ports, environment).catch((thrown: unknown) => ports.report(thrown, "schedule"));
  };
  const timer = setInterval(() => {
    busy ??= look().finally(() => {
      busy = undefined;
    });
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await busy;
  };
}
