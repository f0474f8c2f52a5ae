import { assertNever, type Flow } from "@cairn/flow-schema";
import { type AuditAction, auditEntry } from "../access/audit.ts";
import { httpError } from "../errors.ts";
import type { Caller } from "../server-env.ts";
import { applyChanges } from "../storage/apply-changes.ts";
import type { AuditEntry } from "../storage/audit-store.ts";
import type {
  DefinitionChange,
  DefinitionKind,
  Definitions,
  EnvironmentId,
  Storage,
  StoredDefinition,
} from "../storage/storage.ts";
import { checkDefinition, fileOf, problemsOfConfig, usersOf } from "./check.ts";
import { checkLint } from "./check-lint.ts";
import { toConfig } from "./live-config.ts";
import { guardLive } from "./live-guard.ts";
import { refusePlanned } from "./planned.ts";
import { refusal } from "./refusal.ts";

/** How often a change is tried because another came in between: more than a team does at once, each of which one wins. */
export const ATTEMPTS = 25;

export interface Ports {
  readonly storage: Storage;
  readonly now: () => number;
}
/** Who changes what: the environment, the name that the log gives them, and, of a person, what they may do. */
export type Author = Pick<Caller, "environment" | "name"> & Partial<Pick<Caller, "kind" | "scopes">>;

/** The stored definition of this kind and id; for the settings the id is `""`. */
export function findDefinition<Kind extends DefinitionKind>(
  definitions: Definitions,
  kind: Kind,
  id: string,
): StoredDefinition<Kind> | undefined {
  const rows: readonly StoredDefinition[] =
    kind === "flow"
      ? definitions.drafts
      : kind === "feature"
        ? definitions.features
        : kind === "segment"
          ? definitions.segments
          : definitions.settings === null
            ? []
            : [definitions.settings];
  return rows.find((row) => row.id === id) as StoredDefinition<Kind> | undefined;
}

/** Reads, decides, writes; starts over where somebody else wrote in between. Returns what then stands. */
export async function change(
  { storage, now }: Ports,
  author: Author,
  decide: (definitions: Definitions) => readonly DefinitionChange[] | Promise<readonly DefinitionChange[]>,
  /** What the log calls it. @default the kind of the change */
  action?: AuditAction,
): Promise<Definitions> {
  const { environment, name } = author;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await storage.definitions(environment);
    const changes = await decide(before);
    if (changes.length === 0) return before;
    guardLive(author, before, changes);
    const entries = await Promise.all(
      changes.map((one) => entryOf(storage, environment, name, before, one, action)),
    );
    if (await storage.change(environment, before.revision, changes, now(), { author: name, entries }))
      return await storage.definitions(environment);
  }
  throw tooManyChanges();
}

/** The answer where others came in between each time. */
export const tooManyChanges = () => httpError("unavailable", "Too many changes at once. Try again.");

/** Throws 422 where the config that results is not sound: all of it, or the part that comes from one file. */
export function checkSound(
  environment: EnvironmentId,
  before: Definitions,
  changes: readonly DefinitionChange[],
  sound: "whole" | (string & {}),
): void {
  const { definitions } = applyChanges(before, [], changes, 0);
  const problems = problemsOfConfig(toConfig(environment, definitions));
  const ours =
    sound === "whole"
      ? problems
      : problems.filter(({ file, code }) => file === sound || code === "reference-cycle");
  if (ours.length > 0) throw refusal(ours);
}

/** What the audit log says of a change. For a publish the numbers are versions, else revisions. */
async function entryOf(
  storage: Storage,
  environment: EnvironmentId,
  actor: string,
  before: Definitions,
  one: DefinitionChange,
  action: AuditAction | undefined,
): Promise<AuditEntry> {
  switch (one.type) {
    case "put":
    case "delete": {
      const row = findDefinition(before, one.kind, one.id);
      return auditEntry(actor, action ?? one.type, fileOf(one.kind, one.id), {
        before: row?.revision ?? null,
        after: one.type === "put" ? before.revision + 1 : null,
      });
    }
    case "publish": {
      const live = before.live.find(({ flow }) => flow === one.flow);
      const [latest] = await storage.versions(environment, one.flow);
      return auditEntry(actor, action ?? "publish", fileOf("flow", one.flow), {
        before: live?.version ?? null,
        after: (latest?.version ?? 0) + 1,
        note: one.note,
      });
    }
    case "archive": {
      const row = findDefinition(before, "flow", one.flow);
      return auditEntry(actor, one.archived ? "archive" : "restore", fileOf("flow", one.flow), {
        before: row?.revision ?? null,
        after: row?.revision ?? null,
      });
    }
    default:
      return assertNever(one);
  }
}

