import type { Finding } from "@cairn/engine/lint";
import type { Problem } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";
import { DEFINITION_LIMIT } from "../middleware/read-body.ts";
import type { Caller } from "../server-env.ts";
import { applyChanges } from "../storage/apply-changes.ts";
import type { DefinitionChange, DefinitionKind, Definitions } from "../storage/storage.ts";
import { checkDefinition, fileOf, usersOfAny } from "./check.ts";
import { checkLint } from "./check-lint.ts";
import { guardLive } from "./live-guard.ts";
import { refusePlanned } from "./planned.ts";
import { refusal } from "./refusal.ts";
import { requireSecondPerson } from "./reviews.ts";
import { change, checkSound, findDefinition, isTagOf, type Ports, withoutServerFields } from "./workspace.ts";

/** What is to become of an environment, all of it or nothing. Definitions come as they were sent: unchecked. */
export interface Wanted {
  readonly flows: readonly unknown[];
  readonly features: readonly unknown[];
  readonly segments: readonly unknown[];
  readonly settings?: unknown;
  /** Archived flows to bring back. */
  readonly restore: readonly string[];
  /** Flows whose drafts, as they then are, become live. */
  readonly publish: readonly string[];
  /** `flows/ID`, `features/ID`, `segments/ID`, `settings`. */
  readonly delete: readonly string[];
  /** By such a name the entity tag that was read; `null`: there was nothing of that name. */
  readonly ifMatch: Readonly<Record<string, string | null>>;
  readonly note: string | null;
}

/** What was done, or would be; what was so already is not in it. */
export interface Outcome {
  readonly written: readonly string[];
  readonly restored: readonly string[];
  readonly published: readonly { readonly id: string; readonly version: number }[];
  readonly deleted: readonly string[];
  /** What lint says of the environment as it then is. */
  readonly warnings: readonly Finding[];
}

type Who = Pick<Caller, "environment" | "name" | "kind" | "scopes">;
type Put = Extract<DefinitionChange, { type: "put" }>;

/** Does all of it as one change of the store, after the whole was checked; on any error nothing is changed. */
export async function applyTogether(ports: Ports, caller: Who, wanted: Wanted): Promise<Outcome> {
  let outcome: Outcome | undefined;
  await change(ports, caller, async (before) => {
    const decided = await decide(ports, caller, before, wanted);
    outcome = decided.outcome;
    return decided.changes;
  });
  if (outcome === undefined) throw new Error("a change that nothing was decided for");
  return outcome;
}

/** What {@link applyTogether} would do now; refused where that would be. */
export async function planTogether(ports: Ports, caller: Who, wanted: Wanted): Promise<Outcome> {
  const before = await ports.storage.definitions(caller.environment);
  return (await decide(ports, caller, before, wanted)).outcome;
}

async function decide(ports: Ports, caller: Who, before: Definitions, wanted: Wanted) {
  const { environment } = caller;
  const gone = wanted.delete.map(whatIs);
  const sent = puts(wanted);
  refuseTwice([
    ...sent.map(({ kind, id }) => fileOf(kind, id)),
    ...gone.map(({ kind, id }) => fileOf(kind, id)),
  ]);
  for (const [name, tag] of Object.entries(wanted.ifMatch)) {
    const { kind, id } = whatIs(name);
    const row = findDefinition(before, kind, id);
    if (tag === null ? row !== undefined : !isTagOf(tag, row))
      throw httpError("precondition-failed", `${name} has changed since it was read.`, { name });
  }
  const deletes = gone.map(({ kind, id }) => {
    if (findDefinition(before, kind, id) === undefined)
      throw httpError("not-found", `There is no ${fileOf(kind, id)}.`);
    return { type: "delete", kind, id } as const;
  });
  const goneFlows = gone.filter(({ kind }) => kind === "flow").map(({ id }) => id);
  await refusePlanned(ports.storage, environment, goneFlows);
  const written = checked(sent, applyChanges(before, [], [...sent, ...deletes], 0).definitions).filter(
    ({ kind, id, body }) => !isSame(findDefinition(before, kind, id)?.body, body),
  );
  const restored = [...new Set(wanted.restore)].filter(
    (id) => storedFlow(before, id).archivedAt !== undefined,
  );
  const drafts = applyChanges(
    before,
    [],
    [
      ...restored.map((flow) => ({ type: "archive", flow, archived: false }) as const),
      ...written,
      ...deletes,
    ],
    0,
  ).definitions;
  for (const { kind, id } of written)
    if (findDefinition(drafts, kind, id)?.archivedAt !== undefined) throw archivedFlow(id);
  const candidates = [...new Set(wanted.publish)]
    .map((id) => {
      const { body, revision, archivedAt } = storedFlow(drafts, id);
      if (archivedAt !== undefined) throw archivedFlow(id);
      return { id, body, revision };
    })
    .filter(({ id, body }) => !isSame(before.live.find(({ flow }) => flow === id)?.body, body));
  await requireSecondPerson(ports.storage, caller, candidates);
  const changes: readonly DefinitionChange[] = [
    ...restored.map((flow) => ({ type: "archive", flow, archived: false }) as const),
    ...written,
    ...candidates.map(({ id, body }) => ({ type: "publish", flow: id, body, note: wanted.note }) as const),
    ...deletes,
  ];
  refuseUsed(applyChanges(before, [], changes, 0).definitions, deletes);
  guardLive(caller, before, changes);
  let warnings: readonly Finding[] = [];
  // Drafts alone change nothing that anybody gets.
  if (changes.some((one) => one.type !== "archive" && !(one.type === "put" && one.kind === "flow"))) {
    checkSound(environment, before, changes, "whole");
    warnings = checkLint(environment, before, changes, ports.now());
  }
  const published = await Promise.all(
    candidates.map(async ({ id }) => {
      const [latest] = await ports.storage.versions(environment, id);
      return { id, version: (latest?.version ?? 0) + 1 };
    }),
  );
  const outcome: Outcome = {
    written: written.map(({ kind, id }) => fileOf(kind, id)),
    restored,
    published,
    deleted: deletes.map(({ kind, id }) => fileOf(kind, id)),
    warnings,
  };
  return { changes, outcome };
}

