import type { Flow } from "@cairn/flow-schema";
import { type AuditAction, auditEntry } from "../access/audit.ts";
import { httpError } from "../errors.ts";
import type { Caller } from "../server-env.ts";
import type {
  Definitions,
  EnvironmentId,
  Storage,
  StoredDefinition,
  StoredVersion,
} from "../storage/storage.ts";
import { fileOf } from "./check.ts";
import { isEveryone, type Named, namedIn } from "./everyone.ts";
import { isPerson, peopleBehind } from "./version-people.ts";
import { type Author, findDefinition, type Ports } from "./workspace.ts";

/** What somebody said of a draft, and when. */
export interface Said {
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly note: string | null;
}
/** Who has said yes to one revision of a draft, who asked for it, and who last said no. */
interface Review {
  readonly revision: number;
  readonly by: readonly string[];
  readonly asked?: Said;
  /** Stays while the draft is mended, until somebody asks again or says yes. */
  readonly sentBack?: Said;
}

/** What can hurt: it passes budget and holdouts, it stops people in what they do, or everybody gets it. */
export const CARES = ["critical", "modal", "everyone"] as const;
export type Care = (typeof CARES)[number];
const WHY: { readonly [care in Care]: string } = {
  critical: "it is critical: it passes budget and holdouts",
  modal: "it is a modal: it stops people in what they do",
  everyone: "it has no audience, or one that leaves nobody out: everybody gets it",
};

function careOf({ kind, critical, audience }: Flow, named: Named): Care | undefined {
  if (critical === true) return "critical";
  if (kind === "modal") return "modal";
  return isEveryone(audience, named) ? "everyone" : undefined;
}

/** Why a flow needs a second person, with the segments and features there are; `undefined` where it does not. */
export function needsSecondPerson(flow: Flow, named: Named): string | undefined {
  const care = careOf(flow, named);
  return care && WHY[care];
}

async function reviewOf(storage: Storage, environment: EnvironmentId, flow: string) {
  const row = await storage.document(environment, "review", flow);
  return { row, review: row === undefined ? undefined : (JSON.parse(row.body) as Review) };
}

/** Writes down what was said of the draft as it now is; what was said of an older one is over. */
async function say(
  ports: Ports,
  { environment, name }: Author,
  flow: string,
  action: AuditAction,
  note: string | null,
  decide: (before: Review, said: Said) => Review,
): Promise<Review> {
  const { storage, now } = ports;
  const draft = findDefinition(await storage.definitions(environment), "flow", flow);
  if (draft === undefined) throw httpError("not-found", `There is no flow "${flow}".`);
  const { row, review } = await reviewOf(storage, environment, flow);
  const { revision } = draft;
  const fresh = { revision, by: [], ...(review?.sentBack && { sentBack: review.sentBack }) };
  const before = review?.revision === revision ? review : fresh;
  const next = decide(before, { by: name, at: now(), note });
  const write = {
    collection: "review",
    id: flow,
    expected: row?.revision ?? 0,
    body: JSON.stringify(next),
  } as const;
  const entry = auditEntry(name, action, fileOf("flow", flow), { before: revision, after: revision, note });
  if (!(await storage.writeDocument(environment, write, now(), [entry])))
    throw httpError("unavailable", "Somebody reviewed it at the same moment. Try again.");
  return next;
}

/** Says yes to the draft as it now is. A change after it asks anew. */
export const approveFlow = (ports: Ports, author: Author, flow: string): Promise<Review> =>
  say(ports, author, flow, "approve", null, ({ sentBack: _, ...before }, { by }) => ({
    ...before,
    by: [...new Set([...before.by, by])],
  }));

/** Asks those who may publish to look at the draft as it now is. */
export const askReview = (ports: Ports, author: Author, flow: string, note: string | null): Promise<Review> =>
  say(ports, author, flow, "ask", note, ({ revision, by }, asked) => ({ revision, by, asked }));

/** Says no, and why: takes the question and every yes off the draft; throws 409 where nobody has asked. */
export const sendBack = (ports: Ports, author: Author, flow: string, note: string | null): Promise<Review> =>
  say(ports, author, flow, "send-back", note, ({ revision, asked }, sentBack) => {
    if (asked === undefined) throw httpError("conflict", "Nobody has asked to publish it as it now is.");
    return { revision, by: [], sentBack };
  });

/** Where a draft stands between its author and whoever publishes it. */
export interface ReviewState {
  readonly needed: Care | undefined;
  readonly writer: string | undefined;
  readonly approvedBy: readonly string[];
  readonly asked: Said | undefined;
  readonly sentBack: Said | undefined;
  /** Whether two people would stand behind it if this caller published it now. */
  readonly enough: boolean;
}

