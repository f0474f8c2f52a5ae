import type { Finding } from "@cairn/engine/lint";
import type { Flow } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";
import type { Caller } from "../server-env.ts";
import type { DefinitionChange, Definitions } from "../storage/storage.ts";
import { checkLint } from "./check-lint.ts";
import { requireSecondPerson, requireSecondPersonFor } from "./reviews.ts";
import { type Author, change, checkMatch, checkSound, findDefinition, type Ports } from "./workspace.ts";

export interface Published {
  readonly definitions: Definitions;
  /** What lint says of the environment as it now is, worth a look but no reason to refuse. */
  readonly warnings: readonly Finding[];
}

/** One flow to be published, as it is in this moment. */
export interface Candidate {
  readonly id: string;
  readonly body: Flow;
  /** Revision of the draft. */
  readonly revision: number;
}

/**
 * The drafts of these flows; throws 404 for one that does not exist, 412 for one that is not as `ifMatch` says, 409 for
 * an archived one.
 */
export function candidatesOf(
  definitions: Definitions,
  flows: readonly string[],
  ifMatch?: string,
): readonly Candidate[] {
  return flows.map((id) => {
    const draft = findDefinition(definitions, "flow", id);
    if (draft === undefined) throw httpError("not-found", `There is no flow "${id}".`);
    checkMatch(ifMatch, draft);
    if (draft.archivedAt !== undefined)
      throw httpError("conflict", `The flow "${id}" is archived. Restore it first.`);
    return { id, body: draft.body, revision: draft.revision };
  });
}

/** Publishes the drafts of these flows as one change: all of them, or none. */
export async function publishFlows(
  ports: Ports,
  caller: Pick<Caller, "environment" | "name" | "kind">,
  flows: readonly string[],
  note: string | null,
  ifMatch?: string,
): Promise<Published> {
  return await publish(ports, caller, async (definitions) => {
    const candidates = candidatesOf(definitions, flows, ifMatch);
    await requireSecondPerson(ports.storage, caller, candidates);
    return candidates.map(({ id, body }) => ({ type: "publish", flow: id, body, note }));
  });
}

/** Publishes what an older version said as a new version, so that the history stays a line. The draft is kept. */
export async function rollbackFlow(
  ports: Ports,
  author: Author,
  flow: string,
  version: number,
  ifMatch?: string,
): Promise<Published> {
  return await publish(
    ports,
    author,
    async (definitions) => {
      const versions = await ports.storage.versions(author.environment, flow);
      if (versions.length === 0) throw httpError("not-found", `There is no published flow "${flow}".`);
      const target = versions.find((candidate) => candidate.version === version);
      if (target === undefined) throw httpError("not-found", `The flow "${flow}" has no version ${version}.`);
      const draft = findDefinition(definitions, "flow", flow);
      checkMatch(ifMatch, draft);
      if (draft?.archivedAt !== undefined)
        throw httpError("conflict", `The flow "${flow}" is archived. Restore it first.`);
      await requireSecondPersonFor(ports.storage, author, target);
      const back: DefinitionChange = {
        type: "publish",
        flow,
        body: target.body,
        note: `Back to version ${version}`,
      };
      const restore: readonly DefinitionChange[] =
        draft === undefined ? [{ type: "put", kind: "flow", id: flow, body: target.body }] : [];
      return [...restore, back];
    },
    "rollback",
  );
}

/**
 * Makes versions live, if the whole environment is then valid and lint proves nothing in it that could never work.
 * What lint said before of the flows that are live already is no reason to refuse others.
 */
export async function publish(
  ports: Ports,
  author: Author,
  decide: (definitions: Definitions) => Promise<readonly DefinitionChange[]>,
  action: "publish" | "rollback" = "publish",
): Promise<Published> {
  let warnings: readonly Finding[] = [];
  const definitions = await change(
    ports,
    author,
    async (before) => {
      const changes = await decide(before);
      checkSound(author.environment, before, changes, "whole");
      warnings = checkLint(author.environment, before, changes, ports.now());
      return changes;
    },
    action,
  );
  return { definitions, warnings };
}