/** Everything that was sent, under the ids that it gives itself. */
function puts({ flows, features, segments, settings }: Wanted): readonly Put[] {
  const own = (value: unknown) => (value as { readonly id?: unknown } | null)?.id;
  const list = (kind: DefinitionKind, values: readonly unknown[]) =>
    values.map((value) => {
      const id = own(value);
      return { type: "put", kind, id: typeof id === "string" ? id : "", body: value } as Put;
    });
  const one =
    settings === undefined ? [] : [{ type: "put", kind: "settings", id: "", body: settings } as Put];
  return [...list("segment", segments), ...list("feature", features), ...one, ...list("flow", flows)];
}

/** All of them as they are stored; throws 422 with what is wrong in any of them, seen beside all the others. */
function checked(sent: readonly Put[], after: Definitions): readonly Put[] {
  const problems: Problem[] = [];
  const sound = sent.map((one) => {
    const { kind, id, body } = one;
    if (JSON.stringify(body)?.length > DEFINITION_LIMIT)
      throw httpError("too-large", `${fileOf(kind, id)} is larger than ${DEFINITION_LIMIT} bytes.`);
    const found = checkDefinition(kind, id, body, after);
    if (!found.ok) {
      problems.push(...found.problems);
      return one;
    }
    return { ...one, body: withoutServerFields(found.value) };
  });
  if (problems.length > 0) throw refusal(problems);
  return sound;
}

function whatIs(name: string): { readonly kind: DefinitionKind; readonly id: string } {
  if (name === "settings") return { kind: "settings", id: "" };
  const [, kind, id = ""] = /^(flow|feature|segment)s\/([^/]+)$/.exec(name) ?? [];
  if (kind === undefined)
    throw httpError(
      "bad-request",
      `"${name}" is no name: write flows/ID, features/ID, segments/ID or settings.`,
    );
  return { kind: kind as DefinitionKind, id };
}

function refuseTwice(names: readonly string[]): void {
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw httpError("bad-request", `${twice} is named twice.`);
}

/** What goes may not be needed by anything that stays. */
function refuseUsed(
  after: Definitions,
  gone: readonly { readonly kind: DefinitionKind; readonly id: string }[],
): void {
  if (gone.length === 0 || usersOfAny(after, gone).length === 0) return;
  for (const one of gone) {
    const usedBy = usersOfAny(after, [one]);
    if (usedBy.length > 0)
      throw httpError("conflict", `The ${one.kind} "${one.id}" is still used.`, { usedBy });
  }
}

function storedFlow(definitions: Definitions, id: string) {
  const row = findDefinition(definitions, "flow", id);
  if (row === undefined) throw httpError("not-found", `There is no flow "${id}".`);
  return row;
}

const archivedFlow = (id: string) => httpError("conflict", `The flow "${id}" is archived. Restore it first.`);

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