export async function reviewState(
  storage: Storage,
  caller: Pick<Caller, "kind" | "environment" | "name">,
  flow: string,
): Promise<ReviewState> {
  const { environment } = caller;
  const definitions = await storage.definitions(environment);
  const draft = findDefinition(definitions, "flow", flow);
  if (draft === undefined) throw httpError("not-found", `There is no flow "${flow}".`);
  const { body, revision } = draft;
  const { review } = await reviewOf(storage, environment, flow);
  const settled = isLive(draft, definitions);
  const current = review?.revision === revision && !settled ? review : undefined;
  return {
    needed: careOf(body, namedIn(definitions)),
    writer: await writerOf(storage, environment, flow, revision),
    approvedBy: current?.by ?? [],
    asked: current?.asked,
    sentBack: settled || current?.asked ? undefined : review?.sentBack,
    enough: (await standAlone(storage, caller, [{ id: flow, body, revision }])).length === 0,
  };
}

/** Where the drafts of an environment wait for somebody, by flow; those that nobody waits for are not in it. */
export async function waitingReviews(
  storage: Storage,
  environment: EnvironmentId,
  definitions: Definitions,
): Promise<ReadonlyMap<string, "asked" | "sent-back">> {
  const waiting = new Map<string, "asked" | "sent-back">();
  for (const { id, body } of await storage.documents(environment, "review")) {
    const draft = findDefinition(definitions, "flow", id);
    if (draft === undefined || isLive(draft, definitions)) continue;
    const { revision, asked, sentBack } = JSON.parse(body) as Review;
    if (asked && revision === draft.revision) waiting.set(id, "asked");
    else if (sentBack) waiting.set(id, "sent-back");
  }
  return waiting;
}

const isLive = ({ id, body }: StoredDefinition<"flow">, { live }: Definitions): boolean =>
  JSON.stringify(live.find((version) => version.flow === id)?.body) === JSON.stringify(body);

/** Who wrote the draft as it now is, as the audit log knows. */
async function writerOf(storage: Storage, environment: EnvironmentId, flow: string, revision: number) {
  const entries = await storage.audit(environment, { subject: fileOf("flow", flow), limit: 50 });
  return entries.find(({ action, after }) => action === "put" && after === revision)?.actor;
}

type Candidates = readonly { readonly id: string; readonly body: Flow; readonly revision: number }[];

/**
 * Behind a flow that can hurt stand two people: who wrote the draft, who approved it, who publishes it. Keys are held
 * to it by their makers: what a key publishes was reviewed where it came from.
 */
export async function requireSecondPerson(
  storage: Storage,
  caller: Pick<Caller, "kind" | "environment" | "name">,
  candidates: Candidates,
): Promise<void> {
  refuseAlone(await standAlone(storage, caller, candidates));
}

/** Throws 409 where there are any of these. */
export function refuseAlone(alone: readonly { readonly flow: string; readonly why: string }[]): void {
  if (alone.length === 0) return;
  const words = alone.map(({ flow, why }) => `"${flow}": ${why}`).join("; ");
  throw httpError("needs-approval", `A second person has to approve this. ${words}.`, { flows: alone });
}

/**
 * The same for a version that is to be live again: the two are those who stood behind it when it was published, or one
 * of them and the caller. What a key published has nobody behind it here.
 */
export async function requireSecondPersonFor(
  storage: Storage,
  { kind, environment, name }: Pick<Author, "environment" | "name" | "kind">,
  target: StoredVersion,
): Promise<void> {
  if (kind !== "person") return;
  const why = needsSecondPerson(target.body, namedIn(await storage.definitions(environment)));
  if (why === undefined) return;
  const people = new Set([name, ...(await peopleBehind(storage, environment, target))]);
  if (people.size < 2)
    throw httpError(
      "needs-approval",
      `Nobody but you stands behind version ${target.version} of "${target.flow}": ${why}. Make it the draft, have a second person approve it, and publish it.`,
      { flows: [{ flow: target.flow, why }] },
    );
}

/** Those of the drafts behind which there would be one person alone, and why that is not enough. */
async function standAlone(
  storage: Storage,
  caller: Pick<Caller, "kind" | "environment" | "name">,
  candidates: Candidates,
): Promise<readonly { readonly flow: string; readonly why: string }[]> {
  if (caller.kind !== "person") return [];
  const named = namedIn(await storage.definitions(caller.environment));
  const alone: { flow: string; why: string }[] = [];
  for (const candidate of candidates) {
    const why = needsSecondPerson(candidate.body, named);
    if (why !== undefined && (await isAlone(storage, caller, candidate)))
      alone.push({ flow: candidate.id, why });
  }
  return alone;
}

/** Whether this caller, a person, is the only one who stands behind a draft; whether that is enough is not asked. */
export async function isAlone(
  storage: Storage,
  { kind, environment, name }: Pick<Caller, "kind" | "environment" | "name">,
  { id, revision }: Candidates[number],
): Promise<boolean> {
  if (kind !== "person") return false;
  const { review } = await reviewOf(storage, environment, id);
  const approvers = review?.revision === revision ? review.by : [];
  const writer = await writerOf(storage, environment, id, revision);
  const others = [...approvers, ...(writer === undefined ? [] : [writer])].filter(isPerson);
  return new Set([name, ...others]).size < 2;
}