/** Writes a draft of a flow, or a feature, segment or the settings, which take effect at once. */
export async function putDefinition<Kind extends DefinitionKind>(
  ports: Ports,
  author: Author,
  kind: Kind,
  id: string,
  value: unknown,
  ifMatch: string | undefined,
): Promise<{ readonly created: boolean; readonly row: StoredDefinition<Kind>; readonly after: Definitions }> {
  let created = false;
  const after = await change(ports, author, (definitions) => {
    const checked = checkDefinition(kind, id, value, definitions);
    if (!checked.ok) throw refusal(checked.problems);
    const before = findDefinition(definitions, kind, id);
    checkMatch(ifMatch, before);
    if (before?.archivedAt !== undefined)
      throw httpError("conflict", `The flow "${id}" is archived. Restore it first.`);
    created = before === undefined;
    const put: DefinitionChange = { type: "put", kind, id, body: withoutServerFields(checked.value) };
    // A draft may be unsound until it is published; all else takes effect at once.
    if (kind !== "flow") {
      // Who may not do it is told so, and not what is wrong with it.
      guardLive(author, definitions, [put]);
      checkSound(author.environment, definitions, [put], fileOf(kind, id));
      checkLint(author.environment, definitions, [put], ports.now());
    }
    return [put];
  });
  const row = findDefinition(after, kind, id);
  if (row === undefined) throw httpError("conflict", "It was deleted at the same moment.");
  return { created, row, after };
}

/** Deletes it, unless something that stays needs it (409). A flow is taken out of the config too; its versions stay. */
export async function deleteDefinition(
  ports: Ports,
  author: Author,
  kind: DefinitionKind,
  id: string,
  ifMatch: string | undefined,
): Promise<void> {
  await change(ports, author, async (definitions) => {
    const before = findDefinition(definitions, kind, id);
    if (before === undefined) throw httpError("not-found", `There is no ${kind} "${id}".`);
    checkMatch(ifMatch, before);
    if (kind === "flow") await refusePlanned(ports.storage, author.environment, [id]);
    const users = kind === "settings" ? [] : usersOf(definitions, kind, id);
    if (users.length > 0)
      throw httpError("conflict", `The ${kind} "${id}" is still used.`, { usedBy: users });
    return [{ type: "delete", kind, id }];
  });
}

/** Puts a flow away: out of the config and out of sight; its draft and its versions stay. Or brings it back, as a draft. */
export async function archiveFlow(
  ports: Ports,
  author: Author,
  id: string,
  archived: boolean,
  ifMatch?: string,
): Promise<Definitions> {
  return await change(ports, author, (definitions) => {
    const draft = findDefinition(definitions, "flow", id);
    if (draft === undefined) throw httpError("not-found", `There is no flow "${id}".`);
    checkMatch(ifMatch, draft);
    if ((draft.archivedAt !== undefined) === archived) return [];
    const users = archived ? usersOf(definitions, "flow", id) : [];
    if (users.length > 0) throw httpError("conflict", `The flow "${id}" is still used.`, { usedBy: users });
    return [{ type: "archive", flow: id, archived }];
  });
}

/** The entity tag of a stored definition. */
export function entityTag(row: StoredDefinition): string {
  return `"${row.revision}"`;
}

/** Throws 412 where an `If-Match` was sent that does not name this row. */
export function checkMatch(ifMatch: string | undefined, row: StoredDefinition | undefined): void {
  if (ifMatch !== undefined && !isTagOf(ifMatch, row))
    throw httpError("precondition-failed", "It has changed since it was read.");
}

/** Whether an `If-Match` names this row. */
export function isTagOf(ifMatch: string, row: StoredDefinition | undefined): boolean {
  const tags = ifMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return row !== undefined && (tags.includes("*") || tags.includes(entityTag(row)));
}

/** `version` and `publishedAt` are the server's to write; what a reader sends back of them is dropped. */
export function withoutServerFields<T extends object>(value: T): T {
  const {
    version: _,
    publishedAt: __,
    ...rest
  } = value as T & Partial<Pick<Flow, "version" | "publishedAt">>;
  return rest as T;
}
