import type { Flow, Problem } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";
import { applyChanges } from "../storage/apply-changes.ts";
import type {
  DefinitionChange,
  DefinitionKind,
  Definitions,
  EnvironmentId,
  Storage,
  StoredDefinition,
} from "../storage/storage.ts";
import { checkDefinition, fileOf, problemsOfConfig, usersOf } from "./check.ts";
import { toConfig } from "./live-config.ts";

/** How often a change is tried again because another came in between. */
const ATTEMPTS = 5;

interface Ports {
  readonly storage: Storage;
  readonly now: () => number;
}

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
async function change(
  { storage, now }: Ports,
  environment: EnvironmentId,
  decide: (definitions: Definitions) => readonly DefinitionChange[] | Promise<readonly DefinitionChange[]>,
  /** Whether the config that results must be sound: all of it, or the part that comes from one file. */
  sound?: "whole" | (string & {}),
): Promise<Definitions> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await storage.definitions(environment);
    const changes = await decide(before);
    if (sound !== undefined) {
      const { definitions } = applyChanges(before, [], changes, 0);
      const problems = problemsOfConfig(toConfig(environment, definitions));
      const ours =
        sound === "whole"
          ? problems
          : problems.filter(({ file, code }) => file === sound || code === "reference-cycle");
      if (ours.length > 0) throw refusal(ours);
    }
    if (await storage.change(environment, before.revision, changes, now()))
      return await storage.definitions(environment);
  }
  throw httpError("unavailable", "Too many changes at once. Try again.");
}

/** Writes a draft of a flow, or a feature, segment or the settings, which take effect at once. */
export async function putDefinition<Kind extends DefinitionKind>(
  ports: Ports,
  environment: EnvironmentId,
  kind: Kind,
  id: string,
  value: unknown,
  ifMatch: string | undefined,
): Promise<{ readonly created: boolean; readonly row: StoredDefinition<Kind>; readonly after: Definitions }> {
  let created = false;
  const after = await change(
    ports,
    environment,
    (definitions) => {
      const checked = checkDefinition(kind, id, value, definitions);
      if (!checked.ok) throw refusal(checked.problems);
      const before = findDefinition(definitions, kind, id);
      checkMatch(ifMatch, before);
      created = before === undefined;
      return [{ type: "put", kind, id, body: withoutServerFields(checked.value) }];
    },
    kind === "flow" ? undefined : fileOf(kind, id),
  );
  const row = findDefinition(after, kind, id);
  if (row === undefined) throw httpError("conflict", "It was deleted at the same moment.");
  return { created, row, after };
}

/** Deletes it, unless something that stays needs it (409). A flow is taken out of the config too; its versions stay. */
export async function deleteDefinition(
  ports: Ports,
  environment: EnvironmentId,
  kind: DefinitionKind,
  id: string,
  ifMatch: string | undefined,
): Promise<void> {
  await change(ports, environment, (definitions) => {
    const before = findDefinition(definitions, kind, id);
    if (before === undefined) throw httpError("not-found", `There is no ${kind} "${id}".`);
    checkMatch(ifMatch, before);
    const users = kind === "settings" ? [] : usersOf(definitions, kind, id);
    if (users.length > 0)
      throw httpError("conflict", `The ${kind} "${id}" is still used.`, { usedBy: users });
    return [{ type: "delete", kind, id }];
  });
}

/** Publishes the drafts of these flows as one change: all of them, or none. */
export async function publishFlows(
  ports: Ports,
  environment: EnvironmentId,
  flows: readonly string[],
  note: string | null,
): Promise<Definitions> {
  return await change(
    ports,
    environment,
    (definitions) => {
      const changes = flows.map((id): DefinitionChange & { type: "publish" } => {
        const draft = findDefinition(definitions, "flow", id);
        if (draft === undefined) throw httpError("not-found", `There is no flow "${id}".`);
        return { type: "publish", flow: id, body: draft.body, note };
      });
      return changes;
    },
    "whole",
  );
}

/** Publishes what an older version said as a new version, so that the history stays a line. The draft is kept. */
export async function rollbackFlow(
  ports: Ports,
  environment: EnvironmentId,
  flow: string,
  version: number,
): Promise<Definitions> {
  return await change(
    ports,
    environment,
    async (definitions) => {
      const versions = await ports.storage.versions(environment, flow);
      if (versions.length === 0) throw httpError("not-found", `There is no published flow "${flow}".`);
      const target = versions.find((candidate) => candidate.version === version);
      if (target === undefined) throw httpError("not-found", `The flow "${flow}" has no version ${version}.`);
      const publish: DefinitionChange = {
        type: "publish",
        flow,
        body: target.body,
        note: `Back to version ${version}`,
      };
      const restore: readonly DefinitionChange[] =
        findDefinition(definitions, "flow", flow) === undefined
          ? [{ type: "put", kind: "flow", id: flow, body: target.body }]
          : [];
      return [...restore, publish];
    },
    "whole",
  );
}

/** The entity tag of a stored definition. */
export function entityTag(row: StoredDefinition): string {
  return `"${row.revision}"`;
}

function checkMatch(ifMatch: string | undefined, row: StoredDefinition | undefined): void {
  if (ifMatch === undefined) return;
  const tags = ifMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  const fits = row !== undefined && (tags.includes("*") || tags.includes(entityTag(row)));
  if (!fits) throw httpError("precondition-failed", "It has changed since it was read.");
}

/** The answer to definitions that are not valid. */
export function refusal(problems: readonly Problem[]): Error {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return httpError("invalid-definition", `The definition is not valid: ${count}.`, { problems });
}

/** `version` and `publishedAt` are the server's to write; what a reader sends back of them is dropped. */
function withoutServerFields<T extends object>(value: T): T {
  const {
    version: _,
    publishedAt: __,
    ...rest
  } = value as T & Partial<Pick<Flow, "version" | "publishedAt">>;
  return rest as T;
}
