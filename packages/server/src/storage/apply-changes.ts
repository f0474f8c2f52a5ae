import { assertNever, type Feature, type Flow, type Segment, type Settings } from "@cairn/flow-schema";
import type { DefinitionChange, Definitions, StoredDefinition, StoredVersion } from "./definition-store.ts";

export function emptyDefinitions(): Definitions {
  return { revision: 0, drafts: [], live: [], features: [], segments: [], settings: null };
}

/** What the definitions are after these changes (numbered after these earlier versions), and which versions the changes published. */
export function applyChanges(
  before: Definitions,
  versions: readonly StoredVersion[],
  changes: readonly DefinitionChange[],
  now: number,
  author: string | null = null,
): { readonly definitions: Definitions; readonly published: readonly StoredVersion[] } {
  const revision = before.revision + 1;
  const published: StoredVersion[] = [];
  let after: Definitions = { ...before, revision };
  for (const change of changes) {
    switch (change.type) {
      case "put":
        after = put(after, change, revision, now);
        break;
      case "delete":
        after = remove(after, change);
        break;
      case "publish": {
        const numbers = [...versions, ...published]
          .filter((v) => v.flow === change.flow)
          .map((v) => v.version);
        const version: StoredVersion = {
          flow: change.flow,
          version: Math.max(0, ...numbers) + 1,
          publishedAt: now,
          author,
          note: change.note,
          body: change.body,
        };
        published.push(version);
        after = {
          ...after,
          live: byId([...after.live.filter((v) => v.flow !== change.flow), version], (v) => v.flow),
        };
        break;
      }
      case "archive":
        after = archive(after, change, now);
        break;
      default:
        assertNever(change);
    }
  }
  return { definitions: after, published };
}

function put(
  after: Definitions,
  { kind, id, body }: Extract<DefinitionChange, { type: "put" }>,
  revision: number,
  updatedAt: number,
): Definitions {
  const head = { id, revision, updatedAt };
  const withRow = <T extends StoredDefinition>(rows: readonly T[], row: T): readonly T[] =>
    byId([...rows.filter((other) => other.id !== id), row], (r) => r.id);
  switch (kind) {
    case "flow":
      return {
        ...after,
        drafts: withRow(after.drafts, { ...archivedOf(after, id), ...head, kind, body: body as Flow }),
      };
    case "feature":
      return { ...after, features: withRow(after.features, { ...head, kind, body: body as Feature }) };
    case "segment":
      return { ...after, segments: withRow(after.segments, { ...head, kind, body: body as Segment }) };
    case "settings":
      return { ...after, settings: { ...head, kind, body: body as Settings } };
    default:
      return assertNever(kind);
  }
}

function archivedOf({ drafts }: Definitions, id: string): Pick<StoredDefinition, "archivedAt"> {
  const archivedAt = drafts.find((draft) => draft.id === id)?.archivedAt;
  return archivedAt === undefined ? {} : { archivedAt };
}

function archive(
  after: Definitions,
  { flow, archived }: Extract<DefinitionChange, { type: "archive" }>,
  now: number,
): Definitions {
  const drafts = after.drafts.map((draft) => {
    if (draft.id !== flow) return draft;
    const { archivedAt: _, ...rest } = draft;
    return archived ? { ...rest, archivedAt: now } : rest;
  });
  return { ...after, drafts, live: archived ? after.live.filter((row) => row.flow !== flow) : after.live };
}

function remove(
  after: Definitions,
  { kind, id }: Extract<DefinitionChange, { type: "delete" }>,
): Definitions {
  switch (kind) {
    case "flow":
      return {
        ...after,
        drafts: after.drafts.filter((row) => row.id !== id),
        live: after.live.filter((row) => row.flow !== id),
      };
    case "feature":
      return { ...after, features: after.features.filter((row) => row.id !== id) };
    case "segment":
      return { ...after, segments: after.segments.filter((row) => row.id !== id) };
    case "settings":
      return { ...after, settings: null };
    default:
      return assertNever(kind);
  }
}

/** Ids are lower-case ASCII, so plain comparison is the order of every store. */
function byId<T>(rows: T[], id: (row: T) => string): readonly T[] {
  return rows.sort((a, b) => (id(a) < id(b) ? -1 : id(a) > id(b) ? 1 : 0));
}
