import type { Condition, Flow } from "@cairn/flow-schema";
import { auditEntry } from "../access/audit.ts";
import { httpError } from "../errors.ts";
import type { Caller } from "../server-env.ts";
import type { EnvironmentId, Storage } from "../storage/storage.ts";
import { fileOf } from "./check.ts";
import { type Author, findDefinition, type Ports } from "./workspace.ts";

/** Who has said yes to one revision of a draft. */
interface Review {
  readonly revision: number;
  readonly by: readonly string[];
}

/** Why a flow needs a second person; `undefined` where it does not. */
export function needsSecondPerson({ kind, critical, audience }: Flow): string | undefined {
  if (critical === true) return "it is critical: it passes budget and holdouts";
  if (kind === "modal") return "it is a modal: it stops people in what they do";
  if (isEveryone(audience)) return "it has no audience: everybody gets it";
  return undefined;
}

function isEveryone(audience: Condition | undefined | null): boolean {
  return !audience || ("all" in audience && audience.all.every(isEveryone));
}

async function reviewOf(storage: Storage, environment: EnvironmentId, flow: string) {
  const row = await storage.document(environment, "review", flow);
  return { row, review: row === undefined ? undefined : (JSON.parse(row.body) as Review) };
}

/** Says yes to the draft as it now is. A change after it asks anew. */
export async function approveFlow(
  ports: Ports,
  { environment, name }: Author,
  flow: string,
): Promise<Review> {
  const { storage, now } = ports;
  const draft = findDefinition(await storage.definitions(environment), "flow", flow);
  if (draft === undefined) throw httpError("not-found", `There is no flow "${flow}".`);
  const { row, review } = await reviewOf(storage, environment, flow);
  const { revision } = draft;
  const before = review?.revision === revision ? review.by : [];
  const next: Review = { revision, by: [...new Set([...before, name])] };
  const write = {
    collection: "review",
    id: flow,
    expected: row?.revision ?? 0,
    body: JSON.stringify(next),
  } as const;
  const entry = auditEntry(name, "approve", fileOf("flow", flow), { before: revision, after: revision });
  if (!(await storage.writeDocument(environment, write, now(), [entry])))
    throw httpError("unavailable", "Somebody approved it at the same moment. Try again.");
  return next;
}

/** Who wrote the draft as it now is, as the audit log knows. */
async function writerOf(storage: Storage, environment: EnvironmentId, flow: string, revision: number) {
  const entries = await storage.audit(environment, { subject: fileOf("flow", flow), limit: 50 });
  return entries.find(({ action, after }) => action === "put" && after === revision)?.actor;
}

/**
 * Behind a flow that can hurt stand two people: who wrote the draft, who approved it, who publishes it. Keys are held
 * to it by their makers: what a key publishes was reviewed where it came from.
 */
export async function requireSecondPerson(
  storage: Storage,
  { kind, environment, name }: Pick<Caller, "kind" | "environment" | "name">,
  candidates: readonly { readonly id: string; readonly body: Flow; readonly revision: number }[],
): Promise<void> {
  if (kind !== "person") return;
  const alone: { flow: string; why: string }[] = [];
  for (const { id, body, revision } of candidates) {
    const why = needsSecondPerson(body);
    if (why === undefined) continue;
    const { review } = await reviewOf(storage, environment, id);
    const approvers = review?.revision === revision ? review.by : [];
    const writer = await writerOf(storage, environment, id, revision);
    const people = new Set([name, ...approvers, ...(writer === undefined ? [] : [writer])]);
    if (people.size < 2) alone.push({ flow: id, why });
  }
  if (alone.length === 0) return;
  const words = alone.map(({ flow, why }) => `"${flow}": ${why}`).join("; ");
  throw httpError("needs-approval", `A second person has to approve this. ${words}.`, { flows: alone });
}
